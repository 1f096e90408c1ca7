"""The place of a name → the mapping of the file that has it as a key."""

from __future__ import annotations

from msgspec import Struct, field

from transpiler.diagnostics import Report, Source, Span
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nodes import Map, all_nodes

Place = tuple[Source, int, int]
"""A source with a line and a column; (0, 0) is all of it."""


class Places(Struct):
    """The mappings of files by the places of their keys. A file that nobody keeps is read again from its text."""

    _known: dict[Place, tuple[Map, str]] = field(default_factory=dict)
    _read: set[Source] = field(default_factory=set)

    def know(self, document: Map) -> None:
        """Use a document that was read; values that are laid over it stand in files of their own."""
        self._read.add(document.source)
        for place, entry in _entries(document).items():
            self._known.setdefault(place, entry)

    def body(self, span: Span) -> Map | None:
        """The mapping that is the value of the key at a place; None if there is none."""
        parent, key = self._at(_place(span))
        value = parent.get(key) if parent is not None else None
        return value if isinstance(value, Map) else None

    def around(self, span: Span) -> Map | None:
        """The mapping that has a key at a place, or starts there."""
        return self._at(_place(span))[0]

    def document(self, source: Source) -> Map | None:
        """The whole file."""
        return self._at((source, 0, 0))[0]

    def _at(self, place: Place) -> tuple[Map | None, str]:
        source = place[0]
        if source not in self._read:
            self._read.add(source)
            document = read_document(source, Report())
            if isinstance(document, Map):
                self.know(document)
        return self._known.get(place, (None, ""))


def _entries(document: Map) -> dict[Place, tuple[Map, str]]:
    """The place of each key → its mapping; of the start of a mapping without a key → that."""
    keys: dict[Place, tuple[Map, str]] = {}
    starts: dict[Place, tuple[Map, str]] = {}
    for node in all_nodes(document):
        if isinstance(node, Map):
            starts.setdefault(_place(node.span), (node, ""))
            keys |= {_place(node.key_span(key)): (node, key) for key in node.keys() & node.keys_at.keys()}
    return {**starts, **keys, (document.source, 0, 0): (document, "")}


def _place(span: Span) -> Place:
    return span.source, span.line, span.column
