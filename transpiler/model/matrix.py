"""`forEach: {matrix: …}`: axes, and the combinations of their values that a loop runs."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cached_property
from itertools import product
from math import prod
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.expressions.tree import Text
from transpiler.model.values import Literal, Value
from transpiler.read.yaml.nodes import Unusable

MAX_COMBINATIONS: Final = 10_000
"""More do not fit into an object: each is written in the Workflow."""
MAX_EXCLUDED: Final = 1_000
"""Entries of `exclude`: each is compared with every combination."""

Combination = tuple[tuple[str, Value], ...]
"""Names with values, sorted by name: an item of a loop."""


class Axis(Struct, frozen=True):
    """A name, and its values: written ones, or a reference to a JSON list (`source`)."""

    name: str
    span: Span
    values: tuple[Value, ...] = ()
    spans: tuple[Span, ...] = ()
    source: Text | Unusable | None = None


class Entry(Struct, frozen=True):
    """An entry of `exclude` or `include`, with the position of each of its keys."""

    values: Combination
    span: Span
    spans: tuple[Span, ...]


class Matrix(Struct, frozen=True, dict=True):
    """Every combination of the values of some axes without those that `exclude` matches, then those of `include`."""

    span: Span
    axes: tuple[Axis, ...]
    exclude: tuple[Entry, ...] = ()
    include: tuple[Entry, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the axes."""
        return tuple(axis.name for axis in self.axes)

    @property
    def is_written(self) -> bool:
        """True if all values stand in the manifest."""
        return all(axis.source is None for axis in self.axes)

    @property
    def size(self) -> int:
        """The number of combinations before `exclude` and `include`; an axis of unknown length counts once."""
        return prod(len(axis.values) for axis in self.axes if axis.source is None)

    @cached_property
    def product(self) -> tuple[Combination, ...]:
        """Every combination of written values, the last axis changing fastest; none if there are too many."""
        if not self.is_written or self.size > MAX_COMBINATIONS:
            return ()
        values = product(*(each.values for each in self.axes))
        return tuple(tuple(zip(self.names, each, strict=True)) for each in values)

    @cached_property
    def kept(self) -> tuple[Combination, ...]:
        """Those that `exclude` does not match."""
        excluded: dict[tuple[str, ...], set[object]] = defaultdict(set)
        for entry in self.exclude[:MAX_EXCLUDED]:
            names = tuple(name for name, _ in entry.values)
            excluded[names].add(identity(entry.values, names))
        return tuple(
            item
            for item in self.product
            if not any(identity(item, names) in values for names, values in excluded.items())
        )

    @cached_property
    def items(self) -> tuple[Combination, ...] | None:
        """The items of the loop; None if they are known only in the run."""
        return (*self.kept, *self.added) if self.is_written else None

    @property
    def added(self) -> tuple[Combination, ...]:
        """The combinations of `include`."""
        return tuple(entry.values for entry in self.include)


def identity(item: Combination, names: tuple[str, ...]) -> tuple[object, ...]:
    """The values under some names. Those of equal literals are equal, however they are written."""
    values = dict(item)
    return tuple(key_of(values.get(name)) for name in names)


def key_of(value: Value | None) -> object:
    """Equal for equal literals: `0.10` is 0.1, but `true` is not 1, and `'1'` is not 1."""
    if not isinstance(value, Literal):
        return value
    given = value.value
    if isinstance(given, (list, dict)):
        return "json", json.dumps(given, sort_keys=True, default=str)
    return "boolean" if isinstance(given, bool) else "", given
