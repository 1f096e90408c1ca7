"""Argo's own fields in a layer that would change the graph: what a task is, and what a run consists of.

Those of pods and of metadata are settings, as all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.build.values.keys import OF_TASKS
from transpiler.diagnostics import Report
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

_OF_A_RUN: Final = frozenset({"arguments", "entrypoint", "hooks", "onExit", "templates", "workflowTemplateRef"})
_HINT: Final = "the graph is the same everywhere; write it into the manifest"


def refuse_graph(layer: Map, report: Report) -> None:
    """Report such fields, and take them out."""
    own = fields.mapping(layer, "argo")
    spec = fields.mapping(own, "spec") if own is not None else None
    if spec is not None:
        for key in _OF_A_RUN.intersection(spec):
            _refuse(spec, key, f"`{key}` of a run is the same in every environment", report)
    for argo in _of_tasks(layer):
        if "task" in argo:
            _refuse(argo, "task", "`argo: {task: ...}` is a part of the graph, which is the same everywhere", report)


def _of_tasks(layer: Map) -> Iterator[Map]:
    """Each `argo` of settings of tasks."""
    bodies = [layer.get("defaults"), layer.get("onExit")]
    for key in ("presets", *OF_TASKS):
        named = layer.get(key)
        bodies += named.values() if isinstance(named, Map) else ()
    for body in bodies:
        argo = body.get("argo") if isinstance(body, Map) else None
        if isinstance(argo, Map):
            yield argo


def _refuse(node: Map, key: str, message: str, report: Report) -> None:
    report.error("fixed-graph", message, node.key_span(key), _HINT)
    node.mark_unusable(key)
