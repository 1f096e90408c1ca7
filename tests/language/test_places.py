"""Every place of the manifest's schema where a text may stand: a reference is read there, or refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Transpile
from transpiler import resources

SCHEMA = resources.schema("pipeline")
ELSEWHERE = {"component", "template", "argo", "artifact", "valueFrom", "source", "emptyDir", "tolerations"}
"""What a component file, Kubernetes or Argo has fields for: data with rules of its own."""
TASK = {"template": {"container": {"image": "a", "command": ["a"]}}}
NAMES = {"volumes": "/data", "inputs": "given", "resources": "memory"}
Path_ = tuple[str, ...]


def resolved(schema: Any) -> Any:
    while schema.get("$ref", "").startswith("#"):
        node: Any = SCHEMA
        for step in schema["$ref"].strip("#/").split("/"):
            node = node[step]
        schema = {**node, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def places(schema: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The paths of the schema at which a scalar may stand; `*` is a name, `0` an item."""
    schema = resolved(schema)
    if "$ref" in schema or len(path) > MOST or (path and path[-1] in ELSEWHERE):
        return
    kinds = schema.get("type", [])
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if path and ("enum" in schema or not kinds or {"string", "integer", "number", "boolean"} & kinds):
        yield path
    for key, below in children(schema, path):
        yield from places(below, path if key in BRANCHES else (*path, key))


def children(schema: Any, path: Path_) -> Iterator[tuple[str, Any]]:
    for key, value in schema.get("properties", {}).items():
        if not (key in {"tasks", "hooks", "onExit"} and path[:1] in {("tasks",), ("onExit",)}):
            yield key, value
    for name, key in (("*", "additionalProperties"), ("0", "items"), *((each, each) for each in BRANCHES)):
        if isinstance(schema.get(key), dict):
            yield name, schema[key]


MOST = 7
BRANCHES = ("if", "then", "else")
ALL = sorted(set(places(SCHEMA)) - {()})


def manifest(path: Path_, text: str) -> dict[str, Any]:
    """A manifest with a text at a place, and what must stand around it."""
    whole: dict[str, Any] = {"name": "p", "inputs": {"a": "5m"}, "tasks": {"t": {**TASK}}}
    node: Any = whole
    names = [NAMES.get(path[at - 1], "t") if step == "*" else step for at, step in enumerate(path)]
    for at, (step, following) in enumerate(pairwise(names)):
        if isinstance(node, list):
            node.append([] if following == "0" else {})
            node = node[-1]
            continue
        if step not in node or not isinstance(node[step], (dict, list)):
            node[step] = [] if following == "0" else {}
        node = node[step]
        if path[at] == "*" and names[at - 1] in {"tasks", "onExit"} and "template" not in node:
            node.update(TASK)
    if isinstance(node, list):
        node.append(text)
    else:
        node[names[-1]] = text
    if path[0] == "presets":
        whole["tasks"]["t"]["use"] = "t"
    if path[0] != "tasks" and path[-1] == "image":  # for what names none
        whole["tasks"]["t"]["template"] = {"container": {"command": ["a"]}}
    return whole


@pytest.mark.parametrize("path", ALL, ids=".".join)
def test_a_reference_is_read_or_refused(path: Path_, transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_text(json.dumps(manifest(path, "${{ inputs.a }}")), encoding="utf-8")
    result = transpile("compile", tmp_path / "pipeline.yaml", "--format", "json")
    if result.code == 0:
        assert "${{" not in result.stdout
        assert "inputs.parameters.a" in result.stdout or "workflow.parameters.a" in result.stdout


def test_there_are_such_places() -> None:
    assert len(ALL) > 100
    assert {("description",), ("inputs", "*", "default"), ("tasks", "*", "volumes", "*", "size")} <= set(ALL)
