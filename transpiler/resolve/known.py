"""Values that are known before a run: literals in expressions, defaults and `enum` of inputs, literal items."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.model.expressions.outcomes import outcomes
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Expression,
    InputReference,
    ItemReference,
    is_choice,
    whole_of,
)
from transpiler.model.expressions.types import literal_text
from transpiler.model.task import Loop
from transpiler.model.values import Literal, Value
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import infer_constant


def known_texts(value: Value, scope: Scope, loop: Loop | None) -> list[str]:
    """The texts that a value may have, of those that are known. `loop` is that of the task where it stands."""
    if isinstance(value, Literal):
        return [literal_text(value.value, value.written, infer_constant(value.value))]
    whole = whole_of(value)
    return list(dict.fromkeys(_texts(whole, scope, loop))) if whole is not None else []


def _texts(node: Expression, scope: Scope, loop: Loop | None) -> Iterator[str]:
    if isinstance(node, Conditional) or is_choice(node):
        for each in (node.left, node.right) if isinstance(node, Binary) else (node.then, node.otherwise):
            yield from _texts(each, scope, loop)
    elif isinstance(node, InputReference):
        yield from _of_input(node, scope)
    elif isinstance(node, ItemReference):
        yield from _of_items(node, loop)
    else:
        for each in outcomes(node):
            yield literal_text(each.value, str(each.value), infer_constant(each.value))


def _of_input(reference: InputReference, scope: Scope) -> Iterator[str]:
    """What an input of a group stands for around it; else the default and the `enum` of an input."""
    outer = scope.captures.get(reference.name)
    if outer is not None and scope.parent is not None:
        call = scope.parent.calls.get(scope.group.name) if scope.group is not None else None
        yield from _texts(outer, scope.parent, call.loop if call is not None else None)
        return
    given = scope.input(reference.name)
    if given is not None and scope.is_manifest:
        yield from given.enum or (() if given.default is None else (given.default,))


def _of_items(reference: ItemReference, loop: Loop | None) -> Iterator[str]:
    for item in loop.items or () if loop is not None else ():
        value = dict(item).get(reference.key or "") if isinstance(item, tuple) else item
        if isinstance(value, Literal):
            yield literal_text(value.value, value.written, infer_constant(value.value))
