"""A node that waits: for a time, or until somebody supplies its outputs."""

from __future__ import annotations

import json

from transpiler.engine.errors import CallError
from transpiler.engine.nodes import NodeState
from transpiler.engine.protocol import Ask, Supplied
from transpiler.engine.run import NEVER, Run
from transpiler.engine.times import duration
from transpiler.plan.argo_objects import Node


def go_on(run: Run, node: NodeState) -> None:
    """A node starts to wait, or has waited enough. Raises CallError."""
    template = node.work.template
    if node.phase == "Pending":
        _begin(node, template)
    wanted, due = template["suspend"].get("duration"), NEVER
    if wanted:
        due = node.started + duration(str(wanted))
        if run.now > due:
            take_defaults(node)
            run.asked.pop(node.id, None)
            run.mark(node, "Succeeded")
            return
        run.due_after(due)
        run.later(node)
    if run.deadline < NEVER:
        run.due_after(run.deadline)
    if run.shutdown.how:  # the next look at it ends it
        run.later(node)
    if node.phase != "Running":
        run.mark(node, "Running")
    if node.id not in run.asked:
        run.asked[node.id] = node
        run.orders.append(_ask(node, due if wanted else None))


def _ask(node: NodeState, until: float | None) -> Ask:
    outputs, inputs = node.outputs or {}, node.inputs or {}
    return Ask(
        node.id,
        node.name,
        tuple(each["name"] for each in outputs.get("parameters") or []),
        tuple(inputs.get("parameters") or []),
        until,
    )


def _begin(node: NodeState, template: Node) -> None:
    inputs = (template.get("inputs") or {}).get("parameters") or []
    defaults = {each["name"]: each["default"] for each in inputs if each.get("default") is not None}
    declared = (template.get("outputs") or {}).get("parameters") or []
    supplied = [_with_default(each, defaults) for each in declared if "supplied" in (each.get("valueFrom") or {})]
    if supplied:
        node.outputs = {"parameters": supplied}
    if node.inputs and node.inputs.get("parameters"):
        node.inputs = {**node.inputs, "parameters": [_with_choice(each) for each in node.inputs["parameters"]]}


def _with_default(declared: Node, defaults: dict[str, str]) -> Node:
    source = declared["valueFrom"]
    if source.get("default") is None and declared["name"] in defaults:
        return {**declared, "valueFrom": {**source, "default": defaults[declared["name"]]}}
    return declared


def _with_choice(parameter: Node) -> Node:
    """An input whose value is a parameter in JSON with an `enum` offers that."""
    try:
        enum = json.loads(parameter.get("value") or "").get("enum")
    except (ValueError, AttributeError, RecursionError):
        return parameter
    if not isinstance(enum, list) or not enum:
        return parameter
    return {"default": str(enum[0]), **parameter, "enum": [str(each) for each in enum]}


def take_defaults(node: NodeState) -> None:
    """What nobody supplied has its default. Raises CallError."""
    outputs = (node.outputs or {}).get("parameters") or []
    for each in outputs:
        source = each.get("valueFrom") or {}
        if "supplied" in source and source.get("default") is None:
            raise CallError(f"raw output parameter '{each['name']}' has not been set and does not have a default value")
    if outputs:
        node.outputs = {**(node.outputs or {}), "parameters": [_set(each, {}) for each in outputs]}


def _set(declared: Node, values: dict[str, str]) -> Node:
    source = declared.get("valueFrom") or {}
    if "supplied" not in source:
        return declared
    kept = {key: value for key, value in declared.items() if key != "valueFrom"}
    return {**kept, "value": values.get(declared["name"], source.get("default"))}


def supplied(run: Run, node: NodeState, event: Supplied) -> None:
    """Somebody has answered."""
    run.asked.pop(node.id, None)
    if node.is_over:
        return
    node.finished = event.at
    if event.fails:
        run.mark(node, "Failed", event.message)
        return
    outputs = (node.outputs or {}).get("parameters") or []
    missing = [
        each["name"]
        for each in outputs
        if each["name"] not in event.values and (each.get("valueFrom") or {}).get("default") is None
    ]
    if missing:
        run.fail(node, f"raw output parameter '{missing[0]}' has not been set and does not have a default value")
        return
    if outputs:
        node.outputs = {**(node.outputs or {}), "parameters": [_set(each, event.values) for each in outputs]}
    run.mark(node, "Succeeded", event.message or None)
