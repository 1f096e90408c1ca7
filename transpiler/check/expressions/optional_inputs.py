"""Optional inputs. One that a run does not pass is the empty string, which is neither a number nor JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.absence import JSON_FUNCTIONS
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Expression,
    FunctionCall,
    Index,
    InputReference,
    children,
    whole_of,
)
from transpiler.model.expressions.types import Type
from transpiler.model.ports import Input
from transpiler.model.values import Value
from transpiler.resolve.optional_inputs import compared_with_nothing, left_out, may_be_empty
from transpiler.resolve.passed_inputs import NOTHING, Passed, passed_around, passed_if, passed_to, place_of
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import NUMBERS, STRUCTURES

_TEXT, _GUARDED, _VALUE = range(3)
"""What is needed of an expression: its text, its text or nothing (for a `??`), or a value of its type."""
_INSTEAD: Final = {
    "Integer": "0",
    "Float": "0.0",
    "Boolean": "false",
    "JsonArray": "[]",
    "JsonObject": "json('{}')",
    "quantity": "'1'",
    "duration": "'1h'",
    "number": "2",
}
"""Type, or what a setting takes → an example value in an expression."""


class Around(Struct, frozen=True):
    """What is known where a value stands: the inputs that are passed there, and how to make sure of another one."""

    passed: Callable[[], Passed] = frozenset
    otherwise: str = ""

    def hint(self, instead: str, given: Input) -> str:
        """The ways out for an input: an alternative, or a test."""
        return instead + self.otherwise.format(f"inputs.{given.name}")


def around_task(call: Call, scope: Scope) -> Around:
    """Around an argument or a setting."""
    return Around(lambda: passed_to(call, scope), ", or run the task only `when: {0} != null`")


def around_condition(scope: Scope) -> Around:
    """Around a `when`."""
    return Around(lambda: passed_around(scope), ", or put `{0} != null &&` before it")


def check_left_out(value: Value | None, wanted: Type, around: Around, scope: Scope, report: Report) -> None:
    """Report a value that may consist of such an input alone, where the empty string is invalid."""
    whole = whole_of(value)
    given = may_be_empty(whole, scope) if whole is not None else None
    if given is None or whole is None or place_of(whole, scope) in around.passed():
        return
    instead = f"write `inputs.{given.name} ?? {_INSTEAD.get(wanted.name, 'VALUE')}`"
    _report(given, wanted, whole.span, around.hint(instead, given), report)


def check_needed(node: Expression, around: Around, scope: Scope, report: Report) -> None:
    """Report such inputs where an operator or a function needs a number or JSON."""
    if not any(_needed(node, _TEXT, NOTHING, scope)):
        return
    for reference in _needed(node, _TEXT, around.passed(), scope):
        given = left_out(reference, scope)
        if given is not None:
            example = _INSTEAD[given.type.name]
            name = f"inputs.{given.name}"
            instead = f"write `({name} ?? {example})`"
            if given.type.name == "JsonObject":
                instead = f"write `{name}.KEY ?? VALUE` for a part of it"
            _report(given, given.type, reference.span, around.hint(instead, given), report)


def _report(given: Input, wanted: Type, span: Span, hint: str, report: Report) -> None:
    message = f"optional input `{given.name}` may be empty, but the type {wanted.shown} is required here"
    report.error("type-mismatch", message, span, hint, (Related("declared optional here", given.span),))


def _needed(node: Expression, how: int, passed: Passed, scope: Scope) -> Iterator[Expression]:
    """The references of optional inputs whose value is needed, and which are not known to be passed."""
    if isinstance(node, InputReference):
        given = left_out(node, scope)
        is_text = given is None or given.type.name not in NUMBERS | STRUCTURES
        if how == _VALUE and not is_text and place_of(node, scope) not in passed:
            yield node
        return
    for child, needs, known in _parts(node, how, passed, scope):
        yield from _needed(child, needs, known, scope)


def _parts(node: Expression, how: int, passed: Passed, scope: Scope) -> Iterator[tuple[Expression, int, Passed]]:
    """The operands of a node: what is needed of each, and what is passed where it is evaluated."""
    compared = compared_with_nothing(node)
    if compared is not None:
        yield compared, _GUARDED, passed
        return
    match node:
        case Binary("??", left, right):
            yield left, _GUARDED, passed
            yield right, how, passed
        case Binary("&&" | "||" as operator, left, right):
            yield left, _VALUE, passed
            yield right, _VALUE, passed | passed_if(left, scope, is_true=operator == "&&")
        case Conditional(test, then, otherwise):
            yield test, _VALUE, passed
            yield then, how, passed | passed_if(test, scope, is_true=True)
            yield otherwise, how, passed | passed_if(test, scope, is_true=False)
        case FunctionCall("string", (argument,)):
            yield argument, _TEXT, passed
        case Index(target, key):
            yield target, _GUARDED if how == _GUARDED else _VALUE, passed
            yield key, _VALUE, passed
        case FunctionCall(name, arguments) if name in JSON_FUNCTIONS:
            yield from ((each, _GUARDED if how == _GUARDED else _VALUE, passed) for each in arguments)
        case _:
            yield from ((each, _VALUE, passed) for each in children(node))
