"""Finds and rewrites the expressions in any value of the model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import is_not
from typing import Any, Final, TypeVar

from msgspec import NODEFAULT, Struct
from msgspec.structs import replace

from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Boxed,
    EnvReference,
    Expression,
    Reference,
    Text,
    TryReference,
)
from transpiler.patterns import regex

Replace = Callable[[Any], Any]
"""Callback that rewrites a reference (or a whole `??` or `Boxed`) for another scope, or returns it unchanged."""


Node = TypeVar("Node")


_REFERENCE_TYPES: frozenset[type] = frozenset(REFERENCES)


_TEXT: frozenset[type] = frozenset([Text])
_ENVIRONMENT: frozenset[type] = frozenset([EnvReference])
_TRIES: frozenset[type] = frozenset([TryReference])
_NONE: Final[dict[str, Any]] = {}


_PLAIN: Final = frozenset(["str", "int", "float", "bool", "None", "Span", "tuple"])
"""The parts of types of fields without expressions."""


_WORD: Final = regex(r"\w+")


def replaced(node: Node, become: Replace) -> Node:
    """An expression, or an immutable value that contains some, with each reference replaced.

    A `??` or a `Boxed` may be replaced as a whole.
    """
    kind = type(node)
    if kind in _REFERENCE_TYPES:
        return become(node)  # type: ignore[no-any-return]  # an expression for an expression
    is_asked = kind is Boxed or (isinstance(node, Binary) and node.operator == "??")
    if is_asked and (whole := become(node)) is not node:
        return whole  # type: ignore[no-any-return]  # see above
    if kind is tuple:
        return _items_replaced(node, become)  # type: ignore[arg-type, return-value]
    changes: dict[str, Any] = {}
    for name, default in fields_that_hold(kind):  # type: ignore[arg-type]  # every type can be hashed
        old = getattr(node, name)
        if old is not None and old is not default:
            new = replaced(old, become)
            if new is not old:
                changes[name] = new
    return replace(node, **changes) if changes else node  # type: ignore[type-var]


def _items_replaced(items: tuple[Any, ...], become: Replace) -> tuple[Any, ...]:
    new = tuple([replaced(item, become) for item in items])
    return new if any(map(is_not, new, items)) else items


@cache
def fields_that_hold(kind: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a class that may contain expressions, each with its default, which contains none.

    All fields of the model's classes count, unless their types are plain ones, or the class says that what stands in it
    belongs to a scope of its own, or is no model: `IS_OPAQUE = True`.
    """
    if not issubclass(kind, Struct) or getattr(kind, "IS_OPAQUE", False):
        return ()
    types: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        types |= getattr(base, "__annotations__", {})
    names, defaults = kind.__struct_fields__, kind.__struct_defaults__
    required: tuple[Any, ...] = (NODEFAULT,) * (len(names) - len(defaults))
    pairs = zip(names, required + defaults, strict=True)
    return tuple(pair for pair in pairs if not _PLAIN.issuperset(_WORD.findall(types[pair[0]])))


def references_of(node: object) -> list[Reference]:
    """Every reference in an expression, or in a value that contains some, in the order of its fields."""
    return _all(node, _REFERENCE_TYPES, "references")


def env_references_of(node: object) -> list[EnvReference]:
    """Every variable of a container named in an expression, or in a value that contains some."""
    return _all(node, _ENVIRONMENT, "env_references")


def try_references_of(node: object) -> list[TryReference]:
    """Every number of a try in an expression, or in a value that contains some."""
    return _all(node, _TRIES, "try_references")


def expressions_in(node: object) -> list[Expression]:
    """The expressions of every text in a value, or in a container of values."""
    return [each for text in _all(node, _TEXT, "texts") for each in text.expressions]


def _all(node: object, wanted: frozenset[type], name: str) -> list[Any]:
    """Everything of some types. A task, which has a `__dict__`, remembers it: most rules ask for it."""
    memory: dict[str, Any] = getattr(node, "__dict__", _NONE)
    if name in memory:
        return list(memory[name])
    found: list[Any] = []
    _collect(node, wanted, found)
    if memory is not _NONE:
        memory[name] = tuple(found)
    return found


def _collect(node: Any, wanted: frozenset[type], found: list[Any]) -> None:
    """Find everything of some types, without looking into it."""
    kind = type(node)
    if kind in wanted:
        found.append(node)
    elif kind is tuple:
        for item in node:
            _collect(item, wanted, found)
    else:
        for name, default in fields_that_hold(kind):  # type: ignore[arg-type]  # as above
            value = getattr(node, name)
            if value is not None and value is not default:
                _collect(value, wanted, found)
