"""Argo's objects as plain data (`docs/fields.md` of Argo Workflows v4). Independent of pipelines and components."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Node = dict[str, Any]
"""A mapping of Argo's fields: texts, whole numbers, booleans, lists and mappings."""


def without_empty(fields: Mapping[str, Any]) -> Node:
    """The fields that say something."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {}, ())}


def parameter(name: str, value: object = None, **fields: Any) -> Node:
    """A parameter, in any of the places that Argo has for one. A value may be the empty text."""
    given = {} if value is None else {"value": value}
    return {"name": name, **given, **without_empty(fields)}


def artifact(name: str, path: str = "", **fields: Any) -> Node:
    """An artifact, in any of the places that Argo has for one."""
    return {"name": name, **without_empty({"path": path, **fields})}


def ports(parameters: Iterable[Node] = (), artifacts: Iterable[Node] = ()) -> Node:
    """Argo's Inputs, Outputs and Arguments, which have one shape."""
    return without_empty({"parameters": list(parameters), "artifacts": list(artifacts)})


def workflow_spec(node: Node) -> Node:
    """The `spec` of the Workflow that an object is or starts."""
    spec: Node = node["spec"]
    found: Node = spec.get("workflowSpec", spec)
    return found


def spec_path(node: Node) -> tuple[str, ...]:
    """Where that `spec` stands in the object."""
    return ("spec", "workflowSpec") if "workflowSpec" in node["spec"] else ("spec",)


def with_workflow_spec(node: Node, spec: Node) -> Node:
    """The object with another `spec` of its Workflow."""
    return {**node, "spec": {**node["spec"], "workflowSpec": spec} if "workflowSpec" in node["spec"] else spec}


def is_suspended(objects: Sequence[Node]) -> bool:
    """True if the last object, which runs, waits for somebody to start it."""
    return bool("spec" in objects[-1] and workflow_spec(objects[-1]).get("suspend"))


def resumed(objects: Sequence[Node]) -> tuple[Node, ...]:
    """The objects of a run that somebody has started."""
    if not is_suspended(objects):
        return tuple(objects)
    spec = {key: value for key, value in workflow_spec(objects[-1]).items() if key != "suspend"}
    return (*objects[:-1], with_workflow_spec(objects[-1], spec))


def json_bytes(node: Any) -> int:
    """How many bytes an API server stores of an object: compact JSON in UTF-8."""
    return len(json.dumps(node, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def identity(node: Node) -> str:
    """A text that equal objects share."""
    return json.dumps(node, sort_keys=True, ensure_ascii=False)
