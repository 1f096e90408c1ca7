"""Which of Argo's fields an object has: `RetryStrategy.limit`, by the types of Argo's schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from tests.conftest import REPOSITORY

_KINDS: Final = {
    "Workflow": "WorkflowSpec",
    "WorkflowTemplate": "WorkflowSpec",
    "ClusterWorkflowTemplate": "WorkflowSpec",
    "CronWorkflow": "CronWorkflowSpec",
    "WorkflowEventBinding": "WorkflowEventBindingSpec",
}
"""Kind of object → the type of its `spec`."""
_SAME: Final = {"ArtifactPaths": "Artifact", "EmbeddedObjectMeta": "ObjectMeta"}
"""Types with the fields of another."""


@cache
def definitions() -> dict[str, Any]:
    """The types of Argo's schema, by name."""
    schema = json.loads((REPOSITORY / "schemas" / "argo.schema.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = schema["$defs"]
    return found


@cache
def fields_of(name: str) -> frozenset[str]:
    """The fields of a type, as `Type.field`."""
    return frozenset(f"{name}.{field}" for field in _definition(name).get("properties", {}))


def fields_in(document: dict[str, Any]) -> set[str]:
    """Every field that an object says, wherever it stands."""
    metadata = {f"ObjectMeta.{field}" for field in document["metadata"]}
    return metadata | set(_walk(document["spec"], {"$ref": f"#/$defs/{_KINDS[document['kind']]}"}))


def _walk(node: Any, schema: dict[str, Any]) -> Iterator[str]:
    name = schema.get("$ref", "").rpartition("/")[2].removeprefix("Partial")
    name = _SAME.get(name, name)
    schema = _definition(name) if name else schema
    if isinstance(node, dict):
        for key, value in node.items():
            inner = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
            if key in schema.get("properties", {}):
                yield f"{name}.{key}"
            if isinstance(inner, dict):
                yield from _walk(value, inner)
    elif isinstance(node, list):
        for item in node:
            yield from _walk(item, schema.get("items", {}))


def _definition(name: str) -> dict[str, Any]:
    """The type of that name, as it is when it stands for another."""
    found: dict[str, Any] = definitions()[name]
    while "properties" not in found and "$ref" in found:
        found = definitions()[found["$ref"].rpartition("/")[2]]
    return found
