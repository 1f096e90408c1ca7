"""The order of an object's fields: that in which Argo's and Kubernetes' types declare them, but for a few types.

`schemas/argo.schema.json` keeps that order. Keys that users choose, such as labels, are sorted. So the order of
fields depends neither on the manifest nor on which stage wrote a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from msgspec import Struct

from transpiler.plan.argo_objects import Node
from transpiler.resources import schema

_FIRST: Final = {
    "Workflow": ("apiVersion", "kind"),
    "WorkflowTemplate": ("apiVersion", "kind"),
    "ClusterWorkflowTemplate": ("apiVersion", "kind"),
    "CronWorkflow": ("apiVersion", "kind"),
    "CronWorkflowSpec": ("schedules", "timezone", "when"),
    "Template": (
        *("name", "metadata", "annotations", "inputs", "outputs", "nodeSelector", "tolerations", "affinity"),
        *("serviceAccountName", "podSpecPatch", "retryStrategy", "timeout", "memoize", "synchronization"),
        *("parallelism", "failFast", "daemon", "initContainers"),
    ),
    "DAGTask": ("name", "template", "templateRef", "inline", "depends", "when"),
    "LifecycleHook": ("expression", "template", "templateRef"),
    "ScriptTemplate": ("name", "image", "command", "args", "source"),
}
"""Type → fields that come before all others, because they are read first."""
_LAST: Final = {
    "WorkflowSpec": ("templates",),
    "CronWorkflowSpec": ("workflowSpec",),
    "DAGTask": ("arguments", "hooks"),
}
"""Type → fields that come after all others, because they are long."""


def in_field_order(node: Node) -> Node:
    """The object with all its fields in order; its `kind` is one of Argo's."""
    ordered: Node = _ordered(node, _reference(node["kind"]))
    return ordered


class _Type(Struct, frozen=True):
    """Fields with the schemas of their values, in order; `rest` is the schema of values under keys of the user's."""

    fields: Mapping[str, Mapping[str, Any]]
    ranks: Mapping[str, int]
    rest: Mapping[str, Any]


def _ordered(value: Any, schema: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        items = _items(schema)
        return [_ordered(item, items) if isinstance(item, (dict, list)) else item for item in value]
    if not isinstance(value, dict):
        return value
    known = type_of(schema.get("$ref", "")) if "$ref" in schema else _Type({}, {}, _rest(schema))
    names = sorted(value, key=lambda name: (known.ranks.get(name, len(known.ranks)), name))
    return {
        name: _ordered(value[name], known.fields.get(name, known.rest))
        if isinstance(value[name], (dict, list))
        else value[name]
        for name in names
    }


def _items(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    items: Mapping[str, Any] = _target(schema).get("items", {})
    return items


def _rest(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    rest = schema.get("additionalProperties")
    return rest if isinstance(rest, dict) else {}


@cache
def type_of(reference: str) -> _Type:
    """The fields of a type of Argo's schema, which is read on the first call."""
    name = reference.rpartition("/")[2]
    definition = _target({"$ref": reference})
    fields: Mapping[str, Any] = definition.get("properties", {})
    first, last = _FIRST.get(name, ()), _LAST.get(name, ())
    order = [*first, *(field for field in fields if field not in first and field not in last), *last]
    return _Type(fields, {field: rank for rank, field in enumerate(order)}, _rest(definition))


def _target(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema that stands for itself; a definition may refer to another, which has its fields."""
    while "$ref" in found and "properties" not in found:
        found = schema("argo")["$defs"][found["$ref"].rpartition("/")[2]]
    return found


def _reference(name: str) -> Mapping[str, Any]:
    return {"$ref": f"#/$defs/{name}"}
