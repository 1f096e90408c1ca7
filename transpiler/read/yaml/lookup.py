"""A line and a column → the entry of a document that stands there, as an editor needs it for a cursor.

    found = Lookup(document).at(line, column)     # both from 1, as in `Span`
    found.path        # ("tasks", "train", "arguments")
    found.part        # Part.KEY, Part.VALUE, or Part.BETWEEN: an entry of `container` may be written there
    found.container   # the Map or List that holds the entry, or would hold it

Works on documents that were recovered from broken YAML, too: the indentation of the line, or of the cursor on an empty
line, says which mapping a new entry belongs to. What an alias or `<<` brings along is found where it is written.
A `Lookup` sorts the entries of each mapping once, so it is worth keeping while the document stays the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final, NamedTuple

from transpiler.diagnostics import Source, Span
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import List, Map, Mark


class Part(Enum):
    """The part of an entry that a position is in."""

    KEY = "key"
    VALUE = "value"
    BETWEEN = "between"


class Found(NamedTuple):
    """The entry at a position; `path` leads from the root to it, or to the container of a new entry."""

    path: tuple[str | int, ...]
    part: Part
    container: Map | List

    @property
    def key(self) -> str | int | None:
        """The key or index of the entry; None between entries."""
        return None if self.part is Part.BETWEEN else self.path[-1]

    @property
    def span(self) -> Span:
        """The place of the key or value; the container's first character between entries."""
        if self.part is Part.BETWEEN:
            return self.container.span
        if isinstance(self.container, List):
            return self.container.item_span(int(self.path[-1]))
        key = str(self.path[-1])
        return self.container.key_span(key) if self.part is Part.KEY else self.container.value_span(key)


class _Entry(NamedTuple):
    start: int
    end: int
    """The end of the key; the start again for an item."""
    key: str | int
    value: Mark | None


class _Cursor(NamedTuple):
    offset: int
    column: int
    """Where a line of a block starts that an entry at the cursor belongs to (from 0)."""


