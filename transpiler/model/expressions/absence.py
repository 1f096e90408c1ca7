"""The references of an expression that may be absent, because a `??` gives an alternative."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Boxed,
    Conditional,
    Expression,
    FunctionCall,
    Index,
    Reference,
    children,
    is_choice,
)

JSON_FUNCTIONS = ("json", "first", "last")
"""Functions that yield a part of JSON, which is absent if the argument is absent."""


def guarded(node: Expression) -> Iterator[Reference]:
    """The references of an expression that may be absent, because their absence reaches a `??`."""
    if isinstance(node, Boxed):
        yield node.reference
        return
    if is_choice(node):
        for side in (node.left, node.right):
            yield from _passing(side)
        return
    for child in children(node):
        yield from guarded(child)


def _passing(node: Expression) -> Iterator[Reference]:
    """The references whose absence makes the value of a node absent, and those guarded inside it."""
    match node:
        case Binary("??"):
            yield from guarded(node)
        case Conditional(test, then, otherwise):
            yield from guarded(test)
            yield from _passing(then)
            yield from _passing(otherwise)
        case Index(target, key):
            yield from _passing(target)
            yield from guarded(key)
        case FunctionCall(name, arguments) if name in JSON_FUNCTIONS:
            for argument in arguments:
                yield from _passing(argument)
        case _ if isinstance(node, REFERENCES):
            yield node
        case _:
            yield from guarded(node)
