"""`formatTime`: a format of strftime as calls of the engine."""

from __future__ import annotations

from functools import reduce
from typing import Final

from transpiler.argo.strftime import format_parts
from transpiler.model.expressions.functions import RFC_3339
from transpiler.model.expressions.tree import Constant, Expression, FunctionCall, WorkflowReference, alternatives
from transpiler.plan.expressions.engine import EMPTY, EngineExpression, call, operation, quoted

_SHIFTS: Final = {"addDays", "addHours"}


def formatted(
    node: FunctionCall, text: EngineExpression, _: EngineExpression, zone: EngineExpression | None = None
) -> EngineExpression:
    """A time in a format, which is read now, and perhaps in a zone."""
    time, form, *_rest = node.arguments
    assert isinstance(form, Constant)
    value = _time(text, time, zone)
    parts = [_part(kind, part, value) for kind, part in format_parts(str(form.value))]
    return reduce(lambda left, right: operation(left, "+", right), parts) if parts else EMPTY


def _time(text: EngineExpression, node: Expression, zone: EngineExpression | None) -> EngineExpression:
    """A text as a time. One without an offset is in the zone. A computed time is not written and read once more."""
    if isinstance(node, FunctionCall) and node.name in _SHIFTS:
        time = EngineExpression(text.text.removesuffix(f".Format('{RFC_3339}')"))
        return call("{0}.In(timezone({1}))", time, zone) if zone is not None else time
    if zone is None:
        return call("date({0})", text)
    if all(map(_has_an_offset, alternatives(node))):
        return call("date({0}).In(timezone({1}))", text, zone)
    return call("date(timezone({1}), {0}).In(timezone({1}))", text, zone)


def _has_an_offset(node: Expression) -> bool:
    """True for variables of the run, and for computed times."""
    if isinstance(node, FunctionCall):
        return node.name in _SHIFTS
    return isinstance(node, WorkflowReference) and node.name in {"scheduledTime", "creationTimestamp"}


def _part(kind: str, text: str, time: EngineExpression) -> EngineExpression:
    if kind == "seconds":
        return call("string({0}.Unix())", time)
    return quoted(text) if kind == "text" else call("{0}.Format({1})", time, quoted(text))
