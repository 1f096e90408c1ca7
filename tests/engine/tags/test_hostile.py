"""Whatever stands in a tag or a condition gives a value or an ExpressionError, and soon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from transpiler.engine.tags.conditions import holds
from transpiler.engine.tags.errors import ExpressionError, UnsupportedError
from transpiler.engine.tags.evaluation import evaluate
from transpiler.engine.tags.substitution import LENIENT, STRICT, replaced, substituted

A = "a" * 30_000
DEEP = [
    "(" * 100_000,
    "[" * 50_000 + "]" * 50_000,
    "!" * 100_000 + "true",
    "-" * 99_999 + "1",
    "f(" * 20_000,
    "x" + ".y" * 50_000,
    "x" + "[0]" * 30_000,
    "x" + "?.y" * 30_000,
    "true ? " * 20_000 + "1",
    "let a = 1; " * 5_000 + "a",
    "{a: " * 20_000,
    "1 < (" * 90 + "2" + ") < 3" * 90,
    "if true {" * 10_000,
    "# " * 50_000,
    "'" + A,
    "/*" + A,
    "1" * 100_000,
    "a" * 100_000 + " b",
    "[" + "1," * 60_000 + "]",
    "2 ** " * 20_000 + "2",
    "1 | " * 20_000,
    "9" * 5000 + "." + "9" * 5000 + "e400",
]
GREEDY = [
    "1..1000000000",
    "map(1..900000, # .. 900000)",
    "map(1..1000, map(1..1000, map(1..1000, #)))",
    "all(1..900000, all(1..900000, true))",
    "repeat('a', 999999) + repeat('a', 999999)",
    "sprig.repeat(1000000000, 'a')",
    "sprig.indent(1000000000, 'a')",
    "sprig.until(1000000000)",
    "sprig.untilStep(0, 9000000000000000000, 1)",
    "sprig.seq(1000000000)",
    "sprig.join('-', sprig.until(100000000))",
    "sprig.nindent(99999999, 'a')",
    "sprig.round(1.5, 9000000000000000000)",
    "sprig.round('1e308', 308)",
    "sprig.mulf('1e308', '1e308', '1e308')",
    "sprig.divf('1e308', '1e-300')",
    "sprig.wrapWith(1, sprig.repeat(10000, 'ab'), sprig.repeat(10000, 'a'))",
    "replace(repeat('a', 100000), 'a', repeat('b', 100000))",
    "replace(repeat('a', 100000), '', repeat('b', 100000))",
    "10 ** 400 * 0",
    "bitshl(1, 9000000000000000000)",
    "int('9' + repeat('9', 100000))",
    "fromJSON(repeat('[', 500000))",
    "fromJSON(repeat('[', 500) + repeat(']', 500)) | toJSON()",
    "date('2024-01-01').AddDate(9000000000000000000, 1, 1)",
    "date('2024-01-01', repeat('2006', 100000))",
    "duration('9000000000000h')",
    "sprig.semverCompare(sprig.repeat(100000, '1.'), '1')",
    "jsonpath('[' + repeat('1,', 100000) + '1]', '$' + repeat('..*', 50))",
    "jsonpath('{}', '$' + repeat('[?(@.a == (', 10000))",
    "let f = sprig.dict('a', 1); sprig.set(f, 'b', f); toJson(f)",
    "let f = sprig.dict('a', 1); sprig.set(f, 'b', f) == sprig.set(f, 'b', f)",
    "let f = sprig.dict('a', 1); string(sprig.set(f, 'b', f))",
    "let f = sprig.dict('a', 1); sprig.deepCopy(sprig.set(f, 'b', f))",
    "reduce(1..60, concat([#acc], [#acc]), 'aaaaaaaaaa') | toJSON()",
    "reduce(1..60, #acc + #acc, 'aaaaaaaaaa')",
    "reduce(1..60, [#acc, #acc], 'a') | string()",
    "reduce(1..25, [#acc, #acc], 'a') | flatten() | len()",
    "reduce(1..40, [#acc, #acc], 'a') == reduce(1..40, [#acc, #acc], 'a')",
    "reduce(1..40, {a: #acc, b: #acc}, 'a') | sprig.deepCopy()",
]
PATTERNS = [
    "(a*)*b",
    "(a|a)*b",
    "(a|aa)+$b",
    "(a?){500}a{500}",
    "((a{30}){30})",
    "(.*)(.*)(.*)(.*)x",
    "a{1000}{1000}",
    "(" * 2000,
    "[" * 2000,
]
CONDITIONS = [
    "(" * 50_000, "!" * 50_000 + "true", "a == " * 20_000, "a && " * 50_000 + "a", "'" + A, "\\", "a\\", "[" + A,
    " ".join(["1 +"] * 4000) + " 1 == 2", " - ".join(["(1"] * 200), "1 ?? " * 3000 + "1", "true ? " * 3000 + "1", "0x", "1.1.1",  # noqa: E501 - each is one text
    "'" + A + "' =~ '(a*)*b'", "a, " * 4000 + "a", "2 ** " * 3000 + "2 > 1",
]  # fmt: skip


REFUSED = "uuidv4() randAlpha(3) randInt(1,5) genCA('a',1) now() date('2006','x') shuffle('ab')".split()


def said(call: Callable[..., Any], *arguments: Any) -> str:
    """The message of an ExpressionError, or the type of a value; another error goes on."""
    try:
        return type(call(*arguments)).__name__
    except ExpressionError as error:
        return error.message


@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:12])
def test_deep_and_long_expressions(text: str) -> None:
    assert said(evaluate, text, {"x": {"y": "z"}, "a": "b"})


@pytest.mark.parametrize("text", GREEDY)
def test_expressions_that_want_too_much(text: str) -> None:
    assert said(evaluate, text, {"x": {"y": "z"}, "a": "b"})


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[:12])
def test_patterns_that_take_long(pattern: str) -> None:
    for expression in ("s matches p", "sprig.regexReplaceAll(p, s, '$1')", "sprig.regexFindAll(p, s, -1)"):
        assert said(evaluate, expression, {"s": A, "p": pattern})


@pytest.mark.parametrize("text", CONDITIONS, ids=lambda text: text[:12])
def test_conditions(text: str) -> None:
    assert said(holds, text)


@pytest.mark.parametrize(
    "text", ["{{" * 50_000, "{{x}}" * 50_000, "{{=1}}" * 3_000, "{{" + A + "}}", "{{=" + A + "}}", "}}{{" * 9_000]
)
def test_texts_with_tags(text: str) -> None:
    for policy in (STRICT, LENIENT):
        assert said(substituted, {"k": text}, {"x": "{{x}}"}, policy)


def test_what_differs_from_run_to_run_is_refused_without_a_source() -> None:
    for call in REFUSED:
        with pytest.raises(UnsupportedError):
            evaluate(f"sprig.{call}", {})
    text = evaluate("sprig.randAlphaNum(8) + sprig.uuidv4()", {}, random=lambda count: b"\x01" * count)
    assert text == "jjjjjjjj01010101-0101-4101-8101-010101010101"


def test_a_text_that_is_no_json() -> None:
    for text in ("", "{", "NaN", '"\x00"', "[" * 100_000):
        with pytest.raises(ExpressionError, match="cannot do template replacements with invalid JSON"):
            replaced(text, {})
