"""Optional inputs. Argo passes the empty string for one that a run leaves out, so it means that the input is absent."""

from __future__ import annotations

from collections.abc import Callable

from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Boxed,
    Conditional,
    Constant,
    Expression,
    InputReference,
)
from transpiler.model.ports import Input
from transpiler.resolve.scope import Scope


def left_out(node: Expression, scope: Scope) -> Input | None:
    """The optional input of a manifest that a reference names; None for any other reference."""
    if not isinstance(node, InputReference):
        return None
    home, reference = scope.origin(node)
    if not isinstance(reference, InputReference) or reference.name in home.captures:
        return None  # a `??` of values outside a group
    given = home.input(reference.name)
    return given if home.is_manifest and given is not None and given.optional and given.default is None else None


def may_be_empty(node: Expression, scope: Scope) -> Input | None:
    """The optional input that is all a value consists of in some runs: itself, a branch, or the last of a `??`."""
    match node:
        case Binary("??", _, right):
            return may_be_empty(right, scope)
        case Conditional(_, then, otherwise):
            return may_be_empty(then, scope) or may_be_empty(otherwise, scope)
        case InputReference(name) if scope.parent is not None and name in scope.captures:
            outer = scope.captures[name]
            if not isinstance(outer, (Boxed, *REFERENCES)):
                return may_be_empty(outer, scope.parent)
    return left_out(node, scope)


def compared_with_null(node: Expression) -> Expression | None:
    """The other side of a comparison with `null`; None for any other expression."""
    return _compared(node, is_null)


def compared_with_nothing(node: Expression) -> Expression | None:
    """The other side of a comparison with `null` or the empty string."""
    return _compared(node, lambda side: is_null(side) or (isinstance(side, Constant) and side.value == ""))


def _compared(node: Expression, is_wanted: Callable[[Expression], bool]) -> Expression | None:
    if not isinstance(node, Binary) or node.operator not in {"==", "!="}:
        return None
    sides = ((node.left, node.right), (node.right, node.left))
    return next((other for side, other in sides if is_wanted(side)), None)


def is_null(node: Expression) -> bool:
    """True for the word `null`."""
    return isinstance(node, Constant) and node.value is None
