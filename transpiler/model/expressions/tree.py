"""The content of `${{ … }}`: an expression, as a tree of nodes with positions.

Contains the grammar, but not the meaning of names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeGuard

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.expressions.types import ANY, Type


class InputReference(Struct, frozen=True):
    """`inputs.NAME`: an input of the pipeline; in a group, a captured value.

    `is_boxed`: the argument is `Boxed`, and the value of the reference is its content.
    """

    name: str
    span: Span
    is_boxed: bool = False


RESULTS: Final = "results"
"""What a loop yields with its items: `tasks.TASK.results`."""


class OutputReference(Struct, frozen=True):
    """`tasks.TASK.outputs.NAME`, or `tasks.TASK.output` (name None): an output of a task.

    `is_results`: `tasks.TASK.results`, the items of a loop with their outputs; its name is RESULTS.
    """

    task: str
    output: str | None
    span: Span
    task_span: Span
    output_span: Span
    is_results: bool = False


class FactReference(Struct, frozen=True):
    """`tasks.TASK.status` and the other facts that Argo provides about a task."""

    task: str
    fact: str
    span: Span
    task_span: Span
    fact_span: Span


class ItemReference(Struct, frozen=True):
    """`item`, `item.KEY`, or the name that a loop gives its item with `as`."""

    name: str
    key: str | None
    span: Span


class WorkflowReference(Struct, frozen=True):
    """`workflow.NAME`: a variable of the run, in Argo's names."""

    name: str
    span: Span
    written: str = ""
    """The reference that was written in its place: to the output of a task, in the `onExit` of the pipeline."""
    declared: Type = ANY
    """The type of that output."""


Reference = InputReference | OutputReference | FactReference | ItemReference | WorkflowReference


class EnvReference(Struct, frozen=True):
    """`env.NAME`: a variable of the task's container. Kubernetes expands it; Argo never has its value.

    So it is not a reference between tasks.
    """

    name: str
    span: Span


class TryReference(Struct, frozen=True):
    """`retries`: the number of a try of the task, 0 for the first. Argo has it only in the template that is tried.

    So it is not a reference between tasks.
    """

    span: Span


class Constant(Struct, frozen=True):
    """`'text'`, `1`, `0.5`, `true` or `null`."""

    value: str | int | float | bool | None
    span: Span


class Listing(Struct, frozen=True):
    """`['a', 'b']`."""

    items: tuple[Expression, ...]
    span: Span


class Unary(Struct, frozen=True):
    """`!x` or `-x`."""

    operator: str
    operand: Expression
    span: Span


class Binary(Struct, frozen=True):
    """`x + y`, and every other operator between two values."""

    operator: str
    left: Expression
    right: Expression
    span: Span


class Conditional(Struct, frozen=True):
    """`test ? then : otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression
    span: Span


class FunctionCall(Struct, frozen=True):
    """`name(x, y)`."""

    name: str
    arguments: tuple[Expression, ...]
    span: Span
    name_span: Span


class Index(Struct, frozen=True):
    """`x[y]`, or `x.name`: an item of a JSON list, or a value of a JSON object."""

    target: Expression
    key: Expression
    span: Span


class Boxed(Struct, frozen=True):
    """A list of the value of a reference, or of `null` if it is absent. Only the compiler makes it.

    An argument must have a value, so a value that may be absent is passed into a group in this form.
    """

    reference: Reference

    @property
    def span(self) -> Span:
        """The position of the reference."""
        return self.reference.span


class Result(Struct, frozen=True):
    """The item of a loop with what it yields, as a JSON object. Only the compiler makes it.

    `files` are outputs that are files: the value of each is the name of the item's file in the folder of all.
    """

    item: Expression
    is_json: bool | None
    """True if the text of the item is JSON, a list or mapping; None if that is known only in the run."""
    outputs: tuple[tuple[str, Expression], ...]
    files: tuple[str, ...]
    span: Span


Expression = (
    Reference
    | EnvReference
    | TryReference
    | Constant
    | Listing
    | Unary
    | Binary
    | Conditional
    | FunctionCall
    | Index
    | Boxed
    | Result
)
REFERENCES = (InputReference, OutputReference, FactReference, ItemReference, WorkflowReference)


def children(node: Expression) -> tuple[Expression, ...]:
    """The nodes right below a node."""
    match node:
        case Listing(items):
            return items
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Conditional(test, then, otherwise):
            return (test, then, otherwise)
        case FunctionCall(_, arguments):
            return arguments
        case Index(target, key):
            return (target, key)
        case Boxed(reference):
            return (reference,)
        case Result(item, _, outputs):
            return (item, *(value for _, value in outputs))
    return ()


def walk(node: Expression) -> Iterator[Expression]:
    """A node and all below it, in the order they are written."""
    yield node
    for child in children(node):
        yield from walk(child)


def is_choice(node: object) -> TypeGuard[Binary]:
    """True for `x ?? y`."""
    return isinstance(node, Binary) and node.operator == "??"


def alternatives(node: Expression) -> Iterator[Expression]:
    """The alternatives of a `??`, including nested ones; for another expression, itself."""
    if is_choice(node):
        yield from alternatives(node.left)
        yield from alternatives(node.right)
    else:
        yield node


def is_deeper(node: Expression, limit: int) -> bool:
    """True if a tree has more levels; computed without recursion."""
    level: list[Expression] = [node]
    while level and limit >= 0:
        level, limit = [child for each in level for child in children(each)], limit - 1
    return bool(level)


def references(node: Expression) -> Iterator[Reference]:
    """The references in an expression, in order."""
    return (each for each in walk(node) if isinstance(each, REFERENCES))


class Text(Struct, frozen=True):
    """A string value: literal pieces and expressions, in order."""

    parts: tuple[str | Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions, without the text around them."""
        return tuple(part for part in self.parts if not isinstance(part, str))

    @property
    def outline(self) -> str:
        """The text with an ellipsis in place of each expression."""
        return "".join(part if isinstance(part, str) else "…" for part in self.parts)

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references in them."""
        return tuple(reference for part in self.expressions for reference in references(part))

    @property
    def whole(self) -> Expression | None:
        """The expression, when it is the whole value."""
        part = self.parts[0] if len(self.parts) == 1 else None
        return None if isinstance(part, str) else part

    @property
    def plain_reference(self) -> Reference | None:
        """The reference, when it is the whole value."""
        whole = self.whole
        return whole if isinstance(whole, REFERENCES) else None


def whole_of(value: object) -> Expression | None:
    """The expression that a value is; None for a value that has text beside it, or no expression."""
    return value.whole if isinstance(value, Text) else None


def reference_of(value: object) -> Reference | None:
    """The reference that a value is, likewise."""
    return value.plain_reference if isinstance(value, Text) else None
