"""Expressions that a person can check: what each becomes in a run, as Argo evaluates it."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.judges.controller import Controller
from tests.language.expressions.pipelines import BASE, TASKS, compiled, ended, passed, show
from tests.language.expressions.semantics import Given, Names

RUN: Final[Names] = {
    "inputs.given-integer": Given("Integer", "7"),
    "inputs.asked-integer": Given("Integer", "9223372036854775807"),
    "inputs.given-float": Given("Float", "0.5"),
    "inputs.asked-float": Given("Float", "1e3"),
    "inputs.given-string": Given("String", 'it\'s "a" \\ {b} }}\nß'),
    "inputs.asked-string": Given("String", ""),
    "inputs.given-boolean": Given("Boolean", "TRUE"),
    "inputs.asked-boolean": Given("Boolean", "false"),
    "inputs.given-jsonarray": Given("JsonArray", '[1, "b", [2.50], null, 1e21, true]'),
    "inputs.asked-jsonarray": Given("JsonArray", "[]"),
    "inputs.given-jsonobject": Given("JsonObject", '{"zone": "eu<1>", "n": 1000000, "k-k": {"x": [3]}, "no": null}'),
    "inputs.asked-jsonobject": Given("JsonObject", "{}"),
    "inputs.given-any": Given("Any", "10"),
    "inputs.asked-any": Given("Any", "9"),
    "tasks.done.outputs.Integer": Given("Integer", "3"),
    "tasks.done.outputs.Float": Given("Float", "2.0"),
    "tasks.done.outputs.String": Given("String", "done"),
    "tasks.done.outputs.Boolean": Given("Boolean", "True"),
    "tasks.done.outputs.JsonArray": Given("JsonArray", "[1]"),
    "tasks.done.outputs.JsonObject": Given("JsonObject", '{"a": 1}'),
    **{f"inputs.optional-{kind}": Given("", "", is_optional=True) for kind in ("float", "any", "boolean", "jsonarray")},
    "inputs.optional-integer": Given("Integer", "4", is_optional=True),
    "inputs.optional-string": Given("String", "", is_optional=True),
    "inputs.optional-jsonobject": Given("JsonObject", "", is_optional=True),
    **{f"tasks.maybe.outputs.{kind}": Given(kind, None) for kind in ("Integer", "Float", "String", "Boolean")},
    **{f"tasks.maybe.outputs.{kind}": Given(kind, None) for kind in ("JsonArray", "JsonObject")},
    "tasks.each.outputs.String": Given("JsonArray", '["x","y"]'),
    "tasks.each.outputs.Integer": Given("JsonArray", '["1","2"]'),
    "tasks.each.outputs.Float": Given("JsonArray", '["0.5","2"]'),
    "tasks.each.outputs.Boolean": Given("JsonArray", '["True","false"]'),
    "tasks.each.outputs.JsonArray": Given("JsonArray", "[[1],[]]"),
    "tasks.each.outputs.JsonObject": Given("JsonArray", '[{"a":1,"b":"x"},{}]'),
}
SHORT: Final = {
    "n": "inputs.given-integer",
    "huge": "inputs.asked-integer",
    "f": "inputs.given-float",
    "s": "inputs.given-string",
    "empty": "inputs.asked-string",
    "yes": "inputs.given-boolean",
    "no": "inputs.asked-boolean",
    "list": "inputs.given-jsonarray",
    "none": "inputs.asked-jsonarray",
    "o": "inputs.given-jsonobject",
    "ten": "inputs.given-any",
    "nine": "inputs.asked-any",
    "four": "inputs.optional-integer",
    "left": "inputs.optional",
    "gone": "tasks.maybe.outputs",
    "done": "tasks.done.outputs",
    "each": "tasks.each.outputs",
}
ENDS: Final = None
"""Argo ends the run."""
MEANT: Final[dict[str, str | None]] = {
    # texts
    "$s": 'it\'s "a" \\ {b} }}\nß',
    "'}}' + ' {{ x }} ' + '\\u003c'": "}} {{ x }} \\u003c",
    '"it\'s" + " " + \'"\'': "it's \"",
    "'a\nb\t\\n'": "a\nb\t\\n",
    "len($s)": "19",
    "$empty == '' ? 'empty' : 'full'": "empty",
    "upper('straße') + lower('ÄÖ')": "STRASSE".replace("SS", "ß") + "äö",
    "replace('a.b.c', '.', '-') + trim('  x\n')": "a-b-cx",
    "join(split('a,b,,c', ','), '|')": "a|b||c",
    "split('äb', '')": '["ä","b"]',
    "matches('a1', '[0-9]$') && !contains('abc', 'd') && startsWith('abc', 'ab') && endsWith('abc', '')": "True",
    "'10' < '9'": "True",
    "toJson($s) + toJson('') + toJson('<1>')": '"it\'s \\"a\\" \\\\ {b} }}\\nß""""\\u003c1\\u003e"',
    "toJson($n) + toJson(0.50) + toJson(true) + toJson([1, 'a'])": '70.5true[1,"a"]',
    "toJson(json('{\"b\": [1, null]}').b) + toJson($done.JsonObject == $done.JsonObject)": "[1,null]true",
    "trimPrefix('refs/heads/x', 'refs/heads/') + trimSuffix('a.csv', '.csv') + trimPrefix('a', 'b')": "xaa",
    "substring('aßc😀', 1, 3) + substring('aßc😀', -1) + substring('abc', 2, 1) + substring('abc', 1, 99)": "ßc😀bc",
    "regexReplace('Feature/A_1', '[^A-Za-z0-9]+', '${1}')": "Feature${1}A${1}1",
    "substring(sha256('hello world'), 0, 7)": "b94d27b",
    # times
    "formatTime('2026-01-31T03:04:05Z', '%Y-%m-%d %H:%M')": "2026-01-31 03:04",
    "formatTime('2026-01-31T23:30:00Z', '%Y-%m-%d', 'Europe/Berlin')": "2026-02-01",
    "formatTime('2026-01-31', '%Y-%m-%d', 'America/New_York')": "2026-01-31",
    "formatTime('2026-01-31T23:30:00-05:00', '%F')": "2026-01-31",
    "formatTime('2026-01-31T00:00:00Z', '%A %a %B %b %d %j %I %p %y %z, 100%%, Jan 1_%Y')": (
        "Saturday Sat January Jan 31 031 12 AM 26 +0000, 100%, Jan 1_2026"
    ),
    "formatTime('1970-01-02', 'at %s')": "at 86400",
    "addDays('2026-03-01', -1)": "2026-02-28T00:00:00Z",
    "formatTime(addDays('2026-01-31T03:00:00+01:00', 1), '%m/%d')": "02/01",
    "addHours('2026-01-31 23:30:00', 0.5 + 1)": "2026-02-01T01:00:00Z",
    "addDays($s, 1)": ENDS,
    # numbers
    "$n + 1": "8",
    "$n / 2": "3.5",
    "6 / 2": "3",
    "-$n * -2 - 3": "11",
    "2 + 3 * 4 - (2 - 3)": "15",
    "1 - 2 - 3": "-4",
    "8 / 4 / 2": "1",
    "$huge": "9223372036854775807",
    "$huge - 1": "9223372036854775806",
    "$huge + 1": "-9223372036854775808",
    "inputs.asked-float": "1e3",
    "inputs.asked-float + 0": "1000",
    "1000000 * 1000000.0": "1000000000000",
    "1e21 + 0": "1e+21",
    "0.0000001 * 1": "1e-7",
    "string(1.0) + string(0.1 + 0.2)": "10.30000000000000004",
    "1 / 0 > 5": "True",
    "$ten > $n": "True",
    "$ten - $nine": "1",
    "$ten + $nine": "109",
    "$n == 7.0 && 7 == $n": "True",
    "round(2.5) + round(-2.5) + floor(-0.5) + ceil(0.5)": "0",
    "max($n, 3) - min(2, $n) + abs(-3)": "8",
    "int('12') + float('0.5')": "12.5",
    "sum([1, 2.5]) + sum($each.Integer) + sum([])": "6.5",
    "sum($list)": ENDS,
    # Booleans
    "$yes": "TRUE",
    "!$yes": "False",
    "$yes && !$no || $no": "True",
    "!($yes && $empty == 'true')": "True",
    "$yes == true && $no != $yes": "True",
    "$yes ? $n : 'none'": "7",
    "$yes && $no ? 1 : $no ? 2 : 3": "3",
    # JSON
    "$list[0] + 1": "2",
    "$list[1]": "b",
    "$list[2]": "[2.5]",
    "$list[4]": "1e+21",
    "$list[5] ? 'on' : 'off'": "on",
    "$list[-1]": "true",
    "$list[6]": ENDS,
    "$list[3] == null && $o.no == null && $o.never == null": "True",
    "$list[3] ?? 'nothing'": "nothing",
    "$o.zone": "eu<1>",
    "$o.n": "1000000",
    "'n=' + $o.n": "n=1000000",
    "$o['k-k'].x[0] * 2": "6",
    "$o.k.x": ENDS,
    "$o.k.x ?? 'nothing'": "nothing",
    "$o['k-k']": '{"x":[3]}',
    "[$o.zone, $n, $yes, 0.50]": '["eu\\u003c1\\u003e",7,true,0.5]',
    "keys($o)": '["k-k","n","no","zone"]',
    "len($list) + len($o) + len($none)": "10",
    "first($list) + 1": "2",
    "first($none)": ENDS,
    "last($none) ?? 'nothing'": "nothing",
    "join($list, ' ')": "1 b [2.5] null 1e+21 true",
    "json('[1, {\"a\": 2}]')[1].a": "2",
    "$list == [1, 'b', [2.5], 'x'] || $list[2] == json('[2.5]')": "True",
    "range(1, 3)": "[1,2]",
    "range(-$n, -5)": "[-7,-6]",
    "range(1, 0)": "[]",
    "concat($each.Integer, [true, 1])": '["1","2",true,1]',
    "concat([], $none)": "[]",
    "len(concat($list, range(1, $n))) + range(2, 3)[0]": "14",
    "2 in range(1, 3) && 1.5 in range(1, 3)": "False",
    # in
    "$n in [1, 7.0]": "True",
    "$ten in [9, 10]": "True",
    "$ten in ['9', '10']": "True",
    "'b' in $list && !('1' in $list) && 1 in $list": "True",
    "$nine in json('[8, 9]')": "True",
    "'zone' in $o && !('x' in $o)": "True",
    "'1' in $each.Integer": "True",
    "$yes in [true]": "True",
    # optional inputs
    "$four ?? 1": "4",
    "$left-string ?? 'none'": "none",
    "$left-string == null && $left-jsonobject == null && !($four == null) && $four != null": "True",
    "$four != null && $four > 3": "True",
    "$left-jsonobject == null || $left-jsonobject.a == 1": "True",
    "$left-jsonobject != null ? $left-jsonobject.a : 'no object'": "no object",
    "$left-jsonobject.a ?? 'no part'": "no part",
    "first($left-jsonarray) ?? 'no item'": "no item",
    "len($left-jsonarray ?? [1, 2])": "2",
    "$gone.String ?? $left-string ?? 'neither'": "neither",
    "$left-string ?? $gone.String ?? $four": "4",
    "$gone.String ?? $left-string": "",
    "$gone.String ?? ($yes ? $left-string : 'x')": "",
    # what may be absent
    "$gone.String ?? 'none'": "none",
    "$gone.Integer ?? $n + 1": "8",
    "($gone.Integer ?? 5) * 2": "10",
    "$gone.Boolean ?? true": "True",
    "$gone.String ?? $gone.Integer ?? 0.50": "0.5",
    "($yes ? $gone.String : 'x') ?? 'y'": "y",
    "$gone.JsonObject.a.b[0] ?? 'deep'": "deep",
    "$done.JsonObject.a ?? 'deep'": "1",
    "len($gone.JsonArray ?? [1, 2])": "2",
    "first($gone.JsonArray) ?? json($gone.String).x ?? 'z'": "z",
    # loops and the run
    "$each.String": '["x","y"]',
    "join($each.String, '+') + string(len($each.Integer))": "x+y2",
    "$each.Integer[1] * 10": "20",
    "$each.JsonObject": '[{"a":1,"b":"x"},{}]',
    "first($each.JsonObject).a + 1": "2",
    "json(first($each.JsonObject)).b": "x",
    "last($each.JsonObject).a ?? 'none'": "none",
    "$each.JsonArray[0][0] + len($each.JsonArray[1])": "1",
    "'{}' in $each.JsonObject": "True",
    "string($done.JsonObject) in $each.JsonObject": "False",
    "[1] == first($each.JsonArray)": "True",
    "workflow.name + '/' + workflow.labels['app.kubernetes.io/name']": "nightly-x7b2k/shop",
    "workflow.creationTimestamp + workflow.creationTimestamp.Y": "2026-01-31T02:00:00Z2026",
    "tasks.done.status == 'Succeeded'": "True",
}


