"""Fixes: what a hint says to write is written into the case, and the mistake is gone. All cases of errors are tried."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY, Transpile
from tests.language.test_errors import cases, copy_case, environment_of
from transpiler.diagnostics import Source

Json = Any
REVEALED = {
    ("argo_fields", "aply"): "argo-field",
    ("component_keys", "nam"): "missing-argument",
    ("from_elsewhere", "rows"): "type-mismatch",
    ("groups", "lowr"): "type-mismatch",
    ("loop_results", "tasks.each.results"): "type-mismatch",
    ("loop_results", "no task `none`"): "unknown-output",
    ("keys", "componnet"): "missing-argument",
    ("library_slip", "entris"): "missing-component",
    ("meant_as_reference", "tasks.a.outputs.parameters.table"): "type-mismatch",
    ("meant_as_reference_typed", "workflow.name"): "type-mismatch",
    ("meant_as_reference_typed", "tasks.make.output"): "type-mismatch",
    ("meant_as_reference_typed", "tasks.f2.output"): "hook-reference",
    ("named_templates", "imag"): "missing-command",
    ("one_mistake", "7"): "cannot-read",
    ("one_mistake", "typ"): "wrong-default",
    ("one_mistake", "templat"): "wrong-setting",
    ("parts_of_texts", "`(` is not expected here"): "operand-type",
    ("references", "workflow.nme"): "type-mismatch",
    ("references_to_files", "imputs"): "unknown-argument",
    ("references_to_files", "components/ad"): "missing-argument",
    ("run_hooks", "components/say"): "missing-argument unknown-argument",
    ("shapes", "must be a list, not the string `sum`"): "unknown-task",
    ("storage", "rowz"): "skipped-producer",
    ("components_elsewhere", "there is no "): "missing-argument",
    ("sorted_outputs", "no output of task `there`"): "missing-key invalid-name exit-output",
    ("forms_of_values", "`or` is not an operator"): "operand-type",
    ("work_in_other_words", "unknown key `run`"): "missing-argument",
    ("yaml_keys", "`aft` has no colon"): "unknown-key",
    ("yaml_quotes", "a reference needs quotes"): "unknown-name",
    ("yaml_starts", "a list cannot start"): "wrong-type",
    ("told_once", "my task"): "duplicate-key",
    ("told_once", "My.Task"): "duplicate-key",
    ("told_once", "my region"): "unknown-input",
}
"""Case and words of a message → the second mistake, which the first one hides: it is told once that is corrected."""


@pytest.mark.parametrize("case", cases(), ids=lambda path: path.stem)
def test_a_fix_removes_its_mistake_and_makes_no_other(
    case: Path, transpile: Transpile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = problems(case, tmp_path / "before", transpile, monkeypatch)
    for number, problem in enumerate(found):
        if problem["fix"] is None:
            continue
        folder = tmp_path / str(number)
        after = problems(case, folder, transpile, monkeypatch, problem["fix"])
        gone, new = counted(found) - counted(after), counted(after) - counted(found)
        assert place(problem) in gone, f"{problem} remains"
        expected = {
            code
            for (name, words), codes in REVEALED.items()
            if name == case.stem and words in problem["message"]
            for code in codes.split()
        }
        assert {code for _, _, code in new} <= expected, f"{problem} gives {new}"


def problems(
    case: Path,
    folder: Path,
    transpile: Transpile,
    monkeypatch: pytest.MonkeyPatch,
    fix: Json = None,
) -> list[Json]:
    """What is said about a copy of a case, with a fix."""
    copy_case(case, folder)
    monkeypatch.chdir(folder)
    if fix:
        apply(folder, fix)
    return transpile("compile", "pipeline.yaml", *environment_of(case), "--format", "json").problems


def apply(folder: Path, fix: Json) -> None:
    """Write the edits of a fix, the last first."""
    for edit in sorted(fix["edits"], key=lambda each: (each["line"], each["column"]), reverse=True):
        path = folder / edit["file"]
        source = Source("", path.read_text(encoding="utf-8"))
        start = source.offset(edit["line"], edit["column"])
        end = source.offset(edit["endLine"], edit["endColumn"])
        path.write_text(source.text[:start] + edit["text"] + source.text[end:], encoding="utf-8")


def place(problem: Json) -> tuple[str, int, str]:
    return problem["file"], problem["line"], problem["code"]


def counted(found: list[Json]) -> Counter[tuple[str, int, str]]:
    return Counter(map(place, found))


def test_revealed_mistakes_are_of_cases_that_exist() -> None:
    assert {name for name, _ in REVEALED} <= {path.stem for path in cases()}


@pytest.mark.parametrize("case", cases(), ids=lambda path: path.stem)
def test_a_word_that_is_proposed_can_be_written(
    case: Path, transpile: Transpile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `did you mean` without a fix would be a hint that nobody tried."""
    for problem in problems(case, tmp_path / "case", transpile, monkeypatch):
        if problem["hint"].startswith("did you mean `"):
            assert problem["fix"], problem


