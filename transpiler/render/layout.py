"""The value of a field as lines of YAML: a scalar, or everything nested below the field.

Texts are quoted here where YAML requires it; a value without a scalar form in YAML is a fault of the tool and raises
TypeError.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from transpiler.render.scalars import block, scalar

name = lru_cache(4096)(scalar)
"""The name of a field: most of them come again and again."""


def below(value: Any) -> str:
    """The text after the colon of a field at the margin."""
    lines = [""]
    _field(value, "", lines)
    return "\n".join(lines)


def _field(value: Any, pad: str, lines: list[str]) -> None:
    """Add a value to a line that ends with the name of its field, after `pad`."""
    if isinstance(value, str):
        lines[-1] += f": {block(value, len(pad))}"
    elif isinstance(value, dict) and value:
        lines[-1] += ":"
        _fields(value, pad + "  ", pad + "  ", lines)
    elif isinstance(value, list) and value:
        lines[-1] += ":"
        _items(value, pad, pad, lines)
    else:
        lines[-1] += f": {_other_scalar(value)}"


def _fields(node: Mapping[str, Any], pad: str, start: str, lines: list[str]) -> None:
    """Add a mapping; its first line begins with `start`, and the others with `pad`."""
    for key, value in node.items():
        lines.append(start + name(key))
        _field(value, pad, lines)
        start = pad


def _items(values: Sequence[Any], pad: str, start: str, lines: list[str]) -> None:
    """Add a list, likewise."""
    for value in values:
        before = f"{start}- "
        if isinstance(value, dict) and value:
            _fields(value, pad + "  ", before, lines)
        elif isinstance(value, list) and value:
            _items(value, pad + "  ", before, lines)
        else:
            lines.append(before + (block(value, len(pad)) if isinstance(value, str) else _other_scalar(value)))
        start = pad


def _other_scalar(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, (int, float)) or value in ({}, []):
        return repr(value)
    raise TypeError(f"there is no scalar for a {type(value).__name__}")
