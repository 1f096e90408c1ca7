"""A matrix with an axis that only the run knows → an expression that lists the combinations, for `withParam`.

The combinations of written axes stand in the Workflow as they are; these are computed, with the same texts. As there,
a whole item that must keep numbers and the like is JSON beside the texts, or in place of them: see `items.whole_key`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from transpiler.model.expressions.tree import Text
from transpiler.model.expressions.types import literal_text
from transpiler.model.matrix import Axis, Combination, Matrix
from transpiler.model.values import Literal, Value
from transpiler.plan.expressions.conversions import own_type
from transpiler.plan.expressions.engine import EngineExpression, call, constant_text, mapping, quoted
from transpiler.plan.expressions.expression_compiler import ExpressionCompiler
from transpiler.plan.expressions.items import IN_PLACE
from transpiler.resolve.types import LIST, infer_constant, type_of_value

_LARGEST: Final = 2**63
"""Argo's engine has no whole numbers from here on."""

_Entries = Iterable[tuple[str, EngineExpression]]


def combinations(matrix: Matrix, compiler: ExpressionCompiler, whole_key: str | None) -> str:
    """The tag that Argo replaces by a JSON list of the items."""
    names = [f"axis{number}" for number in range(1, len(matrix.axes))]
    values = [_list(axis, compiler, whole_key) for axis in matrix.axes]
    every = call("map({0}, ({1}))", values[-1], _of_axes(matrix, [*names, "#"], whole_key))  # {} would be a body
    for name, each in reversed(list(zip(names, values, strict=False))):
        every = EngineExpression(f"flatten(map({each.text}, let {name} = #; {every.text}))")
    added = [_combination(each, compiler, whole_key).text for each in matrix.added]
    every = EngineExpression(f"concat({every.text}, [{', '.join(added)}])") if added else every
    return f"{{{{={call('toJson({0})', every).text}}}}}"


def _list(axis: Axis, compiler: ExpressionCompiler, whole_key: str | None) -> EngineExpression:
    if isinstance(axis.source, Text):
        whole = axis.source.whole
        return (
            call("fromJSON({0})", compiler.joined(axis.source.parts)) if whole is None else compiler.value(whole, LIST)
        )
    return EngineExpression(f"[{', '.join(_both(each, compiler, whole_key) for each in axis.values)}]")


def _both(value: Value, compiler: ExpressionCompiler, whole_key: str | None) -> str:
    """A value of an axis: its text, its JSON, or both as a pair."""
    if whole_key is None:
        return _text(value, compiler).text
    json_value = _json_value(value, compiler).text
    return json_value if whole_key == IN_PLACE else f"[{_text(value, compiler).text}, {json_value}]"


def _of_axes(matrix: Matrix, names: list[str], whole_key: str | None) -> EngineExpression:
    axes = list(zip(matrix.axes, names, strict=True))
    pairs = {axis.name for axis in matrix.axes if axis.source is None and whole_key}
    texts = [(axis.name, EngineExpression(f"{name}[0]" if axis.name in pairs else name)) for axis, name in axes]
    values = [(axis.name, EngineExpression(f"{name}[1]" if axis.name in pairs else name)) for axis, name in axes]
    return _item(texts, values, whole_key)


def _combination(given: Combination, compiler: ExpressionCompiler, whole_key: str | None) -> EngineExpression:
    texts = [(name, _text(value, compiler)) for name, value in given]
    return _item(texts, [(name, _json_value(value, compiler)) for name, value in given], whole_key)


def _item(texts: _Entries, values: _Entries, whole_key: str | None) -> EngineExpression:
    whole = call("toJson({0})", mapping(values))
    if whole_key == IN_PLACE:
        return whole
    return mapping([*texts, *([(whole_key, whole)] if whole_key else [])])


def _text(value: Value, compiler: ExpressionCompiler) -> EngineExpression:
    """A written value: its text; a number where its text in JSON is the written one, a list or mapping as such."""
    if isinstance(value, Text):
        return compiler.joined(value.parts)
    assert isinstance(value, Literal)
    if isinstance(value.value, (list, dict)):
        return _json_value(value, compiler)
    text = literal_text(value.value, value.written, infer_constant(value.value))
    is_as_written = _is_number(value.value) and text == constant_text(value.value)
    return EngineExpression(text) if is_as_written else quoted(text)


def _json_value(value: Value, compiler: ExpressionCompiler) -> EngineExpression:
    """A written value as it is in the JSON of a whole item."""
    if isinstance(value, Text):
        kind = own_type(type_of_value(value, compiler.scope))
        return compiler.joined(value.parts) if value.whole is None else compiler.value(value.whole, kind)
    assert isinstance(value, Literal)
    if isinstance(value.value, str):
        return quoted(value.value)
    if _is_number(value.value) and value.value >= 0:
        return EngineExpression(constant_text(value.value))
    return call("fromJSON({0})", quoted(json.dumps(value.value, ensure_ascii=False)))


def _is_number(value: object) -> bool:
    """True for a number that is one in Argo's engine."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < _LARGEST
    return isinstance(value, float)
