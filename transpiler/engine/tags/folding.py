"""What the engine's optimizer changes in a tree (package optimizer of expr v1.17), where that changes what it means.

`x and false` never asks x; `1 % 0` is wrong even where nobody asks; the first of what `filter` gives is sought no
further; predicates of one list are asked together; a sum of a list is a row of `+`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from transpiler.engine.tags import operators
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.tree import (
    Array,
    Binary,
    Builtin,
    Literal,
    Member,
    Node,
    Pointer,
    Predicate,
    Unary,
    children,
    row,
    walk,
)

_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "**": operators.power,
    "^": operators.power,
}
_TRUTH: Final = {"and": True, "&&": True, "or": False, "||": False}
_COMBINED: Final = {
    ("all", "and"): "and",
    ("all", "&&"): "&&",
    ("any", "or"): "or",
    ("any", "||"): "||",
    ("none", "and"): "or",
    ("none", "&&"): "||",
}


def folded(node: Node) -> Node:
    """A tree as the optimizer leaves it. Raises ExpressionError for a division by the literal 0."""
    return _combined(_folded(node))


def _each(node: Node, change: Callable[[Node], Node]) -> Node:
    """A node with all nodes below it changed."""
    changed: dict[str, Any] = {}
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if isinstance(value, tuple):
            changed[name] = tuple(
                tuple(map(change, each)) if isinstance(each, tuple) else change(each) for each in value
            )
        elif hasattr(value, "at"):
            changed[name] = change(value)
    return replace(node, **changed) if changed else node


def _rows(node: Binary, change: Callable[[Node], Node], finish: Callable[[Binary], Node]) -> Node:
    """A row of operators, changed from left to right in a loop."""
    first, parts = row(node)
    left = change(first)
    for part in parts:
        left = finish(replace(part, left=left, right=change(part.right)))
    return left


def _folded(node: Node) -> Node:
    if isinstance(node, Binary):
        return _rows(node, _folded, _folded_binary)
    node = _each(node, _folded)
    if isinstance(node, Unary):
        return _folded_unary(node)
    if isinstance(node, Array) and node.nodes and all(isinstance(each, Literal) for each in node.nodes):
        values = [each.value for each in node.nodes if isinstance(each, Literal)]
        return node if any(isinstance(value, list) for value in values) else Literal(values, at=node.at)
    return node


def _is_truth(node: Node, value: bool) -> bool:
    return isinstance(node, Literal) and node.value is value


def _folded_unary(node: Unary) -> Node:
    if not isinstance(node.operand, Literal):
        return node
    value = node.operand.value
    if isinstance(value, bool):
        return Literal(not value, at=node.at) if node.operator in {"!", "not"} else node
    if isinstance(value, int | float) and node.operator in {"-", "+"}:
        return Literal(operators.negate(value) if node.operator == "-" else value, at=node.at)
    return node


def _folded_binary(node: Binary) -> Node:
    if node.operator in _TRUTH:
        return _folded_truth(node, unit=_TRUTH[node.operator])
    left, right = node.left, node.right
    if not (isinstance(left, Literal) and isinstance(right, Literal)):
        return node
    one, other = left.value, right.value
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other))
    if node.operator == "%" and type(one) is int and type(other) is int:
        if not other:
            raise ExpressionError("integer divide by zero", node.at)
        return Literal(operators.modulo(one, other), at=node.at)
    if node.operator in _ARITHMETIC and (
        numbers or (node.operator == "+" and isinstance(one, str) and isinstance(other, str))
    ):
        return Literal(_ARITHMETIC[node.operator](one, other), at=node.at)
    if node.operator == "==" and type(one) is type(other) and type(one) in {int, str, bool}:
        return Literal(operator.eq(one, other), at=node.at)
    return node


def _folded_truth(node: Binary, *, unit: bool) -> Node:
    """`true and x` is x, `x and false` is false; the other way round for `or`."""
    if _is_truth(node.left, unit):
        return node.right
    if _is_truth(node.right, unit):
        return node.left
    if _is_truth(node.left, not unit) or _is_truth(node.right, not unit):
        return Literal(not unit, at=node.at)
    return node


def _combined(node: Node) -> Node:
    if isinstance(node, Binary):
        return _rows(node, _combined, _combined_predicates)
    node = _each(node, _combined)
    if isinstance(node, Member):
        return _sought(node)
    if isinstance(node, Builtin):
        return _shorter(node)
    return node


def _sought(node: Member) -> Node:
    """`filter(xs, p)[0]` looks no further than the first."""
    if node.is_optional or not isinstance(node.key, Literal) or not _is_filter(node.base):
        return node
    name = {0: "find", -1: "findLast"}.get(node.key.value) if type(node.key.value) is int else None
    return _found(node.base, name, throws=True) if name else node


def _is_filter(node: Node) -> bool:
    return isinstance(node, Builtin) and node.name == "filter"


def _found(node: Node, name: str, *, throws: bool) -> Node:
    assert isinstance(node, Builtin)
    return Builtin(name, node.arguments, node.mapped, throws, at=node.at)


def _shorter(node: Builtin) -> Node:
    if len(node.arguments) == 2 and node.name == "map" and _is_filter(node.arguments[0]):
        inner, predicate = node.arguments
        if isinstance(inner, Builtin) and isinstance(predicate, Predicate) and inner.mapped is None:
            has_index = any(isinstance(each, Pointer) and each.name == "index" for each in walk(predicate))
            return node if has_index else replace(inner, mapped=predicate.inner)
    if len(node.arguments) != 1:
        return node
    [argument] = node.arguments
    if node.name in {"first", "last"} and _is_filter(argument):
        return _found(argument, "find" if node.name == "first" else "findLast", throws=False)
    if node.name == "sum" and isinstance(argument, Array) and len(argument.nodes) >= 2:
        return _sum(argument)
    return node


def _sum(node: Array) -> Node:
    """Grouped to the right, as the optimizer does it."""
    total = node.nodes[-1]
    for each in reversed(node.nodes[:-1]):
        total = Binary("+", each, total, at=node.at)
    return total


def _combined_predicates(node: Binary) -> Node:
    """`all(xs, p) and all(xs, q)` is `all(xs, p and q)`."""
    left, right = node.left, node.right
    if not (isinstance(left, Builtin) and isinstance(right, Builtin) and left.name == right.name):
        return node
    joint = _COMBINED.get((left.name, node.operator))
    if joint is None or shape(left.arguments[0]) != shape(right.arguments[0]):
        return node
    one, other = left.arguments[1], right.arguments[1]
    assert isinstance(one, Predicate)
    assert isinstance(other, Predicate)
    both = _combined_predicates(Binary(joint, one.inner, other.inner, at=node.at))
    return replace(left, arguments=(left.arguments[0], Predicate(both, at=one.at)))


def shape(node: Node) -> Any:
    """What a tree says, without where it says it."""
    own = tuple(
        getattr(node, name)
        for name in node.__struct_fields__
        if isinstance(getattr(node, name), str | bool) or name == "value"
    )
    return (type(node).__name__, repr(own), tuple(map(shape, children(node))))
