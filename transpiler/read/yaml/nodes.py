"""Mappings and lists that know where each of their keys and values stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple, Self

from transpiler.diagnostics import Source, Span


class Mark(NamedTuple):
    """Character offsets of a node in its source."""

    start: int
    end: int

    def of(self, source: Source) -> Source:
        """The source of these offsets, for a mapping or list of that source."""
        return source


class Elsewhere(Mark):
    """Offsets in another source than that of the mapping or list: a values file was laid over it."""

    source: Source
    is_instead: bool
    """True for the place of a value that another one had."""

    @classmethod
    def at(cls, mark: Mark, source: Source, *, is_instead: bool = False) -> Self:
        """A mark of that source, unless it has another one already."""
        made = cls(*mark)
        made.source, made.is_instead = mark.of(source), is_instead
        return made

    def of(self, source: Source) -> Source:  # noqa: ARG002 - a mark of the source itself gives that
        """The source that they were read from."""
        return self.source


class Unusable:
    """The type of `UNUSABLE`."""

    __slots__ = ()


UNUSABLE: Final = Unusable()
"""A value with a reported mistake: it counts as written, and nothing more is reported about it."""


class FileText(str):
    """A text that stands in a file of its own. `source` is that file; the text may have more `$` than it."""

    __slots__ = ("source",)
    source: Source

    @property
    def span(self) -> Span:
        """The first line of the file."""
        return self.source.span(0, len(self.source.line(1)))


class Map(dict[str, Any]):
    """A YAML mapping. Keys are strings; `keys_at` and `values_at` hold their places."""

    __slots__ = ("incomplete_keys", "is_incomplete", "is_repeated", "keys_at", "mark", "source", "values_at")

    def __init__(self, source: Source, mark: Mark) -> None:
        self.source = source
        self.mark = mark
        self.keys_at: dict[str, Mark] = {}
        self.values_at: dict[str, Mark] = {}
        self.is_incomplete = False
        """True when keys of it are lost in a reported mistake: nothing may be said to be missing."""
        self.is_repeated = False
        """True when its key occurs twice, which is reported: another mapping may be meant."""
        self.incomplete_keys: set[str] = set()
        """Keys with a reported mistake in their name or value, and keys that a misspelt one stands for."""

    def hides(self, *keys: str) -> bool:
        """True when a reported mistake may hide one of the keys, or its value: nothing more is reported about it."""
        return any(key in self.incomplete_keys or (self.is_incomplete and key not in self) for key in keys)

    def mark_unusable(self, key: str) -> None:
        """Note that the value of a key has a reported mistake."""
        self[key] = UNUSABLE
        self.incomplete_keys.add(key)

    @property
    def has_mistakes(self) -> bool:
        """True when a mistake is reported in a key of it; `fields.is_complete` looks below, too."""
        return self.is_incomplete or bool(self.incomplete_keys)

    def put(self, key: str, value: Any, key_at: Mark, value_at: Mark) -> None:
        """Set a key, with the places of it and of its value."""
        self[key], self.keys_at[key], self.values_at[key] = value, key_at, value_at

    def sort(self) -> None:
        """Put the keys into alphabetical order."""
        if any(one > other for one, other in pairwise(self)):
            entries = sorted(self.items())
            self.clear()
            self.update(entries)

    @property
    def span(self) -> Span:
        """The mapping's first character."""
        return self.mark.of(self.source).span(self.mark.start, self.mark.start + 1)

    def key_span(self, key: str) -> Span:
        """Where a key stands; the mapping itself for a key it does not have."""
        if key not in self.keys_at:
            return self.span
        mark = self.keys_at[key]
        return mark.of(self.source).span(*mark)

    def value_span(self, key: str) -> Span:
        """Where the value of a key stands: the first line of it, when it has several."""
        if isinstance(value := self.get(key), FileText):
            return value.span
        return first_line(self.source, self.values_at[key]) if key in self.values_at else self.span

    def written(self, key: str) -> str:
        """The characters of a value, as the file has them."""
        mark = self.values_at[key]
        return mark.of(self.source).text[mark.start : mark.end]


class List(list[Any]):
    """A YAML sequence; `items_at` holds the place of each item."""

    __slots__ = ("has_lost_items", "is_incomplete", "is_repeated", "items_at", "mark", "source")

    def __init__(self, source: Source, mark: Mark) -> None:
        self.source = source
        self.mark = mark
        self.items_at: list[Mark] = []
        self.is_incomplete = False
        """True when a mistake is reported in an item of it, or items are lost in one."""
        self.has_lost_items = False
        self.is_repeated = False

    def mark_unusable(self, index: int) -> None:
        """Note that an item has a reported mistake."""
        self[index] = UNUSABLE
        self.is_incomplete = True

    @property
    def span(self) -> Span:
        """The list's first character."""
        return self.mark.of(self.source).span(self.mark.start, self.mark.start + 1)

    def item_span(self, index: int) -> Span:
        """Where an item stands: the first line of it, when it has several."""
        if isinstance(item := self[index], FileText):
            return item.span
        return first_line(self.source, self.items_at[index])

    def written(self, index: int) -> str:
        """The characters of an item, as the file has them."""
        mark = self.items_at[index]
        return mark.of(self.source).text[mark.start : mark.end]


def all_nodes(start: Map | List) -> Iterator[Map | List]:
    """A mapping or list and all below it, each once: an alias is the very node that it stands for."""
    waiting, seen = [start], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        children = node.values() if isinstance(node, Map) else node
        waiting.extend(child for child in children if isinstance(child, (Map, List)))


def first_line(source: Source, mark: Mark) -> Span:
    """The part of a node that one line of a message can point at."""
    source = mark.of(source)
    text = source.text
    start = min(mark.start, len(text))
    end = max(mark.end, start)
    newline = text.find("\n", start, end)
    end = newline if newline > start else end
    while end > start + 1 and text[end - 1] in " \t\r\n":
        end -= 1
    return source.span(start, end)
