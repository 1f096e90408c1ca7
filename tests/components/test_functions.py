"""Components of Python functions against those that kfp 1.8.22 makes: the same interface, and the same runs.

The files of `functions` are found from disk. `RUNS` at the end of each maps its functions to texts of their inputs.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ruamel.yaml import YAML

from tests.conftest import Transpile
from tests.judges import kfp
from tests.support.containers import Container

FILES = sorted((Path(__file__).parent / "functions").glob("*.py"))
CANONICAL = {
    "List": "JsonArray", "list": "JsonArray", "Dict": "JsonObject", "dict": "JsonObject",
    "int": "Integer", "str": "String",
}  # fmt: skip
"""KFP takes these from annotations such as `typing.List[int]` and `int | None` as they are printed."""


def runs(path: Path) -> dict[str, list[dict[str, str]]]:
    tree = ast.parse(path.read_bytes())
    [value] = [
        each.value for each in tree.body if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "RUNS"
    ]
    found: dict[str, list[dict[str, str]]] = ast.literal_eval(value)
    return found


FUNCTIONS = [(path, name) for path in FILES for name in runs(path)]
CASES = [
    pytest.param(path, name, arguments, id=f"{path.stem}-{name}-{number}")
    for path, name in FUNCTIONS
    for number, arguments in enumerate(runs(path)[name], 1)
]


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, str]]:
    """What KFP makes of every function, by file and name."""
    if kfp.python() is None:
        pytest.skip("kfp 1.8.22 is not at hand: set TRANSPILE_KFP_PYTHON, or run .ci/run")
    return kfp.function_components({str(path): list(runs(path)) for path in FILES})


def load(text: str) -> dict[str, Any]:
    component: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return component


def test_there_are_many_and_varied_functions() -> None:
    assert len(FUNCTIONS) >= 30
    assert len(CASES) > len(FUNCTIONS)


@pytest.mark.parametrize(("path", "name"), FUNCTIONS, ids=lambda each: getattr(each, "stem", each))
def test_a_component_has_no_complaint(path: Path, name: str, transpile: Transpile, tmp_path: Path) -> None:
    target = tmp_path / "component.yaml"
    assert transpile("component", "from-function", f"{path}:{name}", "-o", target).code == 0
    result = transpile("check", target, "--format", "json")
    assert (result.code, result.problems) == (0, [])
    [program] = [word for word in load(target.read_text())["implementation"]["container"]["command"] if "\n" in word]
    assert target.read_text().count("\\n") < 20, "the program is a literal block"
    compile(program, name, "exec")


@pytest.mark.parametrize(("path", "name"), FUNCTIONS, ids=lambda each: getattr(each, "stem", each))
def test_the_interface_is_that_of_kfp(
    path: Path, name: str, expected: dict[str, dict[str, str]], transpile: Transpile
) -> None:
    ours = load(transpile("component", "from-function", f"{path}:{name}").stdout)
    theirs = yaml.safe_load(expected[str(path)][name])  # as KFP reads it: by YAML 1.1
    assert ours["name"] == theirs["name"]
    assert [port(each) for each in ours.get("outputs", [])] == [port(each) for each in theirs.get("outputs", [])]
    assert [port(each) for each in ours.get("inputs", [])] == [port(each) for each in theirs.get("inputs", [])]


def port(given: dict[str, Any]) -> dict[str, Any]:
    """What of an input or output others see. KFP calls one with a default optional too."""
    kind = given.get("type")
    short = re.fullmatch(r"(typing\.)?(\w+)(\[.*\]| \| None)", kind) if isinstance(kind, str) else None
    can_be_left_out = "default" in given or given.get("optional", False)
    kind = CANONICAL.get(short[2], kind) if short and isinstance(kind, str) else kind
    return {"name": given["name"], "type": kind, "default": given.get("default"), "can be left out": can_be_left_out}


@pytest.mark.parametrize(("path", "name", "arguments"), CASES)
def test_a_run_gives_what_the_program_of_kfp_gives(
    path: Path,
    name: str,
    arguments: dict[str, str],
    expected: dict[str, dict[str, str]],
    transpile: Transpile,
    tmp_path: Path,
) -> None:
    python = kfp.python()
    assert python is not None
    ours = load(transpile("component", "from-function", f"{path}:{name}").stdout)
    theirs = yaml.safe_load(expected[str(path)][name])  # as KFP reads it: by YAML 1.1
    answer = Container(theirs, arguments, tmp_path / "theirs", has_kubelet=False).run(python)  # it would change `$$`
    given = Container(ours, arguments, tmp_path / "ours").run(python)
    assert (given.code == 0) == (answer.code == 0), given.stderr + answer.stderr
    if answer.code == 0:
        assert given == answer
    assert given.stdout == answer.stdout