def test_what_expressions_become(controller: Controller) -> None:
    texts = {f"task-{number}": written(text) for number, text in enumerate(MEANT)}
    workflow, codes = compiled(
        {**BASE, "tasks": TASKS | {task: show(f"${{{{ {text} }}}}") for task, text in texts.items()}}
    )
    assert workflow is not None, codes
    given = {key.removeprefix("inputs."): each.text or "" for key, each in RUN.items() if key.startswith("inputs.")}
    dag = controller.run(workflow, arguments=given, ended=ended(RUN))
    assert {text: passed(dag.tasks[task], "x") for task, text in zip(texts, MEANT, strict=True)} == MEANT


def written(text: str) -> str:
    """The expression with the names of its references in full."""
    return re.sub(r"\$(\w+)", lambda found: SHORT[found[1]], text)


MISTAKES: Final = (
    "1 + 'a'",
    "$n == 'a'",
    "$yes == 1",
    "$yes + 'a'",
    "$yes < $no",
    "$list < $list",
    "$list + $list",
    "$list == 'a'",
    "$list == $o",
    "$ten < $nine",
    "$o.a + $o.b",
    "$o.a < $ten",
    "!$n",
    "-$s",
    "$s && $yes",
    "$n ? 1 : 2",
    "$n[0]",
    "$list.a",
    "$list[0.5]",
    "$o[0]",
    "$o[$yes]",
    "null",
    "[null]",
    "null + 'a'",
    "$s == null",
    "$n ?? 1",
    "1 ?? 2",
    "1 in ['a']",
    "$n in [1, 'a']",
    "'a' in 'abc'",
    "1 in $o",
    "1 in $each.Integer",
    "$list in [[1]]",
    "lower($n)",
    "len($n)",
    "abs('1')",
    "join('a', 'b')",
    "keys($list)",
    "json($list)",
    "int(1.5)",
)


@pytest.mark.parametrize("text", MISTAKES)
def test_what_does_not_go_together(text: str) -> None:
    codes = compiled({**BASE, "tasks": TASKS | {"a": show(f"${{{{ {written(text)} }}}}")}})[1]
    assert list(codes.values()) == [{"operand-type"}]
