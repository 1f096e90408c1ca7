"""The files that ship with the package. Finds them in a wheel and in a checkout; reads nothing else."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

SCHEMAS: Final = ("pipeline", "component")


@cache
def schema(name: str) -> dict[str, Any]:
    """A shipped JSON Schema, self-contained: the pipeline schema holds the component schema in its `$defs`."""
    text = _schema_file(f"{name}.schema.json").read_text(encoding="utf-8")
    if name == "pipeline":
        text = text.replace('"component.schema.json#/', '"#/$defs/componentFile/').replace(
            '"component.schema.json"', '"#/$defs/componentFile"'
        )
    document: dict[str, Any] = json.loads(text)
    if name == "pipeline":
        document["$defs"]["componentFile"] = _moved(schema("component"))
    return document


def _moved(node: Any) -> Any:
    """The component schema, with references that hold inside the pipeline schema."""
    if isinstance(node, dict):
        return {
            key: value.replace("#", "#/$defs/componentFile", 1) if key == "$ref" else _moved(value)
            for key, value in node.items()
            if key != "$schema"
        }
    return [_moved(item) for item in node] if isinstance(node, list) else node


def _schema_file(name: str) -> Traversable:
    packaged = files(__package__) / "schemas" / name
    return packaged if packaged.is_file() else Path(__file__).parent.parent / "schemas" / name
