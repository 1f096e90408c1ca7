"""A part of the model without its places: equal contents mean the same, wherever and however they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.depends import TaskResult
from transpiler.model.expressions.tree import FactReference, OutputReference
from transpiler.model.values import Literal

_NO_NAMES: Mapping[str, str] = {}


def content(value: Any, renamed: Mapping[str, str] = _NO_NAMES, leave: frozenset[str] = frozenset()) -> Any:
    """The content of a value. `renamed`: old → new names of tasks; `leave`: fields of structs that do not count."""
    if isinstance(value, (str, bytes)) or value is None:
        return value
    if isinstance(value, Span):
        return True
    if isinstance(value, (tuple, list)):
        return tuple(content(each, renamed, leave) for each in value)
    if isinstance(value, Mapping):
        return {key: content(each, renamed, leave) for key, each in value.items()}
    if isinstance(value, Literal):
        is_number = isinstance(value.value, (int, float))
        return "Literal", content(value.value), value.written if is_number else ""
    if isinstance(value, Struct):
        return _of_struct(value, renamed, leave)
    return type(value).__name__, value


def _of_struct(value: Struct, renamed: Mapping[str, str], leave: frozenset[str]) -> Any:
    kept = {
        name: content(getattr(value, name), renamed, leave)
        for name in value.__struct_fields__
        if not (name in leave or is_place(name))
    }
    if isinstance(value, (OutputReference, FactReference, TaskResult)):
        kept["task"] = renamed.get(value.task, value.task)
    return type(value).__name__, kept


def is_place(field: str) -> bool:
    """True for a field that only says where, or in what form, something is written."""
    return field in {"span", "spans", "written", "argo_node"} or field.endswith("_span")
