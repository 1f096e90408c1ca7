"""The captures of a group: each is one input of the group, and one argument of its call."""

from __future__ import annotations

from msgspec import Struct, field

from transpiler.argo.naming import Names, port_name
from transpiler.model.expressions.search import Replace, replaced
from transpiler.model.expressions.tree import (
    Binary,
    Boxed,
    Constant,
    Expression,
    FactReference,
    InputReference,
    ItemReference,
    OutputReference,
    Text,
)


class Captures(Struct):
    """The inputs of a group, added as its tasks need them."""

    values: dict[str, Expression] = field(default_factory=dict)
    """Input of the group → the captured expression outside."""
    _names: Names = field(default_factory=Names)
    _known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def capture(self, node: Expression, outside: Replace = lambda node: node) -> InputReference:
        """The input for a reference, a `??` or a `Boxed`; the same one for the same thing.

        `outside` is how the place around the group says it.
        """
        key, name = identity(node)
        if key not in self._known:
            self._known[key] = self._names.unique(port_name(name))
            self.values[self._known[key]] = replaced(node, outside)
        return InputReference(self._known[key], node.span, is_boxed=isinstance(node, Boxed))

    def hand_on(self, node: Expression, outside: Replace = lambda node: node) -> Expression:
        """The input for a value that the group passes on: a `Boxed` stays boxed, and the receiver opens it."""
        taken = self.capture(node, outside)
        return Boxed(taken) if isinstance(node, Boxed) else taken


def identity(reference: Expression) -> tuple[tuple[str, ...], str]:
    """The identity of an expression, and a name for the input that stands for it."""
    if isinstance(reference, Boxed):
        key, name = identity(reference.reference)
        return ("boxed", *key), name
    if isinstance(reference, Binary):
        left, right = identity(reference.left), identity(reference.right)
        return (reference.operator, *left[0], "or", *right[0]), left[1]
    if isinstance(reference, Constant):
        return ("constant", repr(reference.value)), "value"
    if isinstance(reference, InputReference):
        return ("input", reference.name), reference.name
    if isinstance(reference, OutputReference):
        name = reference.task if reference.output is None else f"{reference.task}-{reference.output}"
        kind = "results" if reference.is_results else "output"
        return (kind, reference.task, reference.output or "", str(reference.output is None)), name
    if isinstance(reference, FactReference):
        return ("fact", reference.task, reference.fact), f"{reference.task}-{reference.fact}"
    if not isinstance(reference, ItemReference):
        return ("value", repr(reference)), "value"
    name = reference.name if reference.key is None else f"{reference.name}-{reference.key}"
    return ("item", reference.name, reference.key or "", str(reference.key is None)), name


def identity_of_text(text: Text) -> tuple[object, ...]:
    """The identity of a text, independent of its place."""
    return tuple(part if isinstance(part, str) else identity(part)[0] for part in text.parts)
