"""Every code has a page, every page's examples do what the page says, and what is made from the pages is up to date."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Result, Transpile
from transpiler.cli.usage import USAGE
from transpiler.rules import MANIFEST, Example, Rule, codes, components, rule
from transpiler.rules.__main__ import markdown

SOURCE = REPOSITORY / "transpiler"
RULES = [rule(code) for code in codes()]
EMITTERS = {
    "error": {"error"},
    "fail": {"error"},
    "_fail": {"error"},
    "Unreadable": {"error"},
    "BadScalar": {"error"},
    "WrongLiteral": {"error"},
    "warning": {"warning"},
    "say": {"error", "warning"},
}
"""Callables that take a code first, and the severities that it then has."""
IN_TABLES: dict[tuple[str, str | None], set[str]] = {("Kind", "empty"): {"error"}}
"""Rows of tables that hold a code: the class and the field, likewise."""


# ------------------------------------------------------------------ the pages and the source


@cache
def codes_in_source() -> dict[str, set[str]]:
    """Every code that the source writes down, with its severities."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and node.args and (severities := EMITTERS.get(name_of(node.func))):
                for code in texts(node.args[0], module):
                    found.setdefault(code, set()).update(severities)
            if isinstance(node, ast.Call):
                for field in node.keywords:
                    severities = IN_TABLES.get((name_of(node.func), field.arg), set())
                    for code in texts(field.value, module) if severities else ():
                        found.setdefault(code, set()).update(severities)
    return found


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def texts(value: ast.expr, module: ast.Module) -> Iterator[str]:
    """The texts that an argument can be: itself, a branch of its condition, or what its variable is set to."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from (*texts(value.body, module), *texts(value.orelse, module))
    elif isinstance(value, ast.Name):
        for node in ast.walk(module):
            if isinstance(node, ast.Assign) and value.id in map(name_of, node.targets):
                yield from texts(node.value, module)


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert sorted(codes_in_source()) == codes()


@pytest.mark.parametrize("each", RULES, ids=codes())
def test_a_page_names_each_severity_of_its_code(each: Rule) -> None:
    assert codes_in_source()[each.code] <= severities(each)


def severities(each: Rule) -> set[str]:
    return set(each.severity.split(" or "))


# ------------------------------------------------------------------ the pages by themselves


@pytest.mark.parametrize("each", RULES, ids=codes())
def test_a_page_has_the_form_of_all(each: Rule) -> None:
    page = (SOURCE / "rules" / f"{each.code}.md").read_text(encoding="utf-8")
    assert page.isascii(), "a terminal of any encoding can show it"
    assert max(map(len, page.splitlines())) <= 120
    assert page.count("```") == 2 * len(each.examples), "every fence is an example"
    assert re.fullmatch(r"[a-z].*[^.]", each.title)
    assert len(each.title) <= 70
    assert each.severity in {"error", "warning", "error or warning"}
    assert each.why.endswith(".")


@pytest.mark.parametrize("each", RULES, ids=codes())
def test_a_page_shows_what_is_wrong_and_what_is_right(each: Rule) -> None:
    shown = [(example.kind, example.file) for example in each.examples]
    wrong = [file for kind, file in shown if kind == "wrong"]
    assert shown == [(kind, file) for file in wrong for kind in ("wrong", "right")]
    assert bool(shown) != (each.code in NOT_SHOWN or each.code in OF_THE_LOCK | OF_A_PROJECT | OF_A_VERSION | OF_TESTS)


# ------------------------------------------------------------------ the examples


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a test, with the components that examples refer to."""
    for path, text in components().items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def examples(kind: str) -> list[object]:
    return [
        pytest.param(each, example, id=f"{each.code}-{number}")
        for each in RULES
        for number, example in enumerate(each.examples, 1)
        if example.kind == kind
    ]


def judge(example: Example, desk: Path, transpile: Transpile) -> Result:
    """What the command says about an example: of a Python file, about its last function."""
    if example.file != "function":
        if example.file == "values":
            (desk / "pipeline.yaml").write_text(MANIFEST, encoding="utf-8")
            (desk / "pipeline.prod.yaml").write_text(example.text, encoding="utf-8")
            return transpile("check", "pipeline.yaml", "--root", ".", "--format", "json")
        (desk / f"{example.file}.yaml").write_text(example.text, encoding="utf-8")
        return transpile("check", f"{example.file}.yaml", "--root", ".", "--format", "json")
    (desk / "steps.py").write_text(example.text, encoding="utf-8")
    name = re.findall(r"^(?:async )?def (\w+)", example.text, re.MULTILINE)[-1]
    target = desk / "made.yaml"
    return transpile("component", "from-function", f"steps.py:{name}", "-o", target, "-q", "--format", "json")


