"""Optional inputs that are known to be passed: a condition has compared them with `null`, or with the empty string."""

from __future__ import annotations

from typing import TypeAlias

from transpiler.model.expressions.tree import Binary, Expression, InputReference, Unary
from transpiler.resolve.optional_inputs import compared_with_nothing
from transpiler.resolve.scope import Call, Scope, calls_of

Place: TypeAlias = tuple[int, str]
"""An input of a pipeline, whatever the groups around a reference call it."""
Passed: TypeAlias = frozenset[Place]
NOTHING: Passed = frozenset()


def place_of(node: Expression, scope: Scope) -> Place | None:
    """The input that a reference names; None for another expression."""
    if not isinstance(node, InputReference):
        return None
    home, reference = scope.origin(node)
    return (id(home), reference.name) if isinstance(reference, InputReference) else None


def passed_if(test: Expression, scope: Scope, *, is_true: bool) -> Passed:
    """The inputs that are passed if a condition has a result."""
    match test:
        case Unary("!", operand):
            return passed_if(operand, scope, is_true=not is_true)
        case Binary("&&" | "||" as operator, left, right) if (operator == "&&") == is_true:
            return passed_if(left, scope, is_true=is_true) | passed_if(right, scope, is_true=is_true)
        case Binary("==" | "!=" as operator) if (operator == "!=") == is_true:
            given = compared_with_nothing(test)
            place = place_of(given, scope) if given is not None else None
            return frozenset([place]) if place is not None else NOTHING
    return NOTHING


def passed_around(scope: Scope) -> Passed:
    """The inputs that are passed wherever the tasks of a scope run: the `when` of a group says so."""
    if scope.parent is None:
        return NOTHING
    group = next((call for call in calls_of(scope.parent) if call.scope is scope), None)
    return passed_to(group, scope.parent) if group is not None else passed_around(scope.parent)


def passed_to(call: Call, scope: Scope) -> Passed:
    """The inputs that are passed wherever a call runs: its own `when` says so, or that of a group."""
    around = passed_around(scope)
    return around if call.task.when is None else around | passed_if(call.task.when, scope, is_true=True)
