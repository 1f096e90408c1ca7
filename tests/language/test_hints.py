"""Ways out: what a hint says to write is what compiles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Transpile

MANIFEST = """\
name: hints
inputs: {{x: {{type: {given}, default: {default}}}}}
tasks:
  task:
    component:
      inputs: [{{name: y, type: {wanted}}}]
      implementation: {{container: {{image: alpine, command: [echo, {{inputValue: y}}]}}}}
    arguments: {{y: "${{{{ {value} }}}}"}}
"""
CONVERSIONS = [
    ("Integer", "1", "String", "string"),
    ("Boolean", "true", "String", "string"),
    ("String", "'1'", "Integer", "int"),
    ("String", "'1'", "Float", "float"),
    ("Float", "0.5", "Integer", "round"),
]


@pytest.mark.parametrize(("given", "default", "wanted", "function"), CONVERSIONS)
def test_a_conversion_is_an_expression_where_there_is_one(
    given: str, default: str, wanted: str, function: str, transpile: Transpile, write: Callable[[dict[str, str]], Path]
) -> None:
    def manifest(value: str) -> Path:
        text = MANIFEST.format(given=given, default=default, wanted=wanted, value=value)
        return write({"pipeline.yaml": text}) / "pipeline.yaml"

    (problem,) = transpile("check", manifest("inputs.x"), "--format", "json").problems
    assert problem["code"] == "type-mismatch"
    assert f"write {function}(...)" in problem["hint"]
    assert transpile("compile", manifest(f"{function}(inputs.x)")).code == 0


def test_no_hint_leads_back_to_what_was_written(transpile: Transpile, write: Callable[[dict[str, str]], Path]) -> None:
    manifest = """\
name: hints
inputs: {day: {default: monday}, escaped: {default: "$${{ inputs.day }}"}}
tasks:
  task:
    component: &show
      inputs: [{name: y, type: String}]
      implementation: {container: {image: alpine, command: [echo, {inputValue: y}]}}
    arguments: {y: "$${{ inputs.day }}"}
  plain:
    component: *show
    arguments: {y: "{{inputs.parameters.day}} ${{ inputs.escaped }}"}
  nothing:
    component: *show
    arguments:
      y: null
"""
    path = write({"pipeline.yaml": manifest}) / "pipeline.yaml"
    problems = transpile("check", path, "--format", "json").problems
    hints = {each["line"]: each["hint"] for each in problems if each["code"] == "argo-tag"}
    assert {line: "has no escape" in hint for line, hint in hints.items()} == {2: True, 8: True, 11: False}
    assert not any("write `${{" in hints[line] for line in (2, 8))
    (null,) = [each for each in problems if each["code"] == "missing-argument"]
    assert (null["line"], null["message"]) == (15, "null stands for the default, and input `y` has no default")


def test_a_name_is_shown_as_written(transpile: Transpile, write: Callable[[dict[str, str]], Path]) -> None:
    manifest = MANIFEST.format(given="String", default="a", wanted="String", value="inputs.x")
    path = write({"pipeline.yaml": manifest + '    env: {"BAD-NAME ": x}\n'}) / "pipeline.yaml"
    (problem,) = transpile("check", path, "--format", "json").problems
    assert "`BAD-NAME `" in problem["message"]