# ------------------------------------------------------------------ `check --fix`

WRONG = """\
name: f
Labels: {a: 1}
components:
  e: {inputs: [{name: a}], implementation: {container: {image: "Alpine:3", command: [echo, {inputValue: a}]}}}
tasks:
  d: {Component: e, arguments: {a: "x"}}
  b: {component: e, arguments: {A: x}, keepFiles: yes, after: c, timeout: 90 }
  c: {component: e, arguments: {aa: x}}
"""
CORRECTED = (
    WRONG.replace("Labels: {a: 1}", 'labels: {a: "1"}')
    .replace("Alpine", "alpine")
    .replace("Component", "component")
    .replace("A: x", "a: x")
    .replace("yes", "true")
    .replace("after: c", "after: [c]")
)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_safe_fixes_are_written_and_nothing_else(
    mark: bytes, line_end: bytes, transpile: Transpile, tmp_path: Path
) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_bytes(mark + WRONG.encode().replace(b"\n", line_end))
    result = transpile("check", path, "--fix", "--format", "concise")
    assert path.read_bytes() == mark + CORRECTED.encode().replace(b"\n", line_end)
    assert [line.partition(" ")[2] for line in result.stdout.splitlines()] == [
        "error[unknown-argument]: component `e` has no input `aa`; did you mean `a`?"
    ]
    assert "checked 1 file: 1 error; corrected 7 mistakes" in again(path, transpile)


def again(path: Path, transpile: Transpile) -> str:
    path.write_text(WRONG, encoding="utf-8")
    return transpile("check", path, "--fix").stderr


def test_without_the_option_nothing_is_written(transpile: Transpile, tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text(WRONG, encoding="utf-8")
    result = transpile("check", path)
    assert path.read_text(encoding="utf-8") == WRONG
    assert "`transpile check --fix` corrects 6 of them" in result.stderr


def test_only_files_that_are_checked_are_corrected(transpile: Transpile, tmp_path: Path) -> None:
    component = 'name: c\nimplementation: {container: {Image: "alpine:3", command: [echo]}}\n'
    (tmp_path / "c.yaml").write_text(component, encoding="utf-8")
    (tmp_path / "p.yaml").write_text("name: p\ntasks: {a: {component: ./c.yaml}}\n", encoding="utf-8")
    transpile("check", tmp_path / "p.yaml", "--fix")
    assert (tmp_path / "c.yaml").read_text(encoding="utf-8") == component
    assert transpile("check", tmp_path, "--fix").code == 0
    assert (tmp_path / "c.yaml").read_text(encoding="utf-8") == component.replace("Image", "image")


def test_a_link_out_of_the_checkout_is_not_written(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("name: p\nTasks: {}\n", encoding="utf-8")
    (tmp_path / "checkout" / ".git").mkdir(parents=True)
    (tmp_path / "checkout" / "p.yaml").symlink_to(tmp_path / "outside.yaml")
    result = transpile("check", tmp_path / "checkout" / "p.yaml", "--fix")
    assert result.code == 2
    assert (tmp_path / "outside.yaml").read_text(encoding="utf-8") == "name: p\nTasks: {}\n"


def test_samples_need_no_fix(transpile: Transpile) -> None:
    assert "--fix" not in transpile("check", REPOSITORY / "samples").stderr