@pytest.mark.parametrize(("each", "example"), examples("wrong"))
def test_a_wrong_example_gives_its_code_and_no_other(
    each: Rule, example: Example, desk: Path, transpile: Transpile
) -> None:
    result = judge(example, desk, transpile)
    assert [problem["code"] for problem in result.problems] == [each.code]
    severity = result.problems[0]["severity"]
    assert severity in severities(each)
    assert result.code == (1 if severity == "error" else 0)


@pytest.mark.parametrize(("each", "example"), examples("right"))
def test_a_right_example_gives_nothing_and_compiles(
    each: Rule, example: Example, desk: Path, transpile: Transpile
) -> None:
    result = judge(example, desk, transpile)
    assert (result.code, result.problems) == (0, []), each.code
    if example.file == "pipeline":
        assert transpile("compile", "pipeline.yaml", "--root", ".").workflow["kind"] in {"Workflow", "CronWorkflow"}


def test_the_components_of_the_examples_are_right(desk: Path, transpile: Transpile) -> None:
    result = transpile("check", desk, "--format", "json")
    assert (result.code, result.problems) == (0, [])


def many_tasks(count: int) -> str:
    each = "{component: components/load, depends: load%d.Succeeded || load%d.Failed}"
    tasks = (f"  load{n}: {each % (n - 1, n - 1)}\n" for n in range(1, count))
    return "name: nightly\ntasks:\n  load0: {component: components/load}\n" + "".join(tasks)


def many_inputs(count: int) -> str:
    values = "{inputs: [%s], implementation: {container: {image: 'ghcr.io/example/load:1', command: [load, %s]}}}"
    names = ", ".join(f"{{name: i{n}}}" for n in range(count))
    taken = ", ".join(f"{{inputValue: i{n}}}" for n in range(count))
    passed = ", ".join(f"i{n}: 1" for n in range(count))
    return f"name: nightly\ntasks:\n  load: {{component: {values % (names, taken)}, arguments: {{{passed}}}}}\n"


NOT_SHOWN = {
    "not-utf8": b"name: nightly\ndescription: caf\xe9\n",
    "too-deep": b"name: nightly\ntasks: " + b"[" * 100 + b"]" * 100,
    "too-large": b"name: nightly\n" + b"# load, then train\n" * 300_000,
    "too-many-tasks": many_tasks(201).encode(),
    "too-many-inputs": many_inputs(501).encode(),
}
"""What a page cannot show: bytes that are no text, or more text than anybody reads."""

OF_THE_LOCK = {"stale-lock", "moved-tag", "fetch-failed", "missing-manifest", "wrong-assignment"}
"""What is wrong with no file but with the lock, another machine or the command line; other tests show each."""
OF_A_VERSION = {"needs-newer-argo"}
"""What is wrong only for an older Argo; tests/cli/test_targets.py shows it."""


OF_TESTS = {"cannot-rehearse", "failed-expectation", "not-here", "untested-branch", "unused-fake"}
"""What is wrong only in a run of a test, or on this machine; tests/rehearsal and tests/local show each."""
OF_A_PROJECT = {"orphaned-output", "same-output", "stale-output", "toml-syntax"}
"""What is wrong with a project, or with what it builds; test_build.py and test_project.py show each."""


@pytest.mark.parametrize("code", NOT_SHOWN)
def test_what_no_page_shows_gives_its_code_and_no_other(code: str, desk: Path, transpile: Transpile) -> None:
    (desk / "pipeline.yaml").write_bytes(NOT_SHOWN[code])
    result = transpile("check", "pipeline.yaml", "--root", ".", "--format", "json")
    assert [problem["code"] for problem in result.problems] == [code]
    assert result.problems[0]["severity"] in severities(rule(code))


# ------------------------------------------------------------------ what is made from the pages


def test_the_document_is_what_the_pages_say() -> None:
    document = (REPOSITORY / "docs" / "rules.md").read_text(encoding="utf-8")
    assert document == markdown(), "run: python -m transpiler.rules > docs/rules.md"


@pytest.mark.parametrize("each", RULES, ids=codes())
def test_explain_prints_a_page(each: Rule, transpile: Transpile) -> None:
    result = transpile("explain", each.code)
    assert result.code == 0
    assert each.title in result.stdout
    assert each.why in " ".join(result.stdout.split())
    assert result.stdout.count("\nWrong") == result.stdout.count("\nRight") == len(each.examples) // 2


def test_explain_lists_all_codes(transpile: Transpile) -> None:
    result = transpile("explain")
    lines = result.stdout.splitlines()
    columns = {line.index(f" {each.title}") for line, each in zip(lines, RULES, strict=True)}
    assert [line.split()[0] for line in lines] == codes()
    assert len(columns) == 1


@pytest.mark.parametrize(
    ("word", "hint"),
    [("cicle", "did you mean `cycle`?"), ("qqqq", "`transpile explain` lists all codes")],
)
def test_explain_refuses_what_is_no_code(word: str, hint: str, transpile: Transpile) -> None:
    result = transpile("explain", word)
    assert result.code == USAGE
    assert hint in result.stderr
