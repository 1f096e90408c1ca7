"""The outputs of the items of a loop, as one list each: what a task after the loop reads."""

from __future__ import annotations

from typing import Any

from transpiler.engine import gojson
from transpiler.engine.nodes import NodeState


def aggregated(items: list[NodeState]) -> dict[str, str] | str:
    """Lists in the order of the items, of those that succeeded; a message if a result is no JSON."""
    if not items:
        return {}
    nodes = [each for each in items if each.outputs is not None and each.phase == "Succeeded"]
    sets = [_parameters(each) for each in nodes]
    try:
        results = [gojson.parsed(result, exact=True) for result in map(_result, nodes) if result is not None]
    except (ValueError, RecursionError) as error:
        return _message(nodes, error)
    found = {"outputs.result": gojson.written(results, is_sorted=False)}
    found["outputs.parameters"] = gojson.written([each for each in sets if each])
    for name in dict.fromkeys(name for each in sets for name in each):
        found[f"outputs.parameters.{name}"] = _joined([each[name] for each in sets if name in each])
    return found


def _parameters(node: NodeState) -> dict[str, str]:
    return {each["name"]: each.get("value") or "" for each in (node.outputs or {}).get("parameters") or []}


def _result(node: NodeState) -> str | None:
    return (node.outputs or {}).get("result")


def _joined(values: list[str]) -> str:
    """JSON values if all of them are lists or mappings, else texts."""
    try:
        read: list[Any] = [gojson.parsed(each) for each in values]
    except (ValueError, RecursionError):
        return gojson.written(values)
    return gojson.written(read if all(isinstance(each, (dict, list)) for each in read) else values)


def _message(nodes: list[NodeState], error: Exception) -> str:
    for result in map(_result, nodes):
        try:
            gojson.parsed(result or "[]")
        except (ValueError, RecursionError):
            return gojson.why_no_json(result or "")
    return str(error)
