"""Comparisons with a text that a value never is: how tasks and runs end is one of a few words, so is an `enum`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transpiler.argo.phases import OF_A_RUN, OF_A_RUN_WITH_HOOKS, OF_A_TASK
from transpiler.diagnostics import Report
from transpiler.model.expressions.tree import (
    Binary,
    Constant,
    Expression,
    FactReference,
    Listing,
    WorkflowReference,
    walk,
)
from transpiler.resolve.scope import Scope
from transpiler.suggest import suggestion


def check_possible(node: Expression, scope: Scope, report: Report) -> None:
    """Report each string that the compared value never equals."""
    for other, known in impossible(node, scope):
        message = f"it is never `{other.value}`, so the comparison always has the same result"
        report.warning("never-equal", message, other.span, suggestion(str(other.value), known, "values"))


def impossible(node: Expression, scope: Scope) -> Iterator[tuple[Constant, Sequence[str]]]:
    """Each string that the compared value never equals, with the possible values."""
    for value, other in compared(node):
        known = _values(value, scope)
        if known and isinstance(other.value, str) and other.value not in known:
            yield other, known


def compared(root: Expression) -> Iterator[tuple[Expression, Constant]]:
    """Each value with a constant that it is compared with."""
    for node in walk(root):
        if not isinstance(node, Binary):
            continue
        if node.operator in {"==", "!="}:
            pairs = [(node.left, node.right), (node.right, node.left)]
        else:
            items = node.right.items if node.operator == "in" and isinstance(node.right, Listing) else ()
            pairs = [(node.left, item) for item in items]
        for value, other in pairs:
            if isinstance(other, Constant):
                yield value, other


def _values(node: Expression, scope: Scope) -> Sequence[str]:
    """All texts that a value can be; () for one of which nothing is known."""
    if isinstance(node, FactReference):
        return OF_A_TASK if node.fact == "status" else ()
    if isinstance(node, WorkflowReference):
        known = OF_A_RUN_WITH_HOOKS if scope.is_in_a_hook else OF_A_RUN
        return known if node.name == "status" else ()
    given = scope.declared(node)
    return given.allowed if given is not None else ()
