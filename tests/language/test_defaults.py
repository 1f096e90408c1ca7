"""What a task takes off, or says over, `defaults`: the same comes out as if it alone said what is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import Transpile

CASES = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml").with_stem("defaults"))
CONTAINER = {"image": "a/b", "command": ["x"]}
SHAPES: dict[str, Any] = {
    "component": {"component": {"implementation": {"container": CONTAINER}}},
    "container": {"template": {"container": CONTAINER}},
    "script": {"template": {"script": {**CONTAINER, "source": "x"}}},
}
PLACES = ("task", "group", "hook", "exit")


def manifest(task: dict[str, Any], place: str, defaults: dict[str, Any]) -> str:
    quiet: dict[str, Any] = {"template": {"suspend": {}}}
    tasks: dict[str, Any] = {"t": task}
    if place == "group":
        tasks = {"g": {"tasks": tasks}}
    elif place == "hook":
        tasks = {"q": {**quiet, "onExit": task}}
    elif place == "exit":
        tasks = {"q": quiet}
    whole = {"name": "p", "inputs": {"x": "1", "y": "2"}, "defaults": defaults, "tasks": tasks}
    return json.dumps(whole | ({"onExit": task} if place == "exit" else {}))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES["over"], ids=lambda case: case["says"])
def test_over_defaults(case: Any, shape: str, place: str, transpile: Transpile, tmp_path: Path) -> None:
    compiled = []
    for task, defaults in ((case["task"], case["defaults"]), (case["alone"], {})):
        path = tmp_path / "pipeline.yaml"
        path.write_text(manifest({**SHAPES[shape], **task}, place, defaults), encoding="utf-8")
        result = transpile("compile", path)
        assert result.code == 0, result.stderr
        assert "ignored-field" not in result.stderr
        compiled.append(result.workflow)
    assert compiled[0] == compiled[1]


@pytest.mark.parametrize("case", CASES["own"], ids=lambda case: json.dumps(case["defaults"]))
def test_a_template_of_its_own_counts(case: Any, transpile: Transpile, tmp_path: Path) -> None:
    task = {"container": {**CONTAINER, **case.get("container", {})}, **case.get("template", {})}
    path = tmp_path / "pipeline.yaml"
    path.write_text(manifest({"template": task}, "task", case["defaults"]), encoding="utf-8")
    result = transpile("compile", path)
    assert result.code == 0, result.stderr
    template = next(each for each in result.workflow["spec"]["templates"] if each["name"] == "t")
    assert template == {"name": "t", **task, **case.get("alone", {})}
