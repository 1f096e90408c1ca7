"""`a ?? b` where one side stands outside a group and the other inside: the form that the group uses.

An argument of a group has a value before the group starts, and Argo ends a run whose argument has none. So what may
be absent goes in as `Boxed`: a list that holds the value or `null`, which the group opens.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import reduce
from typing import Final

from msgspec.structs import replace

from transpiler.model.expressions.search import replaced
from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Boxed,
    Expression,
    FactReference,
    InputReference,
    ItemReference,
    OutputReference,
    Reference,
    WorkflowReference,
    is_choice,
    references,
)
from transpiler.model.task import Task
from transpiler.resolve.closure import dependents
from transpiler.resolve.scope import Scope, asks_for_results, named_in

ALWAYS_KNOWN: Final = frozenset(["status", "id", "startedAt", "finishedAt"])
"""Facts of every task that has ended, or was skipped."""


def inside_choice(
    whole: Binary,
    is_inside: Callable[[Reference], bool],
    may_be_absent: Callable[[Reference], bool],
    take: Callable[[Expression], Expression],
    said: Callable[[Expression], Expression] = lambda node: node,
) -> Expression:
    """A `??` as a group says it. `take` makes something outside an input, `said` is how a group says its own names.

    What follows the last operand from inside goes in as one value, which always is there. So does the whole when
    nothing of it is inside. Of other operands what may be absent goes in as `Boxed`.
    """
    operands = _operands(whole)
    start = len(operands)
    while start and not any(map(is_inside, references(operands[start - 1]))):
        start -= 1
    outside = operands[start:]
    if start and any(map(may_be_absent, references(operands[-1]))):
        start, outside = len(operands), []
    one = list(_taken(_chain(outside, whole), take)) if outside else []

    def become(node: Expression) -> Expression:
        if not isinstance(node, REFERENCES) or isinstance(node, WorkflowReference) or is_inside(node):
            return said(node)
        return take(Boxed(node)) if may_be_absent(node) else take(node)

    return _chain([*(replaced(each, become) for each in operands[:start]), *one], whole)


def _taken(outside: Expression, take: Callable[[Expression], Expression]) -> Iterable[Expression]:
    """A single value from outside; a constant needs no input."""
    yield take(outside) if any(references(outside)) else outside


def may_lack_outputs(tasks: Iterable[Task]) -> frozenset[str]:
    """Tasks without output in some runs that continue: skipped, failed and omitted ones, and successors of the last."""
    known = list(tasks)
    return _lacking(known, {task.name: named_in(task) for task in known})


def lacking_in(scope: Scope) -> frozenset[str]:
    """The tasks of a scope without output in some runs that continue."""
    waits = {name: call.dependencies for name, call in scope.calls.items()}
    lists = {name for name, call in scope.calls.items() if call.limited is not None and call.task.may_fail}
    return _lacking([call.task for call in scope.calls.values()], waits) - lists


def _lacking(tasks: Collection[Task], waits: Mapping[str, Collection[str]]) -> frozenset[str]:
    skipped = {task.name for task in tasks if task.when is not None and task.loop is None}
    skipped |= {task.name for task in tasks if task.may_fail and task.loop is None}
    asking = [task.name for task in tasks if asks_for_results(task)]
    return frozenset(skipped | dependents(asking, waits))


def has_always_a_value(reference: Reference) -> bool:
    """True for a value that is known even if its task was omitted, and for a value that is not of a task."""
    if isinstance(reference, FactReference):
        return reference.fact in ALWAYS_KNOWN
    if isinstance(reference, InputReference):
        return not reference.is_boxed
    return not isinstance(reference, OutputReference) and not (
        isinstance(reference, ItemReference) and reference.key is not None
    )


def _operands(node: Expression) -> list[Expression]:
    """`a`, `b` and `c` of `a ?? b ?? c`."""
    if is_choice(node):
        return [*_operands(node.left), *_operands(node.right)]
    return [node]


def _chain(operands: list[Expression], like: Binary) -> Expression:
    """`a ?? b ?? c`."""
    return reduce(lambda left, right: replace(like, left=left, right=right), operands)
