"""`transpile check`: which files, which of their warnings count, and when it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Transpile
from transpiler.cli.usage import USAGE

Write = Callable[[dict[str, str]], Path]

RIGHT = """\
name: right
tasks:
  a: {template: {container: {image: "alpine:3.20", command: ["true"]}}}
"""
WARNED = """\
name: warned
tasks:
  a:
    template: {container: {image: "alpine:3.20", command: ["true"]}}
    forEach: {start: 3, end: 1}
"""
WRONG = "name: wrong\ntasks: {}\n"


def codes(result: object) -> list[str]:
    return [each["code"] for each in result.problems]  # type: ignore[attr-defined]


# ------------------------------------------------------------------ which files


def test_without_a_path_it_checks_this_folder(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"a.yaml": RIGHT, "below/b.yaml": WARNED}))
    result = transpile("check", "--format", "concise")
    assert result.stdout.startswith("below/b.yaml:5:30: warning[empty-range]")
    assert "checked 2 files: 1 warning" in transpile("check").stderr


def test_a_folder_without_manifests_is_no_success(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"notes.yaml": "a: 1\n"}))
    result = transpile("check")
    assert (result.code, result.stdout) == (USAGE, "")
    assert "no manifest or component below `.`" in result.stderr
    assert transpile("check", "--exclude", "notes.yaml").code == USAGE


@pytest.mark.parametrize(
    "pattern",
    ["old", "old/", "./old", "ol?", "old/*", "old/**", "old/deep", "**/deep", "**/bad.yaml", "bad.yaml", "*/deep/b*"],
)
def test_excluded_files_are_not_read(pattern: str, transpile: Transpile, write: Write) -> None:
    folder = write({"a.yaml": RIGHT, "old/deep/bad.yaml": WRONG})
    assert transpile("check", folder).code == 1
    assert transpile("check", folder, "--exclude", pattern).code == 0


@pytest.mark.parametrize("pattern", ["deep/bad.yaml", "OLD", "old/bad.yaml", "b"])
def test_a_pattern_describes_a_whole_name_or_path(pattern: str, transpile: Transpile, write: Write) -> None:
    folder = write({"a.yaml": RIGHT, "old/deep/bad.yaml": WRONG})
    assert transpile("check", folder, "--exclude", pattern).code == 1


def test_a_file_that_is_named_is_checked_in_any_case(transpile: Transpile, write: Write) -> None:
    folder = write({"bad.yaml": WRONG})
    assert transpile("check", folder / "bad.yaml", "--exclude", "bad.yaml").code == 1


# ------------------------------------------------------------------ when it fails


@pytest.mark.parametrize("command", ["check", "compile"])
def test_warnings_fail_where_that_is_asked(command: str, transpile: Transpile, write: Write) -> None:
    manifest = write({"pipeline.yaml": WARNED, "right.yaml": RIGHT}) / "pipeline.yaml"
    assert transpile(command, manifest).code == 0
    strict = transpile(command, manifest, "--strict")
    assert strict.code == 1
    assert "kind: Workflow" not in strict.stdout
    assert transpile(command, manifest.parent / "right.yaml", "--strict").code == 0


# ------------------------------------------------------------------ which warnings count


def ignoring(comment: str, *, above: bool = False) -> str:
    line = "    forEach: {start: 3, end: 1}"
    return WARNED.replace(line, f"    {comment}\n\n    # a note\n{line}" if above else f"{line} {comment}")


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize(
    "comment", ["# transpile: ignore[empty-range] none yet", "#transpile:ignore[ empty-range ]: x"]
)
def test_a_comment_ignores_a_warning(comment: str, above: bool, transpile: Transpile, write: Write) -> None:
    manifest = write({"pipeline.yaml": ignoring(comment, above=above)}) / "pipeline.yaml"
    assert transpile("check", manifest, "--strict", "--format", "json").problems == []
    compiled = transpile("compile", manifest, "--strict")
    assert compiled.code == 0
    assert compiled.workflow["kind"] == "Workflow"


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# transpile: ignore why", "this comment names no code to ignore"),
        ("# transpile: ignore[] why", "this comment names no code to ignore"),
        ("# transpile: ignore[empty-range]", "this comment gives no reason"),
        ("# transpile: ignore[empty-range, empty-rage] why", "there is no code `empty-rage`"),
        ("# transpile: ignore[empty-range, cycle] why", "`cycle` is an error; only warnings can be ignored"),
        ("# transpile: ignore[empty-range, unused-input] why", "there is no warning `unused-input` on line 5"),
    ],
)
def test_a_comment_that_ignores_nothing_is_reported(
    comment: str, message: str, transpile: Transpile, write: Write
) -> None:
    problems = transpile("check", write({"p.yaml": ignoring(comment)}) / "p.yaml", "--format", "json").problems
    (found,) = [each for each in problems if each["code"] == "ignore-comment"]
    assert (found["line"], found["message"], found["severity"]) == (5, message, "warning")


def test_a_comment_ignores_no_error(transpile: Transpile, write: Write) -> None:
    manifest = RIGHT.replace("tasks:", "tsks: # transpile: ignore[unknown-key] it is right")
    result = transpile("check", write({"p.yaml": manifest}) / "p.yaml", "--format", "json")
    assert (result.code, codes(result)) == (1, ["unknown-key"])


def test_a_comment_in_a_component_counts_for_each_manifest(transpile: Transpile, write: Write) -> None:
    component = """\
name: c
inputs:
  - {name: a}
  - {name: b, type: Integer, default: many}  # transpile: ignore[wrong-default] the program knows it
implementation: {container: {image: "alpine:3.20", command: [echo, {inputValue: a}, {inputValue: b}]}}
"""
    manifest = "name: p\ntasks:\n  a: {component: ./c, arguments: {a: x}}\n"
    files = {"c/component.yaml": component, "p.yaml": manifest}
    assert transpile("check", write(files), "--strict", "--format", "json").problems == []
    files["c/component.yaml"] = component.replace("  # transpile: ignore[wrong-default] the program knows it", "")
    assert codes(transpile("check", write(files), "--format", "json")) == ["wrong-default"]


def test_a_comment_behind_the_sign_of_a_block_counts_for_the_text(transpile: Transpile, write: Write) -> None:
    manifest = """\
name: p
tasks:
  a:
    template:
      script:
        image: alpine:3.20
        command: [sh]
        source: |  # COMMENT
          echo $$
"""
    warned = codes(transpile("check", write({"p.yaml": manifest}) / "p.yaml", "--format", "json"))
    assert warned == ["dollar-expansion"]
    comment = "transpile: ignore[dollar-expansion] a literal dollar is meant"
    told = transpile("check", write({"p.yaml": manifest.replace("COMMENT", comment)}) / "p.yaml", "--format", "json")
    assert codes(told) == []
