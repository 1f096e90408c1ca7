"""What `check` says about a component by itself: what the pipelines that use it would find out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Transpile

COMPONENT = """\
name: c
inputs:
  - {name: rows, type: Integer}
  - {name: table, type: CSV, optional: true}
outputs:
  - {name: model, type: Model}
implementation:
  container:
    image: alpine:3.20
    command: COMMAND
"""


def said(command: str, folder: Path, transpile: Transpile, text: str = COMPONENT) -> list[tuple[int, str]]:
    (folder / "component.yaml").write_text(text.replace("COMMAND", command), encoding="utf-8")
    result = transpile("check", folder / "component.yaml", "--format", "json")
    assert all(each["severity"] == "warning" for each in result.problems)
    return [(each["line"], each["code"]) for each in result.problems]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("[c, {inputValue: rows}, {inputPath: table}, {outputPath: model}]", []),
        ("[c, {inputValue: rows}, {outputPath: model}]", [(4, "unused-input")]),
        ("[c, {inputValue: rows}, {if: {cond: {isPresent: table}, then: [x]}}, {outputPath: model}]", []),
        ("[c, {if: {cond: true, then: [{inputValue: rows}], else: [{inputPath: table}]}}, {outputPath: model}]", []),
        ("[c, {concat: [{inputValue: rows}, {inputPath: table}]}]", [(6, "output-never-written")]),
        (
            "[sh, -c, 'c {inputValue: rows}', {inputPath: table}, {outputPath: model}]",
            [(3, "unused-input"), (10, "literal-placeholder")],
        ),
        (
            "[sh, -c, \"c {inputValue: 'rows'}\", {inputValue: rows}, {inputPath: table}, {outputPath: model}]",
            [(10, "literal-placeholder")],
        ),
        (
            "[sh, -c, 'c {inputValue: other} {x: rows}', {inputValue: rows}, {inputPath: table}, {outputPath: model}]",
            [],
        ),
    ],
)
def test_what_the_command_does_not_use(
    command: str, expected: list[tuple[int, str]], transpile: Transpile, tmp_path: Path
) -> None:
    assert said(command, tmp_path, transpile) == expected


@pytest.mark.parametrize(
    ("written", "is_slip"),
    [
        ("Intger", True), ("Strng", True), ("JsonAray", True), ("JsonObjct", True), ("Flaot", True), ("Boolen", True),
        ("Int", False), ("CSV", False), ("JSON", False), ("GCSPath", False), ("Stream", False), ("Object", False),
        ("Point", False), ("Bytes", False), ("Flow", False), ("Json", False), ("JsonLines", False), ("XGBoost", False),
    ],
)  # fmt: skip
def test_a_type_that_is_nearly_built_in(written: str, is_slip: bool, transpile: Transpile, tmp_path: Path) -> None:
    command = "[c, {inputValue: rows}, {inputPath: table}, {outputPath: model}]"
    text = COMPONENT.replace("Model}", f"{written}}}")
    assert said(command, tmp_path, transpile, text) == ([(6, "misspelt-type")] if is_slip else [])


def test_a_manifest_is_not_told_of_what_does_not_concern_it(transpile: Transpile, tmp_path: Path) -> None:
    said("[c, {inputValue: rows}]", tmp_path, transpile)
    manifest = "name: p\ntasks:\n  a: {component: ., arguments: {rows: 1}}\n"
    (tmp_path / "pipeline.yaml").write_text(manifest, encoding="utf-8")
    assert transpile("check", tmp_path / "pipeline.yaml", "--format", "json").problems == []