class Lookup:
    """Finds the entries of one document."""

    def __init__(self, root: Map | List) -> None:
        self.root = root
        self.source: Source = root.source
        self._entries: dict[int, list[_Entry]] = {}

    def at(self, line: int, column: int) -> Found:
        """The entry at a line and column (from 1); past the end of a line counts as its end."""
        text = self.source.line(line)
        column = min(max(column - 1, 0), len(text))
        indent = len(text) - len(text.lstrip(" "))
        is_text = indent < len(text) and text[indent] != "#"
        block = indent if is_text else column
        while is_text and text[block : block + 2] == "- " and column > block + 1:
            block += 1
            block += len(text[block:]) - len(text[block:].lstrip(" "))
        return self._descend(_Cursor(self.source.offset(line, column + 1), block))

    def around(self, offset: int, column: int) -> Found:
        """The place of an entry that starts at an offset and counts as indented to a column (from 0)."""
        return self._descend(_Cursor(offset, column))

    def value(self, path: tuple[str | int, ...]) -> Any:
        """The value that a path leads to."""
        node: Any = self.root
        for key in path:
            node = _child(node, key)
        return node

    def containers(self, path: tuple[str | int, ...]) -> Iterator[Map | List]:
        """The mappings and lists on a path, from the root."""
        nodes = (self.value(path[:depth]) for depth in range(len(path) + 1))
        return (node for node in nodes if isinstance(node, (Map, List)))

    def _descend(self, cursor: _Cursor) -> Found:
        node, path = self.root, _NOWHERE
        while True:
            found = self._step(node, path, cursor)
            if isinstance(found, Found):
                return found
            path = (*path, found)
            node = _child(node, found)

    def _step(self, node: Map | List, path: tuple[str | int, ...], cursor: _Cursor) -> Found | str | int:
        """The key of the child to go on with, or the end of the way."""
        entry = self._entry(node, cursor.offset)
        if entry is None:
            return Found(path, Part.BETWEEN, node)
        here = (*path, entry.key)
        if isinstance(entry.key, str) and cursor.offset <= entry.end:
            return Found(here, Part.KEY, node)
        if not self._is_in(node, entry, cursor):
            return Found(path, Part.BETWEEN, node)
        child = _child(node, entry.key)
        goes_on = isinstance(child, (Map, List)) and self._is_inside(child, entry, cursor)
        return entry.key if goes_on else Found(here, Part.VALUE, node)

    def _entry(self, node: Map | List, offset: int) -> _Entry | None:
        """The last entry that starts before an offset."""
        entries = self._entries.get(id(node))
        if entries is None:
            entries = self._entries[id(node)] = sorted(_entries_of(node))
        index = bisect_right(entries, offset, key=lambda each: each.start)
        return entries[index - 1] if index else None

    def _is_in(self, node: Map | List, entry: _Entry, cursor: _Cursor) -> bool:
        """True when the cursor is still in an entry, rather than behind it."""
        text = self.source.text
        end = entry.value.end if entry.value is not None else entry.end
        if _is_flow(node):
            return cursor.offset <= end or "," not in text[max(end, entry.end) : cursor.offset]
        if "\n" not in text[entry.start : cursor.offset]:
            return True
        is_delimited = entry.value is not None and text[entry.value.start : entry.value.start + 1] in _QUOTED
        if is_delimited and cursor.offset <= end:
            return True
        column = self._column(entry.start)
        if isinstance(entry.key, int):
            column = self._dash(entry.start)
        elif cursor.column == column and self._is_list_of_key(node, entry, cursor):
            return True
        return cursor.column > column

    def _is_list_of_key(self, node: Map | List, entry: _Entry, cursor: _Cursor) -> bool:
        """True on a line of a list that stands at the column of its key."""
        child = _child(node, entry.key)
        if not isinstance(child, List) or _is_flow(child):
            return False
        start = self.source.text.rfind("\n", 0, cursor.offset) + 1
        return self.source.text.startswith("-", start + cursor.column)

    def _is_inside(self, child: Map | List, entry: _Entry, cursor: _Cursor) -> bool:
        """True when the cursor is in a container that stands here (not at an alias of it), and not before it."""
        if child.mark.start < entry.start or (isinstance(entry.key, str) and child.mark.start < entry.end):
            return False
        if _is_flow(child):
            is_closed = self.source.text[child.mark.end - 1 : child.mark.end] in {"}", "]"}
            return child.mark.start < cursor.offset < child.mark.end + (not is_closed)
        between = self.source.text[entry.end : cursor.offset]
        return isinstance(entry.key, int) or "\n" in between

    def _column(self, offset: int) -> int:
        return offset - self.source.text.rfind("\n", 0, offset) - 1

    def _dash(self, offset: int) -> int:
        """The column of the dash before an item."""
        text = self.source.text
        dash = text.rfind("-", 0, offset)
        return self._column(dash if dash >= 0 else offset)


def _child(node: Map | List, key: str | int) -> Any:
    return node[str(key)] if isinstance(node, Map) else node[int(key)]


def _is_flow(node: Map | List) -> bool:
    text = node.source.text
    properties = _PROPERTIES.match(text, node.mark.start)
    return text.startswith(("{", "["), properties.end() if properties else node.mark.start)


def _entries_of(node: Map | List) -> Iterator[_Entry]:
    """The entries that are written in a container itself, rather than where an anchor stands."""
    if isinstance(node, List):
        for index, mark in enumerate(node.items_at):
            if mark.start >= node.mark.start:
                yield _Entry(mark.start, mark.start, index, mark)
        return
    for key, mark in node.keys_at.items():
        if mark.start >= node.mark.start:
            value = node.values_at.get(key)
            yield _Entry(mark.start, mark.end, key, value if value and value.start >= mark.end else None)


_NOWHERE: Final[tuple[str | int, ...]] = ()
_QUOTED: Final = frozenset("\"'{[")
_PROPERTIES = regex(r"(?:[&!]\S*\s+)+")
