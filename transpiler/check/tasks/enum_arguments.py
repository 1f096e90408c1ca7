"""Arguments of inputs that take one of a few values (`enum`)."""

from __future__ import annotations

from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.types import WrongLiteral, literal_text
from transpiler.model.ports import Input
from transpiler.model.task import Argument
from transpiler.model.values import Literal, StoredFile
from transpiler.resolve.known import known_texts
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.suggest import suggestion


def check_enum_arguments(scope: Scope, report: Report) -> None:
    """Judge each argument that has, or may have, a known value: Argo does not check it in a run."""
    for call in calls_of(scope):
        for argument in call.arguments.values():
            target = call.component.input(argument.name) if call.component else None
            if target is not None and target.enum:
                _argument(argument, target, call, scope, report)


def _argument(argument: Argument, target: Input, call: Call, scope: Scope, report: Report) -> None:
    assert argument.value is not None
    wrong = next((text for text in _texts(argument, target, call, scope) if text not in target.allowed), None)
    if wrong is None:
        return
    is_literal = isinstance(argument.value, Literal)
    what = f"`{wrong}` is" if is_literal else f"this may be `{wrong}`, which is"
    message = f"{what} not in the `enum` of input `{target.name}` of task `{call.task.name}`"
    hint = suggestion(wrong, target.enum, "values")
    report.error("wrong-value", message, argument.span, hint, (Related("its `enum` is declared here", target.span),))


def _texts(argument: Argument, target: Input, call: Call, scope: Scope) -> list[str]:
    value = argument.value
    if not isinstance(value, Literal):
        return known_texts(value, scope, call.loop) if value is not None and not isinstance(value, StoredFile) else []
    try:
        return [literal_text(value.value, value.written, target.type)]
    except WrongLiteral:
        return []  # which is reported
