"""`string(x)` of a file: the content of the file, which travels by value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transpiler.model.expressions.tree import (
    REFERENCES,
    Expression,
    FunctionCall,
    OutputReference,
    Reference,
    alternatives,
    children,
)
from transpiler.model.expressions.types import FILE, FOLDER
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import type_of


def not_cast(nodes: Iterable[Expression]) -> Iterator[Reference]:
    """The references in expressions, but for those whose text `string(...)` asks for."""
    for node in nodes:
        if isinstance(node, REFERENCES):
            yield node
        elif not _is_cast(node):
            yield from not_cast(children(node))


def _is_cast(node: Expression) -> bool:
    """True for `string(x)`, where x is a reference, or a `??` between some."""
    if not isinstance(node, FunctionCall) or node.name != "string" or len(node.arguments) != 1:
        return False
    return any(isinstance(each, REFERENCES) for each in alternatives(node.arguments[0]))


def or_cast(hint: str, reference: OutputReference, scope: Scope) -> str:
    """The hint, and the cast where Argo can read the file by value: where a component writes it, outside a loop."""
    output, call = scope.output_of(reference), scope.calls.get(reference.task)
    is_stored = output is not None and call is not None and call.implementation.yields_file(output)
    if is_stored or type_of(reference, scope)[0] in {FILE, FOLDER}:
        return hint
    name = "output" if reference.output is None else f"outputs.{reference.output}"
    return f"{hint}, or write string(tasks.{reference.task}.{name}) to read it by value"
