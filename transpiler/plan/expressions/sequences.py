"""A sequence of numbers → Argo's `withSequence`, which counts down if the end is below the start.

So a count known only in the run is computed by an expression that is never negative, and a sequence with a step becomes
a list computed by Argo's engine.
"""

from __future__ import annotations

from typing import Final

from transpiler.argo.sequences import Digits, digits_of
from transpiler.model.expressions.tree import Text
from transpiler.model.task import Loop
from transpiler.model.values import Literal, Value
from transpiler.plan.argo_objects import Node, without_empty
from transpiler.plan.expressions.engine import COMPARISON, EMPTY, EngineExpression, call, conditional, operation, quoted
from transpiler.plan.expressions.expression_compiler import ExpressionCompiler
from transpiler.resolve.types import INTEGER

_MOST_WRITTEN: Final = 100
"""The maximum length of a sequence with a step that is written out in the Workflow."""
_ONE: Final = EngineExpression("1")


def sequence(loop: Loop, compiler: ExpressionCompiler) -> Node:
    """The fields of a DAG task that loops over numbers."""
    start = loop.start or Literal(0, "0")
    if loop.length == 0:
        return {"withSequence": {"count": "0"}}
    if loop.step != 1 and not (loop.step == -1 and loop.length is not None):
        return _stepped(start, loop, compiler)
    if loop.length is None:
        counted = f"{{{{={call('max(0, {0})', _count(start, loop, compiler)).text}}}}}"
        given = {"start": _tag(start, compiler), "count": counted} if loop.start is not None else {"count": counted}
        return {"withSequence": without_empty({**given, "format": loop.format})}
    ends = {"start": _text(start), "end": _text(loop.end)} if loop.end is not None else {"count": _text(loop.count)}
    return {"withSequence": without_empty({**ends, "format": loop.format})}


def _text(value: Value | None) -> str:
    assert isinstance(value, Literal)
    return str(value.value)


def _tag(value: Value, compiler: ExpressionCompiler) -> str:
    return _text(value) if isinstance(value, Literal) else f"{{{{={_number(value, compiler).text}}}}}"


def _number(value: Value | None, compiler: ExpressionCompiler) -> EngineExpression:
    """A number in the engine."""
    if isinstance(value, Literal):
        return EngineExpression(str(value.value)) if value.value >= 0 else EngineExpression(f"({value.value})")
    assert isinstance(value, Text)
    assert value.whole is not None
    return compiler.value(value.whole, INTEGER)


def _count(start: Value, loop: Loop, compiler: ExpressionCompiler) -> EngineExpression:
    """How many numbers there are, or less than none."""
    if loop.count is not None:
        return _number(loop.count, compiler)
    end = _number(loop.end, compiler)
    if not isinstance(start, Literal):
        return operation(operation(end, "-", _number(start, compiler)), "+", _ONE)
    more = 1 - start.value
    return end if more == 0 else operation(end, "+" if more > 0 else "-", EngineExpression(str(abs(more))))


def _stepped(start: Value, loop: Loop, compiler: ExpressionCompiler) -> Node:
    """A sequence with a step: its numbers if they are known and few, otherwise an expression that lists them."""
    digits = digits_of(loop.format)
    assert digits is not None
    if loop.length is not None and loop.length <= _MOST_WRITTEN:
        numbers = range(int(_text(start)), int(_text(start)) + loop.length * loop.step, loop.step)
        return {"withItems": [_written(number, digits) for number in numbers]}
    first, step = _number(start, compiler), _number(Literal(loop.step, ""), compiler)
    last = call("int(floor({0}))", operation(operation(_number(loop.end, compiler), "-", first), "/", step))
    last = last if loop.length is None else EngineExpression(str(loop.length - 1))
    number = operation(first, "+", operation(EngineExpression("#"), "*", step))
    numbers_of = call("map(0..{0}, {1})", last, number)
    listed = call("map({0}, {1})", numbers_of, _written_by_the_engine(digits)) if loop.format else numbers_of
    return {"withParam": f"{{{{={call('toJson({0})', listed).text}}}}}"}


def _written(number: int, digits: Digits) -> str:
    """A number as Go writes it."""
    text = str(abs(number)).rjust(digits.width - (number < 0), digits.fill) if digits.fill == "0" else str(number)
    sign = "-" if number < 0 and digits.fill == "0" else ""
    return f"{digits.before}{(sign + text).rjust(digits.width)}{digits.after}"


def _written_by_the_engine(digits: Digits) -> EngineExpression:
    """The same of `#`."""
    fill = call(f"repeat('{digits.fill}', max(0, {digits.width} - len(string(#))))")
    sign = conditional(EngineExpression("# < 0", COMPARISON), EngineExpression("'-'"), EMPTY)
    parts = (
        [sign, fill, EngineExpression("string(abs(#))")]
        if digits.fill == "0"
        else [fill, EngineExpression("string(#)")]
    )
    text = quoted(digits.before) if digits.before else parts.pop(0)
    for part in (*parts, *([quoted(digits.after)] if digits.after else [])):
        text = operation(text, "+", part)
    return text
