"""A matrix with an axis that only the run knows → an expression that lists the combinations, for `withParam`.

The combinations of written axes stand in the Workflow as they are; these are computed, with the same texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from transpiler.model.expressions.tree import Text
from transpiler.model.expressions.types import literal_text
from transpiler.model.matrix import Axis, Combination, Matrix
from transpiler.model.values import Literal, Value
from transpiler.plan.expressions.engine import CLOSEST, EngineExpression, call, constant_text, quoted
from transpiler.plan.expressions.expression_compiler import ExpressionCompiler
from transpiler.resolve.types import LIST, infer_constant


def combinations(matrix: Matrix, compiler: ExpressionCompiler) -> str:
    """The tag that Argo replaces by a JSON list of mappings."""
    names = [f"axis{number}" for number in range(1, len(matrix.axes))]
    values = [_list(axis, compiler) for axis in matrix.axes]
    item = _mapping((axis.name, EngineExpression(name)) for axis, name in zip(matrix.axes, [*names, "#"], strict=True))
    every = call("map({0}, ({1}))", values[-1], item)  # braces alone would be a body
    for name, each in reversed(list(zip(names, values, strict=False))):
        every = EngineExpression(f"flatten(map({each.text}, let {name} = #; {every.text}))")
    added = [_combination(each, compiler).text for each in matrix.added]
    every = EngineExpression(f"concat({every.text}, [{', '.join(added)}])") if added else every
    return f"{{{{={call('toJson({0})', every).text}}}}}"


def _list(axis: Axis, compiler: ExpressionCompiler) -> EngineExpression:
    if isinstance(axis.source, Text):
        whole = axis.source.whole
        return (
            call("fromJSON({0})", compiler.joined(axis.source.parts)) if whole is None else compiler.value(whole, LIST)
        )
    return EngineExpression(f"[{', '.join(_value(each, compiler).text for each in axis.values)}]")


def _combination(given: Combination, compiler: ExpressionCompiler) -> EngineExpression:
    return _mapping((name, _value(value, compiler)) for name, value in given)


def _mapping(values: Iterable[tuple[str, EngineExpression]]) -> EngineExpression:
    entries = ", ".join(f"{quoted(name).above(CLOSEST)}: {value.text}" for name, value in values)
    return EngineExpression(f"{{{entries}}}")


def _value(value: Value, compiler: ExpressionCompiler) -> EngineExpression:
    """A written value: its text; a number where its text in JSON is the written one, a list or mapping as such."""
    if isinstance(value, Text):
        return compiler.joined(value.parts)
    assert isinstance(value, Literal)
    if isinstance(value.value, (list, dict)):
        return call("fromJSON({0})", quoted(json.dumps(value.value, ensure_ascii=False)))
    text = literal_text(value.value, value.written, infer_constant(value.value))
    is_number = isinstance(value.value, (int, float)) and not isinstance(value.value, bool)
    return EngineExpression(text) if is_number and text == constant_text(value.value) else quoted(text)
