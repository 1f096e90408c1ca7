"""Values: the text of one in a file of tests, and one that fits a type where the file gives none."""

from __future__ import annotations

import json
from typing import Any, Final

from msgspec.structs import replace

from transpiler.model.component import Component
from transpiler.model.expressions.types import ANY, Type, literal_text
from transpiler.plan.templates.ports import ports_of
from transpiler.rehearsal.model import Given

_PLAUSIBLE: Final = {"Integer": "1", "Float": "1.0", "Boolean": "True", "JsonArray": "[]", "JsonObject": "{}"}


def plausible(kind: Type, name: str) -> str:
    """A value that fits a type: for a text or a file, the name of the output itself."""
    return _PLAUSIBLE.get(kind.name, name)


def text_of(given: Given, kind: Type = ANY) -> str:
    """The text that a program writes, or gets, for a value. Raises WrongLiteral for one that does not fit the type."""
    return literal_text(given.value, given.written, kind)


def items_of(given: Given) -> tuple[Given, ...]:
    """A value that may be the list of what the items of a loop yield → that of each item."""
    if not isinstance(given.value, list):
        return (given,)
    return tuple(replace(given, value=each, written=_written(each)) for each in given.value)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_same(expected: str, actual: str) -> bool:
    """True for equal texts, and for two ways to write one JSON value, such as `1` and `1.0`."""
    if expected == actual:
        return True
    one, other = _json(expected), _json(actual)
    return one is not None and _told_apart(one) == _told_apart(other)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {"True": True, "False": False}.get(text)


def _told_apart(value: Any) -> Any:
    """A value in which a boolean is no number."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, dict):
        return {key: _told_apart(each) for key, each in value.items()}
    return [_told_apart(each) for each in value] if isinstance(value, list) else value


def inputs_of(component: Component) -> dict[str, str]:
    """Input → its name in Argo."""
    if component.implementation.keeps_names:
        return {each.name: each.name for each in component.inputs}
    return ports_of(component).inputs


def outputs_of(component: Component) -> dict[str, str]:
    """Output → its name in Argo."""
    if component.implementation.keeps_names:
        return {each.name: each.name for each in component.outputs}
    return ports_of(component).outputs
