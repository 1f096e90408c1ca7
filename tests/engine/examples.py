"""Argo's own example Workflows, each with the templates and settings of the examples that it names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tests.judges import go

Json = Any
_SHARED = ("WorkflowTemplate", "ClusterWorkflowTemplate", "ConfigMap")


@cache
def examples() -> dict[str, list[Json]]:
    """Name of a file → the objects of its Workflow, which is the last."""
    folder = go.argo_sources() / "examples"
    documents = {path: list(_documents(path)) for path in sorted(folder.rglob("*.yaml"))}
    shared = {_key(each): each for found in documents.values() for each in found if each.get("kind") in _SHARED}
    found = {}
    for path, objects in documents.items():
        workflows = [each for each in objects if each.get("kind") == "Workflow"]
        for number, workflow in enumerate(workflows):
            name = path.relative_to(folder).as_posix() + (f"#{number}" if number else "")
            found[name] = [*(shared[each] for each in sorted(_needed(workflow, shared))), workflow]
    return found


def _documents(path: Path) -> Iterator[Json]:
    try:
        for each in YAML(typ="safe", pure=True).load_all(path.read_text(encoding="utf-8")):
            if isinstance(each, dict):
                yield json.loads(json.dumps(each, default=str))
    except YAMLError:  # one has a key twice
        return


def _key(each: Json) -> tuple[str, str]:
    return each["kind"], each["metadata"].get("name", "")


def _needed(workflow: Json, shared: dict[tuple[str, str], Json]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    waiting = [workflow]
    while waiting:
        new = set(_named(waiting.pop())) & shared.keys() - found
        found |= new
        waiting += [shared[each] for each in new]
    return found


def _named(data: Json) -> Iterator[tuple[str, str]]:
    if isinstance(data, list):
        for each in data:
            yield from _named(each)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in ("templateRef", "workflowTemplateRef") and isinstance(value, dict):
                kind = "ClusterWorkflowTemplate" if value.get("clusterScope") else "WorkflowTemplate"
                yield kind, value.get("name", "")
            elif key == "configMapKeyRef" and isinstance(value, dict):
                yield "ConfigMap", value.get("name", "")
            yield from _named(value)
