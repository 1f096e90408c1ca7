"""The types of operators: which operands each takes, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from transpiler.engine.tags import tree
from transpiler.engine.tags.checks.state import Checker, wrong
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.natures import (
    BOOL,
    DURATION,
    FLOAT,
    INT,
    STRING,
    TIME,
    UNKNOWN,
    Nature,
    list_of,
    promoted,
)
from transpiler.engine.tags.patterns import pattern

_NUMBER: Final = frozenset({"int", "float"})


_COMPARED: Final = frozenset({"int", "float", "string", "time", "duration"})


def check_unary(checker: Checker, node: tree.Unary) -> Nature:
    """The type of an operator with one operand. Raises ExpressionError for what the engine refuses."""
    nature = checker.check(node.operand)
    if node.operator in {"!", "not"}:
        if nature.kind in {"bool", "unknown"}:
            return BOOL
    elif nature.is_number or nature.is_unknown:
        return nature
    raise wrong(node, f"invalid operation: {node.operator} (mismatched type {nature.name})")


def check_binary(checker: Checker, node: tree.Binary) -> Nature:
    """The type of an operator, or a row of equal ones. Raises ExpressionError for what the engine refuses."""
    first, parts = tree.row(node)
    left = checker.check(first)
    for part in parts:
        right = checker.check(part.right)
        left = _operation(part, left, right)
    return left


def _operation(node: tree.Binary, left: Nature, right: Nature) -> Nature:
    if node.operator == "matches" and isinstance(node.right, tree.Literal) and isinstance(node.right.value, str):
        try:
            pattern(node.right.value)
        except ExpressionError as error:
            raise wrong(node, error.message) from None
    found = _RESULTS[node.operator](node, left, right)
    if found is None:
        raise wrong(node, f"invalid operation: {node.operator} (mismatched types {left.name} and {right.name})")
    return found


def _maybe(left: Nature, right: Nature, kinds: frozenset[str]) -> bool:
    """True where nothing is known of one, and the other is of one of these kinds, or unknown too."""
    if left.is_unknown:
        return right.is_unknown or right.kind in kinds
    return right.is_unknown and left.kind in kinds


def _comparable(left: Nature, right: Nature) -> bool:
    if {left.kind, right.kind} & {"unknown", "nil"} or (left.is_number and right.is_number):
        return True
    return left.kind == right.kind and (left.kind in {"duration", "time", "list"} or left.assignable_to(right))


def _equality(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    return BOOL if _comparable(left, right) else None


def _logic(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    kinds = frozenset({"bool"})
    return BOOL if left.kind == right.kind == "bool" or _maybe(left, right, kinds) else None


def _comparison(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    are_alike = left.kind == right.kind and left.kind in _COMPARED
    return BOOL if are_alike or (left.is_number and right.is_number) or _maybe(left, right, _COMPARED) else None


def _sum(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return promoted(left, right)
    sums = {("string", "string"): STRING, ("time", "duration"): TIME, ("duration", "time"): TIME}
    sums["duration", "duration"] = DURATION
    found = sums.get((left.kind, right.kind))
    return found or (UNKNOWN if _maybe(left, right, _COMPARED) else None)


def _difference(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return promoted(left, right)
    known = {("time", "time"): DURATION, ("time", "duration"): TIME, ("duration", "duration"): DURATION}
    found = known.get((left.kind, right.kind))
    return found or (UNKNOWN if _maybe(left, right, _NUMBER | {"time", "duration"}) else None)


def _product(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return promoted(left, right)
    kinds = _NUMBER | {"duration"}
    if left.kind in kinds and right.kind in kinds:
        return DURATION
    return UNKNOWN if _maybe(left, right, kinds) else None


def _quotient(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    return FLOAT if (left.is_number and right.is_number) or _maybe(left, right, _NUMBER) else None


def _integers(left: Nature, right: Nature) -> bool:
    return left.kind == right.kind == "int" or _maybe(left, right, frozenset({"int"}))


def _remainder(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    return INT if _integers(left, right) else None


def _range(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    return list_of(INT) if _integers(left, right) else None


def _on_texts(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    texts = frozenset({"string"})
    return BOOL if left.kind == right.kind == "string" or _maybe(left, right, texts) else None


def _membership(node: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if right.kind == "map":
        if not left.is_unknown and right.key not in {"interface {}", left.name}:
            raise wrong(node, f"cannot use {left.name} as type {right.key} in map key")
        return BOOL
    if right.kind == "list":
        if not _comparable(left, right.inside()):
            raise wrong(node, f"cannot use {left.name} as type {right.inside().name} in array")
        return BOOL
    if right.kind in {"time", "other"} and left.kind in {"string", "unknown"}:
        return BOOL
    return BOOL if right.is_unknown or (left.is_unknown and right.kind == "string") else None


def _alternative(_: tree.Binary, left: Nature, right: Nature) -> Nature | None:
    if left.kind == "nil":
        return right
    if right.kind == "nil":
        return left
    return left if right.assignable_to(left) else UNKNOWN


_RESULTS: Final[dict[str, Callable[[tree.Binary, Nature, Nature], Nature | None]]] = {
    **dict.fromkeys(("==", "!="), _equality),
    **dict.fromkeys(("or", "||", "and", "&&"), _logic),
    **dict.fromkeys(("<", ">", "<=", ">="), _comparison),
    "+": _sum,
    "-": _difference,
    "*": _product,
    **dict.fromkeys(("/", "**", "^"), _quotient),
    "%": _remainder,
    "..": _range,
    **dict.fromkeys(("matches", "contains", "startsWith", "endsWith"), _on_texts),
    "in": _membership,
    "??": _alternative,
}
