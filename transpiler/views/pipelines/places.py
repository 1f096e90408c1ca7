"""The place of a name → the mapping of the file that has it as a key."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct, field

from transpiler.diagnostics import Report, Source, Span
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import Map

_WHOLE: Final = (0, 0)
"""The place of the file itself."""


class Places(Struct):
    """The mappings of files by the places of their keys. A file that nobody keeps is read again from its text."""

    _known: dict[int, dict[tuple[int, int], tuple[Map, str]]] = field(default_factory=dict)
    _sources: list[Source] = field(default_factory=list)

    def know(self, document: Map) -> None:
        """Use a document that was read."""
        self._sources.append(document.source)
        self._known[id(document.source)] = _entries(document, document.source)

    def body(self, span: Span) -> Map | None:
        """The mapping that is the value of the key at a place; None if there is none."""
        parent, key = self._index(span.source).get(_at(span), (None, ""))
        value = parent.get(key) if parent is not None else None
        return value if isinstance(value, Map) else None

    def around(self, span: Span) -> Map | None:
        """The mapping that has a key at a place, or starts there."""
        parent, _ = self._index(span.source).get(_at(span), (None, ""))
        return parent

    def document(self, source: Source) -> Map | None:
        """The whole file."""
        parent, _ = self._index(source).get(_WHOLE, (None, ""))
        return parent

    def _index(self, source: Source) -> dict[tuple[int, int], tuple[Map, str]]:
        if id(source) not in self._known:
            document = read_document(source, Report())
            self._sources.append(source)  # so that no other one gets its id
            self._known[id(source)] = _entries(document, source) if isinstance(document, Map) else {}
        return self._known[id(source)]


def _entries(document: Map, source: Source) -> dict[tuple[int, int], tuple[Map, str]]:
    """Line and column of each key of a file → its mapping; of the start of a mapping without a key → that."""
    keys: dict[tuple[int, int], tuple[Map, str]] = {}
    starts: dict[tuple[int, int], tuple[Map, str]] = {}
    waiting: list[Any] = [document]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Map):
            for key in node.keys() & node.keys_at.keys() if node.source is source else ():
                keys[_at(node.key_span(key))] = node, key
            if node.source is source:
                starts.setdefault(_at(node.span), (node, ""))
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return {**starts, **keys, _WHOLE: (document, "")}


def _at(span: Span) -> tuple[int, int]:
    return span.line, span.column
