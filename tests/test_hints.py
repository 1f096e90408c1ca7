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
