"""Our container templates against those of kfp 1.8.22, for every component of the public catalog at hand.

Equal means: image, command, args, environment, files given and files taken, with the values put in.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import CATALOG, Transpile
from tests.judges import kfp

OWN = Path(__file__).parent / "kfp"
FILES = sorted(OWN.glob("*.yaml")) + sorted(CATALOG.rglob("component.yaml"))
VALUES = {
    "Integer": "7", "Float": "0.5", "Boolean": "True", "Bool": "True", "JsonArray": "[1, 2]", "List": "[1, 2]",
    "JsonObject": '{"k": 1}', "Dict": '{"k": 1}',
}  # fmt: skip
KFP_IS_WRONG = {
    # KFP rewrites defaults of optional Float inputs with float(): `0` becomes `0.0`. A default is used verbatim here.
    ("XGBoost/Train/component.yaml", "0.0"): "0",
    ("optional_float.yaml", "1.0"): "1",
}


def name_of(path: Path) -> str:
    return path.relative_to(CATALOG if path.is_relative_to(CATALOG) else OWN).as_posix()


def containers() -> list[Path]:
    return [path for path in FILES if "container" in (load(path).get("implementation") or {})]


def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    return document


def arguments(component: dict[str, Any], full: bool) -> dict[str, str]:
    """A text for every input, or for those that need one."""
    chosen = {}
    for given in component.get("inputs") or []:
        if full or ("default" not in given and not given.get("optional")):
            kind = given.get("type")
            kind = next(iter(kind)) if isinstance(kind, dict) else kind
            chosen[given["name"]] = VALUES.get(kind, f"value of {given['name']}")
    return chosen


@pytest.fixture(scope="module")
def answers() -> dict[str, kfp.Answer]:
    if kfp.python() is None:
        pytest.skip("kfp 1.8.22 is not at hand: set TRANSPILE_KFP_PYTHON, or run .ci/run")
    requests = [
        kfp.Request(f"{name_of(path)} {'full' if full else 'min'}", str(path), arguments(load(path), full))
        for path in containers()
        for full in (False, True)
    ]
    return kfp.expand(requests)


@pytest.mark.parametrize("full", [False, True], ids=["min", "full"])
@pytest.mark.parametrize("path", containers(), ids=name_of)
def test_equals_kfp(
    path: Path, full: bool, answers: dict[str, kfp.Answer], transpile: Transpile, tmp_path: Path
) -> None:
    given = arguments(load(path), full)
    component = tmp_path / "component.yaml"
    component.write_bytes(path.read_bytes())
    manifest = {"name": "one", "tasks": {"task": {"component": "./component.yaml", "arguments": given}}}
    outputs = load(path).get("outputs") or []
    manifest["outputs"] = {f"o{i}": f"${{{{ tasks.task.outputs['{o['name']}'] }}}}" for i, o in enumerate(outputs)}
    (tmp_path / "pipeline.yaml").write_text(json.dumps(manifest))
    result = transpile("compile", tmp_path / "pipeline.yaml", "--format", "json")
    if never_written(result.problems if result.code else []):
        del manifest["outputs"]
        (tmp_path / "pipeline.yaml").write_text(json.dumps(manifest))
        result = transpile("compile", tmp_path / "pipeline.yaml", "--format", "json")
    expected = answers[f"{name_of(path)} {'full' if full else 'min'}"]
    assert expected.error == ""
    ours = resolved(result.workflow)
    assert ours["image"] == expected.image
    assert ours["command"] == corrected(expected.command, path)
    assert ours["args"] == corrected(expected.args, path)
    assert ours["env"] == {variable["name"]: variable for variable in expected.env}, "the last of equal names counts"
    named = {place: data for place, data in expected.inputs.items() if place in [*expected.command, *expected.args]}
    assert {place: data for place, data in ours["files"].items() if place in named} == named
    if "outputs" in manifest:
        assert ours["outputs"] == set(expected.outputs.values())


def never_written(problems: list[dict[str, Any]]) -> bool:
    """KFP emits an artifact that fails the run; here exporting such an output is an error."""
    return bool(problems) and {problem["code"] for problem in problems if problem["severity"] == "error"} == {
        "output-never-written"
    }


def corrected(words: list[str], path: Path) -> list[str]:
    return [KFP_IS_WRONG.get((name_of(path), word), word) for word in words]


def resolved(workflow: dict[str, Any]) -> dict[str, Any]:
    """The one container template of a Workflow, with the values that its one task passes."""
    entry, template = workflow["spec"]["templates"]
    passed = entry["dag"]["tasks"][0].get("arguments", {})
    inputs = template.get("inputs", {})
    values = {each["name"]: each.get("value", "") for each in inputs.get("parameters", [])}
    values |= {each["name"]: each["value"] for each in passed.get("parameters", [])}
    data = {each["name"]: each["raw"]["data"] for each in passed.get("artifacts", [])}
    files = {
        each["path"]: data.get(each["name"], each.get("raw", {}).get("data")) for each in inputs.get("artifacts", [])
    }
    container = template["container"]
    outputs = template.get("outputs", {})
    return {
        "image": container["image"],
        "command": [put(word, values) for word in container.get("command", [])],
        "args": [put(word, values) for word in container.get("args", [])],
        "env": {variable["name"]: variable for variable in container.get("env", [])},
        "files": files,
        "outputs": {each["valueFrom"]["path"] for each in outputs.get("parameters", [])}
        | {each["path"] for each in outputs.get("artifacts", [])},
    }


_VALUE = re.compile(
    r"\{\{(?:inputs\.parameters\.([-\w]+)|=('\{' \+ )?replace\(inputs\.parameters\['([-\w]+)'\], '\$', '\$\$'\))\}\}"
)
"""A value in a word: by itself, or with each `$` doubled for the kubelet, which makes one of two again."""


def put(word: str, values: dict[str, str]) -> str:
    """A word as Argo makes it, but for what the kubelet undoes: KFP's words are compared as they are before it."""
    return _VALUE.sub(lambda tag: ("{" if tag[2] else "") + values[tag[1] or tag[3]], word)
