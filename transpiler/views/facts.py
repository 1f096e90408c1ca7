"""A component as data: the objects of `--format json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from transpiler.catalog.files import shown
from transpiler.model.ports import Input, Output
from transpiler.views.entries import Entry
from transpiler.views.example import example


def render_facts(entries: Sequence[Entry]) -> str:
    """A list of objects, always."""
    return as_json([facts(entry) for entry in entries])


def as_json(value: Any) -> str:
    """The text of a JSON value, which any terminal can show."""
    return json.dumps(value, ensure_ascii=True, indent=2) + "\n"


def facts(entry: Entry) -> dict[str, Any]:
    """All facts about a component. Missing values are null or empty, never absent."""
    component = entry.component
    return {
        "name": component.name,
        "path": entry.reference,
        "file": shown(entry.file.path),
        "digest": f"sha256:{entry.digest}",
        "description": component.description,
        "kind": "graph" if entry.is_graph else "container",
        "image": entry.image,
        "inputs": [_input(given) for given in component.inputs],
        "outputs": [_output(output) for output in component.outputs],
        "annotations": dict(component.annotations),
        "example": example(entry),
    }


def _input(given: Input) -> dict[str, Any]:
    return {
        "name": given.name,
        "type": given.type.shown,
        "default": given.default,
        "optional": given.optional,
        "required": given.required,
        "description": given.description,
    }


def _output(output: Output) -> dict[str, Any]:
    return {"name": output.name, "type": output.type.shown, "description": output.description}
