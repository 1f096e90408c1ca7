"""The phases of a task for which a condition can be true, computed without a run.

A condition is evaluated with what is known of one task. Whatever else it asks is open, so it counts as able to hold
unless what is known decides it.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Conditional,
    Constant,
    Expression,
    FactReference,
    FunctionCall,
    Listing,
    OutputReference,
    Unary,
    WorkflowReference,
)
from transpiler.resolve.scope import Call, Scope

_OPEN: Final = object()
"""The value of an unknown operand."""
BADLY: Final = ("Failed", "Error", "Omitted")
"""The phases of a task that did not complete."""


def can_hold(condition: Expression, task: str, phase: str, scope: Scope) -> bool:
    """True unless the condition is false whenever the task, of the same scope, is in that phase."""
    return _Evaluation(task, phase, scope, scope).value(condition) in (True, _OPEN)


def can_hold_in_a_run(condition: Expression, phase: str, scope: Scope) -> bool:
    """True unless the condition is false whenever the run itself is in that phase."""
    return _OfTheRun("", phase, scope, scope).value(condition) in (True, _OPEN)


def runs_for(call: Call, task: str, end: str, scope: Scope) -> bool:
    """True unless the call runs nothing in that case: because of its own `when`, or those of all its tasks."""
    return _runs(call, scope, _Evaluation(task, end, scope, scope))


def _runs(call: Call, scope: Scope, known: _Evaluation) -> bool:
    when = call.task.when
    if when is not None and replace(known, scope=scope).value(when) not in (True, _OPEN):
        return False
    group = call.scope if call.scope is not None and call.scope.parent is not None else None
    if group is None or not group.calls:
        return True
    return any(_runs(each, group, known) for each in group.calls.values())


class _Evaluation(Struct, frozen=True):
    task: str
    phase: str
    home: Scope
    """The scope of the task."""
    scope: Scope
    """The scope of the condition: the same, or that of a group in it."""

    def value(self, node: Expression) -> Any:
        """The value of an expression; `_OPEN` where it is not known."""
        match node:
            case Constant(value):
                return value
            case Listing(items):
                found = [self.value(each) for each in items]
                return _OPEN if _OPEN in found else found
            case Unary("!", operand):
                value = self.value(operand)
                return _OPEN if value is _OPEN else not value
            case Binary(operator, left, right):
                return self.binary(operator, left, right)
            case Conditional(test, then, otherwise):
                known = self.value(test)
                return _OPEN if known is _OPEN else self.value(then if known else otherwise)
            case FunctionCall(name, arguments):
                return _called(name, [self.value(each) for each in arguments])
        return self.known(node)

    def binary(self, operator: str, left: Expression, right: Expression) -> Any:
        """The value of two operands; a single operand may decide it."""
        one, two = self.value(left), self.value(right)
        if operator in {"&&", "||"}:
            decisive = operator == "||"
            if decisive in (one, two):
                return decisive
            return _OPEN if _OPEN in (one, two) else not decisive
        if operator == "??":
            return two if one is None else one
        return _OPEN if _OPEN in (one, two) else _compared(operator, one, two)

    def known(self, node: Expression) -> Any:
        """What is known of the task."""
        home, origin = self.scope.origin(node) if isinstance(node, REFERENCES) else (self.scope, node)
        if home is not self.home or getattr(origin, "task", "") != self.task:
            return _OPEN
        if isinstance(origin, FactReference) and origin.fact == "status":
            return self.phase
        if isinstance(origin, FactReference) and origin.fact == "exitCode":
            return 0 if self.phase == "Succeeded" else _OPEN
        is_absent = isinstance(origin, OutputReference) and self.phase in {"Failed", "Error", "Skipped", "Omitted"}
        return None if is_absent and self.home.calls[self.task].loop is None else _OPEN


class _OfTheRun(_Evaluation, frozen=True):
    """What is known of the run: its own phase."""

    def known(self, node: Expression) -> Any:
        """The phase of the run; anything else is open."""
        return self.phase if isinstance(node, WorkflowReference) and node.name == "status" else _OPEN


def _compared(operator: str, one: Any, two: Any) -> Any:
    if operator in {"==", "!="}:
        is_same_kind = isinstance(one, str) == isinstance(two, str) or None in (one, two)
        return (one == two) == (operator == "==") if is_same_kind else _OPEN
    if operator == "in" and isinstance(two, list):
        return one in two
    return _ordered(operator, one, two)


def _ordered(operator: str, one: Any, two: Any) -> Any:
    is_same_kind = isinstance(one, str) == isinstance(two, str)
    if not is_same_kind or None in (one, two) or isinstance(one, list) or isinstance(two, list):
        return _OPEN
    found = {"<": one < two, "<=": one <= two, ">": one > two, ">=": one >= two}
    return found.get(operator, _OPEN)


_FUNCTIONS: Final[dict[str, Any]] = {
    "contains": lambda text, part: part in text,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "string": lambda text: text,
}
"""Functions of strings that conditions on a phase use."""


def _called(name: str, arguments: list[Any]) -> Any:
    is_known = name in _FUNCTIONS and all(isinstance(each, str) for each in arguments)
    return _FUNCTIONS[name](*arguments) if is_known else _OPEN
