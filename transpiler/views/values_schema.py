"""The JSON Schema of values files, for editors: that of manifests, in which nothing is required and all may be `null`.

The compiler judges no values file by it: it judges the manifest with the values laid over it.
"""

from __future__ import annotations

from typing import Any, Final

from transpiler import resources
from transpiler.build.values.keys import KEYS, OF_A_TASK

Json = dict[str, Any]
_NULL: Final = {"type": "null"}
_NEEDED: Final = frozenset({"required", "minProperties", "propertyNames"})
_IMAGES: Final = {
    "description": "The images of an environment: a name, or a pattern with `*`, and what is written instead.",
    "type": ["object", "null"],
    "additionalProperties": {"type": ["string", "null"]},
    "examples": [{"python": "mirror/python", "ghcr.io/shop/*": "registry.prod/shop/*"}],
}


def values_schema() -> Json:
    """The schema, self-contained."""
    whole = resources.self_contained("pipeline")
    definitions: Json = {name: _partial(each) for name, each in whole["$defs"].items()}
    properties: Json = {key: _nullable(_partial(whole["properties"][key])) for key in KEYS if key != "images"}
    settings = definitions["task"]["properties"]
    definitions["values"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: settings[key] for key in OF_A_TASK},
    }
    tasks: Json = {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/values"}}
    for key, what in _TASKS.items():
        properties[key] = {"description": what, **tasks}
    properties["onExit"] = {"description": "Settings of the task of `onExit`, or of each.", "type": ["object", "null"]}
    return {
        "$schema": whole["$schema"],
        "title": "Values file",
        "description": "What an environment changes of the manifest beside it.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {**properties, "images": _IMAGES},
        "$defs": {**definitions, "manifest": {"properties": {"tasks": _partial(whole["properties"]["tasks"])}}},
    }


_TASKS: Final = {
    "tasks": "Settings of tasks: by name, or by path for tasks in groups and called pipelines, such as prepare/clean.",
    "entries": "Settings of the entries of a library.",
    "hooks": "Settings of the hooks of the run.",
}


def _partial(node: Any) -> Any:
    """A schema of a part of what another one describes. Conditions stay as they are."""
    if isinstance(node, list):
        return [_partial(each) for each in node]
    if not isinstance(node, dict):
        return node
    made: Json = {}
    for key, value in node.items():
        if key == "properties":
            made[key] = {name: _nullable(_partial(each)) for name, each in value.items()}
        elif key == "$ref":
            made[key] = _MOVED.get(value, value)
        elif key in {"if", "examples", "enum", "const"}:
            made[key] = value
        elif key not in _NEEDED or not isinstance(value, (list, dict, int)):
            made[key] = _partial(value)
    return made


_MOVED: Final = {
    "#/properties/tasks": "#/$defs/manifest/properties/tasks",
}


def _nullable(schema: Any) -> Any:
    """A schema that allows `null`, too."""
    if not isinstance(schema, dict):
        return schema
    about = {key: schema[key] for key in ("description", "examples") if key in schema}
    return {**about, "anyOf": [_NULL, schema]}
