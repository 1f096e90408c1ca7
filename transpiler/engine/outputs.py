"""Outputs of DAGs and steps, which come of what runs in them, and outputs of the whole run."""

from __future__ import annotations

from typing import Any

from transpiler.engine import gojson, texts
from transpiler.engine.errors import CallError
from transpiler.engine.run import Run
from transpiler.engine.scope import Scope
from transpiler.engine.texts import TagError
from transpiler.plan.argo_objects import Node


def outputs_of(template: Node, scope: Scope) -> Node | None:
    """The outputs of a DAG or of steps that succeeded; None if it has none. Raises CallError."""
    declared = template.get("outputs") or {}
    parameters, artifacts = declared.get("parameters") or [], declared.get("artifacts") or []
    if not parameters and not artifacts and declared.get("result") is None:
        return None
    found: Node = {}
    if parameters:
        found["parameters"] = [_parameter(each, scope) for each in parameters]
    if artifacts:
        files = [(each, _artifact(each, scope)) for each in artifacts]
        found["artifacts"] = [{**file, "name": each["name"]} for each, file in files if file is not None]
    return found


def _parameter(declared: Node, scope: Scope) -> Node:
    source = declared.get("valueFrom")
    if not source:
        raise CallError("output parameters must have a valueFrom specified")
    default = source.get("default")
    try:
        value = _value(source, scope)
    except TagError as error:
        if default is None:
            raise CallError(str(error)) from error
        value = default
    if value is None:
        value = default
    if value is None:
        reference = source.get("parameter", "")
        raise CallError(
            f'output parameter "{declared["name"]}": "{reference}" is an absent optional '
            "(skipped/omitted node output with no default)"
        )
    kept = {key: each for key, each in declared.items() if key not in ("valueFrom", "value")}
    return {**kept, "value": as_text(value)}


def _value(source: Node, scope: Scope) -> Any:
    if source.get("expression"):
        found = texts.evaluated(source["expression"], scope.all)
        if found is None:
            raise TagError(f'failed to evaluate expression "{source["expression"]}"')
        return found
    if not source.get("parameter"):
        return ""
    return texts.resolved(source["parameter"], scope.all)


def as_text(value: Any) -> str:
    """A value of an expression as Argo's `AnyString` has it."""
    if isinstance(value, str):
        return value
    return gojson.written(value) if not isinstance(value, bool) else ("true" if value else "false")


def _artifact(declared: Node, scope: Scope) -> Node | None:
    try:
        return scope.artifact(declared)
    except TagError as error:
        if declared.get("optional") and "Unable to resolve" in str(error):
            return None
        raise CallError(f"unable to resolve outputs from scope: {error}") from error


def add_globals(run: Run, outputs: Node | None) -> None:
    """Outputs with a global name are outputs of the run, and variables of all that starts later."""
    for each in (outputs or {}).get("parameters") or []:
        name = each.get("globalName")
        if name:
            _set(run, "parameters", {"name": name, **({"value": each["value"]} if "value" in each else {})})
            if "value" in each:
                run.globals[f"workflow.outputs.parameters.{name}"] = each["value"]
    for each in (outputs or {}).get("artifacts") or []:
        if each.get("globalName"):
            kept = {key: value for key, value in each.items() if key not in ("globalName", "path")}
            _set(run, "artifacts", {**kept, "name": each["globalName"]})


def _set(run: Run, kind: str, value: Node) -> None:
    known = run.outputs.setdefault(kind, [])
    if value not in known:
        run.version += 1
        run.nodes.changes += 1
    place = next((place for place, each in enumerate(known) if each["name"] == value["name"]), None)
    if place is None:
        known.append(value)
    elif known[place] != value:
        known[place] = value
