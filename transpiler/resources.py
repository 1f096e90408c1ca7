"""The files that ship with the package. Finds them in a wheel and in a checkout; reads nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

SCHEMAS: Final = ("pipeline", "component", "argo")


@cache
def schema(name: str) -> dict[str, Any]:
    """A shipped JSON Schema. It refers to the others by their file names: `component.schema.json#/$defs/type`."""
    document: dict[str, Any] = json.loads(_schema_file(f"{name}.schema.json").read_text(encoding="utf-8"))
    return document


def part_of_schema(name: str, pointer: str) -> Any:
    """The part of a shipped schema that a pointer such as `/$defs/type` leads to."""
    found: Any = schema(name)
    for step in filter(None, pointer.split("/")):
        found = found[step]
    return found


def referred(reference: str, home: str) -> tuple[str, str]:
    """The schema that a `$ref` in a shipped schema leads to, and the pointer into it."""
    file, _, pointer = reference.partition("#")
    return file.removesuffix(".schema.json") or home, pointer


@cache
def since() -> dict[str, dict[str, list[str]]]:
    """A version of Argo → the fields that it brought, by type."""
    found: dict[str, dict[str, list[str]]] = json.loads(_schema_file("argo.since.json").read_text(encoding="utf-8"))
    return found


def self_contained(name: str) -> dict[str, Any]:
    """A schema with all other schemas that it refers to in its `$defs`, for readers of a single file."""
    document = _moved(schema(name), "#")
    text = json.dumps(document)
    for other in SCHEMAS:
        if f'"#/$defs/{other}File' in text and other != name:
            document["$defs"][f"{other}File"] = _moved(schema(other), f"#/$defs/{other}File")
    if f'"{_WITH_TEXTS}"' in text:
        definitions = document["$defs"]["argoFile"]["$defs"]
        definitions["TemplateWithTexts"] = _with_texts(definitions)
    return {"$schema": schema(name)["$schema"], **document}


_WITH_TEXTS: Final = "#/$defs/argoFile/$defs/TemplateWithTexts"
_TEXTS: Final = {
    "script": ("ScriptTemplate", ("source",)),
    "resource": ("ResourceTemplate", ("manifest",)),
    "container": ("Container", ()),
}
"""The parts of a template whose texts may be in files: part → its definition, and those texts beside the words."""
_TEXT: Final = {
    "type": ["string", "object"],
    "required": ["file"],
    "additionalProperties": False,
    "properties": {"file": {"type": "string", "description": "The file with the text, relative to this one."}},
}


def _with_texts(definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A template in which `{file: ...}` can stand for some texts, as readers of the schema see it.

    When a manifest is judged, the texts stand there already.
    """
    template = _copy(definitions["Template"])
    for part, (name, keys) in _TEXTS.items():
        own = _copy(definitions[name])
        fields = own["properties"]
        fields |= dict.fromkeys(keys, _TEXT)
        fields |= {key: {**fields[key], "items": _TEXT} for key in ("command", "args") if key in fields}
        template["properties"][part] = own
    return template


def _copy(node: Mapping[str, Any]) -> dict[str, Any]:
    return {**node, "properties": dict(node["properties"])}


def _moved(node: Any, home: str) -> Any:
    """A schema with references that are valid if it is at `home` and the others are in `$defs`."""
    if isinstance(node, dict):
        node = {**node, **node.get("x-removable", {})}  # which other readers do not support
        if "x-texts" in node:
            node = {key: _WITH_TEXTS if key == "$ref" else node[key] for key in node if key != "x-texts"}
        return {
            key: _moved_reference(value, home) if key == "$ref" else _moved(value, home)
            for key, value in node.items()
            if key not in {"$schema", "x-removable"}
        }
    return [_moved(item, home) for item in node] if isinstance(node, list) else node


def _moved_reference(reference: str, home: str) -> str:
    file, _, pointer = reference.partition("#")
    return (f"#/$defs/{file.removesuffix('.schema.json')}File" if file else home) + pointer


def starter(name: str) -> bytes:
    """A file of the project that `init` writes. Its name ends in `.txt` here, where it is no part of a project."""
    return (Path(__file__).parent / "starter" / f"{name}.txt").read_bytes()


def _schema_file(name: str) -> Path:
    here = Path(__file__).parent  # importlib.resources finds it as well, and imports every kind of archive
    packaged = here / "schemas" / name
    return packaged if packaged.is_file() else here.parent / "schemas" / name
