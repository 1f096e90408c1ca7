"""What is left of a manifest that is not YAML: all but the broken entry, at its place, with marks on what is lost."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import REPOSITORY, Transpile
from tests.support.examples import examples
from transpiler.diagnostics import Diagnostic, Report, Source
from transpiler.read.yaml.document import read_document, read_what_can_be
from transpiler.read.yaml.mistakes import MAX_MISTAKES
from transpiler.read.yaml.nodes import UNUSABLE, List, Map

MANIFEST: Final = """\
name: x
inputs:
  a: 7
  b: {type: Integer, default: 5}
tasks:
  sum:
    component: components/add
    arguments: {a: "${{ inputs.a }}", b: 2}
  train:
    component: components/train
    arguments:
      t: ${{ tasks.sum.output }}
    after: [sum]
    hooks:
      - name: a
        when: b
      - name: c
outputs:
  r: ${{ tasks.train.output }}
"""
LAST_THIRD: Final = "    after: [sum]\n"


def recovered(text: str) -> tuple[Any, tuple[Diagnostic, ...]]:
    report = Report()
    document, _ = read_what_can_be(Source("x", text), report)
    return document, report.diagnostics


def whole(text: str) -> Map:
    report = Report()
    document = read_document(Source("x", text), report)
    assert not report.failed
    assert isinstance(document, Map)
    return document


def changes(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """`-` entries that are lost, `?` values that are, `~` others than before, `*` containers marked as incomplete."""
    if isinstance(after, (Map, List)) and after.is_incomplete:
        yield f"*{path}"
    if after is UNUSABLE:
        yield f"?{path}"
    elif isinstance(before, Map) and isinstance(after, Map):
        for key, value in before.items():
            below = f"{path}.{key}".lstrip(".")
            yield from changes(value, after[key], below) if key in after else [f"-{below}"]
    elif isinstance(before, List) and isinstance(after, List) and len(before) == len(after):
        for index, value in enumerate(before):
            yield from changes(value, after[index], f"{path}[{index}]")
    elif before != after:
        yield f"~{path}"


CASES: Final = {
    "half a key": (LAST_THIRD, "    aft\n", "*tasks.train -tasks.train.after"),
    "half a key of a task": ("  train:\n", "  tra\n  train:\n", "*tasks"),
    "half a key at the top": ("outputs:\n", "outp\noutputs:\n", "*"),
    "half a key at the end of tasks": ("outputs:\n", "  tra\noutputs:\n", "*tasks"),
    "half a reference": ('{a: "${{ inputs.a }}", b: 2}', "{a: ${{ inputs.",
                         "*tasks.sum.arguments ?tasks.sum.arguments.a -tasks.sum.arguments.b"),
    "an unclosed quote": ("components/add", '"components/add', "?tasks.sum.component"),
    "another unclosed quote": ("components/add", "'components/add", "?tasks.sum.component"),
    "an unclosed quote in braces": ('inputs.a }}"', "inputs.a }}",
                                    "*tasks.sum.arguments ?tasks.sum.arguments.a -tasks.sum.arguments.b"),
    "an unclosed brace": ("b: 2}", "b: 2", "*tasks.sum.arguments ?tasks.sum.arguments.b"),
    "an unclosed bracket": ("[sum]", "[sum", "*tasks.train.after ?tasks.train.after[0]"),
    "a missing comma": ('}}", b: 2}', '}}" b: 2}',
                        "*tasks.sum.arguments ?tasks.sum.arguments.a -tasks.sum.arguments.b"),
    "a tab": (LAST_THIRD, "\tafter: [sum]\n",
              "* *tasks *tasks.train *tasks.train.arguments -tasks.train.after"),
    "a tab before a key with more below": ("    arguments:\n", "\targuments:\n",
                                           "* *tasks *tasks.train -tasks.train.arguments"),
    "too little indentation": (LAST_THIRD, "   after: [sum]\n",
                               "* *tasks *tasks.train *tasks.train.arguments -tasks.train.after"),
    "too much indentation": ("    component: components/train\n", "     component: components/train\n",
                             "* *tasks *tasks.train -tasks.train.component"),
    "a task with too little indentation": (
        "  train:\n",
        " train:\n",
        "* *tasks *tasks.sum *tasks.sum.arguments -tasks.train",
    ),
    "a colon in a text": ("name: x\n", "name: x: y\n", "?name"),
    "a colon in a text below": ("components/train", "components: train", "?tasks.train.component"),
    "a first task with too little indentation": (
        "  sum:\n",
        " sum:\n",
        "* *tasks -tasks.sum",
    ),
    "a second document": ("  train:\n", "---\n  train:\n", "* -tasks.train -outputs"),
    "broken in the first line": ("name: x", '"name: x', "* -name"),
    "a brace before all": ("name: x", "{name: x", "* -name"),
    "a block scalar": (LAST_THIRD, f"    d: |\n        foo\n      bar\n{LAST_THIRD}", ""),
    "a block scalar that ends early": (LAST_THIRD, f"    d: |\n      foo\nbar\n{LAST_THIRD}",
        "* *tasks *tasks.train -tasks.train.after -tasks.train.hooks"),
    "an item of a list": ("        when: b\n", '        when: "b\n', "?tasks.train.hooks[0].when"),
    "a whole item": ("      - name: c\n", "      - {name: c\n",
        "*tasks.train.hooks *tasks.train.hooks[1] ?tasks.train.hooks[1].name"),
    "a merge conflict": ("  train:\n", "<<<<<<< HEAD\n=======\n  tr\n>>>>>>> other\n  train:\n", "*tasks"),
    "an anchor that is lost": ("  a: 7\n", "  a: &a x: y\n", "?inputs.a"),
    "the end": ("  r: ${{ tasks.train.output }}\n", '  r: "${{ ta', "* *outputs ?outputs.r"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_all_but_the_broken_entry_is_there(case: str) -> None:
    old, new, lost = CASES[case]
    assert old in MANIFEST
    document, diagnostics = recovered(MANIFEST.replace(old, new))
    assert [each.code for each in diagnostics] in (["yaml-syntax"], ["several-documents"])
    assert " ".join(changes(whole(MANIFEST), document)) == lost.lstrip(" ")


def test_json_up_to_the_break() -> None:
    document, _ = recovered('{"name": "x", "tasks": {"a": {"component": "y", "arguments": {"a": 1}}, "b": {"comp')
    assert document == {"name": "x", "tasks": {"a": {"component": "y", "arguments": {"a": 1}}, "b": {}}}
    assert document.is_incomplete
    assert document["tasks"]["b"].is_incomplete
    assert not document["tasks"]["a"].is_incomplete


def test_bytes_before_and_line_ends(tmp_path: Path, transpile: Transpile) -> None:
    container = "{implementation: {container: {image: alpine, command: [echo]}}}"
    text = f'name: x\ntasks:\n  a:\n    component: "x\n  b: {{component: {container}, arguments: {{n: 1}}}}\n'
    for data in (text.encode(), b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()):
        (tmp_path / "pipeline.yaml").write_bytes(data)
        result = transpile("check", tmp_path / "pipeline.yaml", "--format", "json")
        found = [(each["code"], each["line"], each["column"]) for each in result.problems]
        assert found == [("yaml-syntax", 4, 16), ("unknown-argument", 5, 95)]


# ---------------------------------------------------------------------- any manifest, any damage

MANIFESTS: Final = [
    path.read_text(encoding="utf-8") for place in ("samples", "tests/language/cases")
    for path in sorted((REPOSITORY / place).rglob("pipeline.yaml"))
]  # fmt: skip
WITHOUT_ALIASES: Final = [text for text in MANIFESTS if ": *" not in text]
"""An anchor that is lost is lost where its aliases stand, too."""
BREAKS: Final = ('"', "'", "{", "[", "}", ": ", "%", "@", "\t", "- ", "| ", "&", "*", "\n", "\n---\n", "x: y: z\n")


@settings(max_examples=examples(300), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(MANIFESTS), st.data())
def test_no_damage_is_an_exception(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 40, len(text))))
        text = text[:start] + data.draw(st.sampled_from(BREAKS) | st.text(max_size=3)) + text[end:]
    document, diagnostics = recovered(text)
    assert len([each for each in diagnostics if each.code == "yaml-syntax"]) <= MAX_MISTAKES
    assert (
        document is not None
        or diagnostics
        or not text.strip(" \n")
        or read_document(Source("", text), Report()) is None
    )


@settings(max_examples=examples(300), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(WITHOUT_ALIASES), st.data())
def test_every_other_entry_is_as_in_the_whole_file(text: str, data: st.DataObject) -> None:
    """One line of a task breaks; all other tasks, and all other keys at the top, are the same, at their places."""
    before = whole(text)
    lines = text.split("\n")
    tasks = before.get("tasks")
    blocks = [(before, key) for key in before]
    blocks += [(tasks, key) for key in tasks] if isinstance(tasks, Map) and not _is_flow(tasks) else []
    parent, key = data.draw(st.sampled_from(blocks))
    first = parent.key_span(key).line
    column = parent.key_span(key).column
    size = next(
        (n for n, line in enumerate(lines[first:], 1) if line.strip() and _column(line) <= column), len(lines) - first
    )
    number = first - 1 + data.draw(st.integers(0, max(size - 1, 0)))
    if (number == first - 1 and size > 1) or not lines[number].strip():
        return  # what stands on an empty line ends the mapping by its indentation
    lines[number] += data.draw(st.sampled_from(['"', " {", ": x: y", " }", " - x: y: z"]))
    document, diagnostics = recovered("\n".join(lines))
    if "yaml-syntax" not in {each.code for each in diagnostics}:
        return
    for top in before:
        if parent is tasks and top == "tasks":
            for task in tasks:
                assert task == key or _same(tasks, document["tasks"], task)
        elif top != key or parent is not before:
            assert _same(before, document, top), top


def _is_flow(node: Map) -> bool:
    return node.source.text.startswith("{", node.mark.start)


def _column(line: str) -> int:
    return len(line) - len(line.lstrip()) + 1


def _same(before: Map, after: Map, key: str) -> bool:
    """True for an entry with the same value, at the same places."""
    return places(before[key]) == places(after[key]) and before.key_span(key)[1:] == after.key_span(key)[1:]


def places(node: Any) -> Any:
    """A value, with the line and column of all in it."""
    if isinstance(node, Map):
        return {key: (node.key_span(key)[1:], node.value_span(key)[1:3], places(node[key])) for key in node}
    if isinstance(node, List):
        return [(node.item_span(index)[1:3], places(item)) for index, item in enumerate(node)]
    return node


# ---------------------------------------------------------------------- no mistake but the one


@pytest.mark.parametrize(
    "name", ["half a key", "an open quote", "a colon", "a tab", "too little indentation", "the end"]
)
def test_broken_manifests_have_no_other_mistakes(name: str, transpile: Transpile, tmp_path: Path) -> None:
    """Samples are right: what is reported of one with a broken line is its syntax error alone."""
    root = tmp_path / "samples"
    shutil.copytree(REPOSITORY / "samples", root)
    (tmp_path / ".git").mkdir()
    wrong = []
    for path in sorted(root.rglob("pipeline.yaml")):
        lines = path.read_text(encoding="utf-8").split("\n")
        keys = [n for n, line in enumerate(lines) if re.fullmatch(r" {4}[a-zA-Z]+: [^|>]+", line)]
        if not keys:
            continue
        number = keys[len(keys) * 2 // 3]
        damage = DAMAGES[name]
        path.write_text("\n".join(damage(lines, number)), encoding="utf-8")
        found = transpile("check", path, "--format", "json", "--root", tmp_path).problems
        codes = {each["code"] for each in found if each["severity"] == "error"}
        wrong += [f"{path.parent.name}: {codes}"] if "yaml-syntax" in codes and len(codes) > 1 else []
    assert not wrong


def _replaced(lines: list[str], number: int, line: str) -> list[str]:
    return [*lines[:number], line, *lines[number + 1 :]]


DAMAGES: Final[dict[str, Callable[[list[str], int], list[str]]]] = {
    "half a key": lambda lines, n: _replaced(lines, n, lines[n].partition(":")[0]),
    "an open quote": lambda lines, n: _replaced(lines, n, lines[n].replace(": ", ': "', 1)),
    "a colon": lambda lines, n: _replaced(lines, n, lines[n] + " x: y"),
    "a tab": lambda lines, n: _replaced(lines, n, "\t" + lines[n].lstrip()),
    "too little indentation": lambda lines, n: _replaced(lines, n, lines[n][1:]),
    "the end": lambda lines, n: [*lines[:n], lines[n].partition(":")[0][:-1]],
}

# ---------------------------------------------------------------------- time

BIG: Final = "name: x\ntasks:\n" + "".join(
    f'  t{number}:\n    component: x\n    arguments: {{a: 1, b: "${{{{ inputs.x }}}}"}}\n' for number in range(10_000)
)


@cache
def time_of_reading() -> float:
    start = time.process_time()
    whole(BIG)
    return time.process_time() - start


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        (BIG + "  half\n", 10_000),
        (BIG.replace("t5000:\n    component: x", "t5000:\n    component: x: y"), 10_000),
        (BIG.replace("x }}", 'x }}"', 3_000), 10_000),
        ("tasks:\n" + "".join(f"  t{n}: x: y\n" for n in range(20_001)), 20_001),
        ("tasks:\n" + "".join(f"  {'  ' * (n % 50)}t{n}:\n" for n in range(20_000)) + "  }", 400),
    ],
)
def test_time_is_a_few_times_that_of_reading(text: str, tasks: int) -> None:
    usual = time_of_reading()
    start = time.process_time()
    document, diagnostics = recovered(text)
    assert time.process_time() - start < 15 * usual
    assert {each.code for each in diagnostics} == {"yaml-syntax"}
    assert len(document["tasks"]) == tasks
