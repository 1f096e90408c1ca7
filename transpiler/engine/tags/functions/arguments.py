"""What functions check of their arguments, as Go's type assertions do."""

from __future__ import annotations

from typing import Any

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.values import type_name


def text(value: Any) -> str:
    """A value that is a text. Raises ExpressionError for anything else."""
    if not isinstance(value, str):
        raise ExpressionError(f"interface conversion: interface {{}} is {type_name(value)}, not string")
    return value


def items(value: Any, doing: str) -> list[Any]:
    """A value that is a list. Raises ExpressionError for anything else: `cannot reverse string`."""
    if not isinstance(value, list):
        raise ExpressionError(f"cannot {doing} {kind_name(value)}")
    return value


def kind_name(value: Any) -> str:
    """Go's kind of a value."""
    if value is None:
        return "invalid"
    name = type_name(value)
    if name.startswith("[]"):
        return "slice"
    kinds = {"time.Time": "struct", "time.Duration": "int64", "time.Month": "int", "*time.Location": "ptr"}
    return "map" if name.startswith("map") else "func" if name.startswith("func") else kinds.get(name, name)
