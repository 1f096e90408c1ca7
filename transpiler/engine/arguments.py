"""Inputs of a template: the values and files that a call passes, defaults, and what stands in ConfigMaps.

Argo replaces tags in two passes: variables of the run and of the call first, then inputs, which may come of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from transpiler.argo.artifacts import LOCATIONS
from transpiler.engine import texts
from transpiler.engine.errors import CallError
from transpiler.engine.library import Library
from transpiler.engine.run import Run
from transpiler.engine.scope import ABSENT
from transpiler.engine.tags.substitution import json_of
from transpiler.engine.texts import TagError
from transpiler.plan.argo_objects import Node

_KEPT: Final = ("path", "mode", "recurseMode")


def with_inputs(run: Run, template: Node, arguments: Node, local: Mapping[str, str]) -> Node:
    """A template with its inputs, and their values for its tags. Raises CallError."""
    library, variables = run.library, run.globals
    inputs = template.get("inputs") or {}
    passed = {each.get("name"): each for each in arguments.get("parameters") or []}
    files = {each.get("name"): each for each in arguments.get("artifacts") or []}
    parameters = [
        _parameter(library, each, passed.get(each.get("name")), variables) for each in inputs.get("parameters") or []
    ]
    artifacts = [_artifact(each, files.get(each.get("name"))) for each in inputs.get("artifacts") or []]
    found = dict(template)
    if parameters or artifacts:
        found["inputs"] = {
            **({"parameters": parameters} if parameters else {}),
            **({"artifacts": artifacts} if artifacts else {}),
        }
    return with_values(run, found, local)


def _parameter(library: Library, given: Node, passed: Node | None, variables: Mapping[str, Any]) -> Node:
    found = dict(given)
    if found.get("value") is None and found.get("default") is not None:
        found["value"] = found["default"]
    if passed is not None and passed.get("value") == ABSENT:
        if found.get("value") is None and not found.get("valueFrom"):
            raise CallError(
                f"inputs.parameters.{found.get('name', '')}: argument references an absent optional "
                "(skipped/omitted node output with no default)"
            )
    elif passed is not None:
        found.pop("value", None)
        found.pop("valueFrom", None)
        found |= {key: passed[key] for key in ("value", "valueFrom") if passed.get(key) is not None}
        if "value" in found:
            found.pop("valueFrom", None)
    return _with_value(library, found, variables)


def _with_value(library: Library, found: Node, variables: Mapping[str, Any]) -> Node:
    reference = (found.get("valueFrom") or {}).get("configMapKeyRef")
    if reference:
        return {**found, "value": configured(library, found, variables)}
    if found.get("value") is None and not found.get("valueFrom"):
        raise CallError(f"inputs.parameters.{found.get('name', '')} was not supplied")
    if found.get("value") is None:
        return found
    return found


def configured(library: Library, parameter: Node, variables: Mapping[str, Any]) -> str:
    """The value of a parameter that stands in a ConfigMap. Raises CallError."""
    source = parameter["valueFrom"]
    try:
        reference = texts.replaced(source["configMapKeyRef"], variables, "all")
    except TagError as error:
        raise CallError(f"failed to substitute configMapKeyRef: {error}") from error
    data = library.config_maps.get(reference.get("name", ""), {})
    if reference.get("key") in data:
        return str(data[reference["key"]])
    if source.get("default") is not None:
        return str(source["default"])
    reason = f"ConfigMap '{reference.get('name', '')}' does not exist"
    if reference.get("name") in library.config_maps:
        reason = f"ConfigMap '{reference['name']}' does not have the key '{reference.get('key', '')}'"
    raise CallError(f"unable to retrieve inputs.parameters.{parameter.get('name', '')} from ConfigMap: {reason}")


def _artifact(given: Node, passed: Node | None) -> Node:
    if not given.get("optional") and not has_location(given):
        if passed is None:
            raise CallError(f"inputs.artifacts.{given.get('name', '')} was not supplied")
        if not has_location(passed):
            raise CallError(f"inputs.artifacts.{given.get('name', '')} missing location information")
    if passed is None:
        return given
    found = {key: value for key, value in passed.items() if key not in _KEPT}
    return {**found, **{key: given[key] for key in _KEPT if key in given}}


def has_location(artifact: Node) -> bool:
    """True if an artifact says where it is."""
    return any(artifact.get(each) for each in LOCATIONS)


def with_values(run: Run, template: Node, local: Mapping[str, str]) -> Node:
    """A template with variables, then inputs, for its tags; unknown tags stay. Raises CallError."""
    try:
        first: Node = texts.replaced(template, run.variables(local))
        second: Node = texts.replaced(first, run.variables({**local, **_of_template(first)}))
    except TagError as error:
        raise CallError(str(error)) from error
    return second


def _of_template(template: Node) -> dict[str, str]:
    inputs, outputs = template.get("inputs") or {}, template.get("outputs") or {}
    parameters = inputs.get("parameters") or []
    found = {f"inputs.parameters.{each.get('name', '')}": each["value"] for each in parameters if "value" in each}
    found["inputs.parameters"] = json_of(parameters) if parameters else "null"
    for kind, artifacts in (("inputs", inputs.get("artifacts")), ("outputs", outputs.get("artifacts"))):
        found |= {
            f"{kind}.artifacts.{each.get('name', '')}.path": each["path"]
            for each in artifacts or []
            if each.get("path")
        }
    for each in outputs.get("parameters") or []:
        path = (each.get("valueFrom") or {}).get("path")
        if path:
            found[f"outputs.parameters.{each.get('name', '')}.path"] = path
    return found
