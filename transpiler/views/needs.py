"""What a Workflow needs before it can run: inputs without a value, and a store for files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from transpiler.argo.artifacts import LOCATIONS, STORES
from transpiler.plan.argo_objects import Node, workflow_spec


class Needs(Struct, frozen=True):
    """The needs of the objects of a pipeline."""

    inputs: tuple[str, ...] = ()
    """The inputs that must be given with each run."""
    storing: tuple[str, ...] = ()
    """The tasks whose files, or logs, go to the artifact repository of the cluster."""


def needs_of(objects: Sequence[Node]) -> Needs:
    """The needs of what was compiled: Argo's objects are what counts, after all passes."""
    if not objects:
        return Needs()
    specs = [workflow_spec(node) for node in objects]
    templates = [template for spec in specs for template in spec.get("templates", ())]
    logs = any(spec.get("archiveLogs") for spec in specs)
    storing = {template["name"] for template in templates if _stores(template, logs=logs)}
    tasks = dict.fromkeys(task["name"] for template in templates for task in _tasks(template) if _calls(task, storing))
    return Needs(tuple(_without_value(specs[-1])), tuple(tasks))


def _without_value(spec: Mapping[str, Any]) -> Iterator[str]:
    arguments = spec.get("arguments", {})
    for each in arguments.get("parameters", ()):
        if "value" not in each and "valueFrom" not in each:
            yield each["name"]
    for each in arguments.get("artifacts", ()):
        if not (each.get("optional") or any(kind in each for kind in LOCATIONS)):
            yield each["name"]


def _stores(template: Mapping[str, Any], *, logs: bool) -> bool:
    """True if the pods of a template keep something in the artifact repository, or take it from there."""
    if "archiveLocation" in template or {"dag", "steps", "suspend"} & template.keys():
        return False
    if template.get("archiveLogs", logs):
        return True
    written = template.get("outputs", {}).get("artifacts", ())
    return not all(any(_is_whole(each, kind) for kind in LOCATIONS) for each in written)


def _is_whole(artifact: Mapping[str, Any], kind: str) -> bool:
    return isinstance(artifact.get(kind), dict) and all(key in artifact[kind] for key in STORES[kind].whole)


def _tasks(template: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from template.get("dag", {}).get("tasks", ())
    for group in template.get("steps", ()):
        yield from group


def _calls(task: Mapping[str, Any], names: set[str]) -> bool:
    named = task.get("template") or task.get("templateRef", {}).get("template")
    inline = task.get("inline")
    return named in names or (isinstance(inline, dict) and _stores(inline, logs=False))
