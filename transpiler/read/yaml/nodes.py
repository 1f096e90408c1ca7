"""Mappings and lists that know where each of their keys and values stands."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, NamedTuple

from transpiler.diagnostics import Source, Span


class Mark(NamedTuple):
    """Character offsets of a node in its source."""

    start: int
    end: int


class _Bad:
    """The type of `BAD`."""


BAD: Final = _Bad()
"""Stands for a value that could not be read, which is reported: nothing more is said about it."""


class Map(dict[str, Any]):
    """A YAML mapping. Keys are strings; `keys_at` and `values_at` hold their places."""

    __slots__ = ("faulty", "is_partial", "keys_at", "mark", "source", "values_at")

    def __init__(self, source: Source, mark: Mark) -> None:
        self.source = source
        self.mark = mark
        self.keys_at: dict[str, Mark] = {}
        self.values_at: dict[str, Mark] = {}
        self.is_partial = False
        """True when keys of it could not be read, which is reported: nothing may be said to be missing."""
        self.faulty: set[str] = set()
        """Keys whose value is wrong or misspelt, which is reported: nothing more is said about what they hold."""

    def sort(self) -> None:
        """Put the keys into alphabetical order."""
        if any(one > other for one, other in pairwise(self)):
            entries = sorted(self.items())
            self.clear()
            self.update(entries)

    @property
    def span(self) -> Span:
        """The mapping's first character."""
        return self.source.span(self.mark.start, self.mark.start + 1)

    def key_span(self, key: str) -> Span:
        """Where a key stands; the mapping itself for a key it does not have."""
        return self.source.span(*self.keys_at[key]) if key in self.keys_at else self.span

    def value_span(self, key: str) -> Span:
        """Where the value of a key stands: the first line of it, when it has several."""
        return first_line(self.source, self.values_at[key]) if key in self.values_at else self.span

    def written(self, key: str) -> str:
        """The characters of a value, as the file has them."""
        start, end = self.values_at[key]
        return self.source.text[start:end]


class List(list[Any]):
    """A YAML sequence; `items_at` holds the place of each item."""

    __slots__ = ("is_faulty", "items_at", "mark", "source")

    def __init__(self, source: Source, mark: Mark) -> None:
        self.source = source
        self.mark = mark
        self.items_at: list[Mark] = []
        self.is_faulty = False
        """True when an item of it is wrong, which is reported."""

    @property
    def span(self) -> Span:
        """The list's first character."""
        return self.source.span(self.mark.start, self.mark.start + 1)

    def item_span(self, index: int) -> Span:
        """Where an item stands: the first line of it, when it has several."""
        return first_line(self.source, self.items_at[index])

    def written(self, index: int) -> str:
        """The characters of an item, as the file has them."""
        start, end = self.items_at[index]
        return self.source.text[start:end]


def first_line(source: Source, mark: Mark) -> Span:
    """The part of a node that one line of a message can point at."""
    text = source.text
    start = min(mark.start, len(text))
    end = max(mark.end, start)
    newline = text.find("\n", start, end)
    end = newline if newline > start else end
    while end > start + 1 and text[end - 1] in " \t\r\n":
        end -= 1
    return source.span(start, end)
