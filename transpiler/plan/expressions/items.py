"""The items of a literal list in a Workflow, such that `item` and `item.KEY` yield the values of the manifest.

The values of a mapping are strings, so that a number stays as written. Argo makes the whole item of them, which is the
JSON of the manifest if all of them are strings. Otherwise the whole is written separately: in place of the
mapping, or in it, under a separate key, if a task uses both.
"""

from __future__ import annotations

import json
from functools import reduce
from typing import Final

from msgspec.structs import replace

from transpiler.argo.text import is_escaped_in_json
from transpiler.model.expressions.search import expressions_in, references_of
from transpiler.model.expressions.tree import ItemReference, Text
from transpiler.model.matrix import Combination
from transpiler.model.task import Item, Loop, Task
from transpiler.model.values import Literal, Value
from transpiler.patterns import regex
from transpiler.plan.expressions.conversions import own_type
from transpiler.plan.expressions.engine import EngineExpression, call, operation, quoted
from transpiler.plan.expressions.expression_compiler import ExpressionCompiler
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import TYPED, type_of_value

IN_PLACE: Final = ""
"""The whole item is written in place of the mapping."""
_JSON_NUMBER: Final = regex(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def whole_key(task: Task, scope: Scope) -> str | None:
    """The position of the JSON of a whole item: a key, IN_PLACE, or None if Argo makes it."""
    loop = task.loop
    mappings = _mappings(loop) if loop is not None else []
    uses = [each for each in references_of(replace(task, loop=None)) if isinstance(each, ItemReference)]
    if loop is None or not mappings or all(each.key is not None for each in uses) or _is_made(loop, task, scope):
        return None
    if all(each.key is None for each in uses):
        return IN_PLACE
    taken = {key.partition(".")[0] for item in mappings for key, _ in item}
    return next(name for name in ("json", *(f"json-{number}" for number in range(2, 1000))) if name not in taken)


def _mappings(loop: Loop) -> list[Combination]:
    """The written ones; of a matrix with axes that only the run knows, what is written of each axis."""
    if loop.matrix is None or loop.matrix.is_written:
        return [item for item in loop.items or () if isinstance(item, tuple)]
    of_axes = [((axis.name, value),) for axis in loop.matrix.axes for value in axis.values]
    return [*of_axes, *loop.matrix.added, *(((name, Literal("", "")),) for name in loop.matrix.names)]


def _is_made(loop: Loop, task: Task, scope: Scope) -> bool:
    """True if the JSON that Argo makes of an item is that of the manifest."""
    entries = [entry for item in _mappings(loop) for entry in item]
    if not all(_is_text(value, scope) for _, value in entries):
        return False
    return not _is_computed_with(task) or (loop.has_mappings and all(_stays(*entry) for entry in entries))


def _is_text(value: Value, scope: Scope) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, str)
    return type_of_value(value, scope).name not in TYPED


def _is_computed_with(task: Task) -> bool:
    """True for a whole item in an expression, or in a longer text."""
    rest = replace(task, loop=None)
    wholes = [each for each in references_of(rest) if isinstance(each, ItemReference) and each.key is None]
    alone = [node for node in expressions_in(rest) if isinstance(node, ItemReference) and node.key is None]
    return len(alone) < len(wholes)


def _stays(key: str, value: Value) -> bool:
    """True for an entry of a mapping that Argo's engine has unchanged."""
    return isinstance(value, Literal) and "." not in key and not is_escaped_in_json(str(value.value))


def whole(item: Item, compiler: ExpressionCompiler) -> str:
    """The JSON of a mapping as text, with tags for values of the run."""
    assert isinstance(item, tuple)
    pieces: list[EngineExpression | str] = []
    for number, (key, value) in enumerate(item):
        pieces += [f"{',' if number else '{'}{_json(key)}:", _piece(value, compiler)]
    pieces.append("}")
    if all(isinstance(piece, str) for piece in pieces):
        return "".join(map(str, pieces))
    codes = [quoted(piece) if isinstance(piece, str) else piece for piece in pieces]
    return f"{{{{={reduce(lambda left, right: operation(left, '+', right), codes).text}}}}}"


def _piece(value: Value, compiler: ExpressionCompiler) -> EngineExpression | str:
    """The JSON of a value: a text for a literal, otherwise an expression that computes it."""
    if isinstance(value, Literal):
        is_number = isinstance(value.value, (int, float)) and not isinstance(value.value, bool)
        return value.written if is_number and _JSON_NUMBER.fullmatch(value.written) else _json(value.value)
    assert isinstance(value, Text)
    kind = own_type(type_of_value(value, compiler.scope))
    node = value.whole
    return call("toJson({0})", compiler.joined(value.parts) if node is None else compiler.value(node, kind))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
