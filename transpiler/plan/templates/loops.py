"""`forEach` → Argo's `withItems`, `withParam` or `withSequence`."""

from __future__ import annotations

from transpiler.model.expressions.tree import Text
from transpiler.model.task import Item, Loop
from transpiler.model.values import Literal, Value
from transpiler.plan.argo_objects import Node
from transpiler.plan.expressions.engine_references import item_text
from transpiler.plan.expressions.items import IN_PLACE, whole
from transpiler.plan.expressions.matrices import combinations
from transpiler.plan.expressions.sequences import sequence
from transpiler.plan.expressions.tags import Tags


def loop_fields(loop: Loop, tags: Tags) -> Node:
    """The fields of a DAG task that make it a loop. Items are texts, so that a number stays as it was written."""
    if loop.items is not None:
        return {"withItems": [_item(item, tags) for item in loop.items]}
    if loop.matrix is not None:
        return {"withParam": combinations(loop.matrix, tags.compiler, tags.whole_key)}
    if isinstance(loop.source, Text):
        return {"withParam": tags.written(loop.source)}
    return sequence(loop, tags.compiler)


def _item(item: Item, tags: Tags) -> str | Node:
    if not isinstance(item, tuple):
        return _text(item, tags)
    if tags.whole_key == IN_PLACE:
        return whole(item, tags.compiler)
    own = {tags.whole_key: whole(item, tags.compiler)} if tags.whole_key is not None else {}
    return dict(sorted({**{key: _text(value, tags) for key, value in item}, **own}.items()))


def _text(value: Value, tags: Tags) -> str:
    if isinstance(value, Literal):
        return item_text(value)
    assert isinstance(value, Text)
    return tags.written(value)
