"""Broken YAML → what can be understood of it: the blocks before and after the broken one, with their true places.

Used when the straight read has failed. The second read leaves the broken blocks out (`surgeon.py`), and each of them is
reported once (`mistakes.py`). The nodes mark
what is lost, so that no later stage misses names that may stand there: `is_incomplete` on the mapping or list around a
lost entry, UNUSABLE for a value whose key is still there. Of a broken `{ }` or `[ ]`, the entries before the break are
kept.
Limits hold as ever: a text beyond one gives None.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from typing import Any, Final

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import DocumentStartEvent, MappingStartEvent, SequenceStartEvent, StreamStartEvent

from transpiler.diagnostics import Report, Source
from transpiler.patterns import regex
from transpiler.read.yaml.builder import Builder, Stop
from transpiler.read.yaml.damage import ANYWHERE, LIST, MAPPING, Damage, Hole, Unread, without_line
from transpiler.read.yaml.lookup import Found, Lookup, Part
from transpiler.read.yaml.mistakes import Reader, report_mistakes
from transpiler.read.yaml.nodes import UNUSABLE, List, Map, Mark
from transpiler.read.yaml.straight import MAX_PURE, events_of, may_be_fine, stand_ins_of
from transpiler.read.yaml.surgeon import damage

MAX_BRACKETS: Final = 20
"""Broken values in brackets that are read up to the break; the others are lost as a whole."""
MAX_MARKED: Final = 2_000
MAX_TRIES: Final = 4


def recover(source: Source, error: MarkedYAMLError | None, report: Report) -> Map | None:
    """Report why a text breaks off, and give what can be understood of it; None when that is nothing.

    `error` is that of the straight read; None when it is reported already.
    """
    return _Recovery(source).document(error, report)


class _Recovery:
    """The second read of one text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.stand_ins = stand_ins_of(source.text)
        self.text = source.text.translate(self.stand_ins)
        self.pure_left = MAX_PURE

    def document(self, error: MarkedYAMLError | None, report: Report) -> Map | None:
        """A mapping, or None: no other kind of broken document is of use."""
        start = len(self.text) - len(self.text.lstrip())
        in_brackets = self.brackets(Mark(start, len(self.text))) if self.text.startswith("{", start) else None
        is_in_blocks = in_brackets is None or not _AS_JSON.search(self.text)
        damaged = damage(self.text, self.kind_of) if is_in_blocks else Damage(self.text)
        own = Report()
        in_blocks = self.blocks(damaged, own) if is_in_blocks else None
        found = [each for each in (in_brackets, in_blocks) if isinstance(each, Map)]
        best = max(found, key=len, default=None)
        told = damaged if in_brackets is None or best is in_blocks else Damage(self.text)
        report_mistakes(self.source, self.text, told, Reader(self.kind_of, _error_of), error, report)
        if best is in_blocks and error is not None:
            report.take(own)
        return best

    def blocks(self, found: Damage, report: Report) -> Any:
        """The mapping of a text that is told apart by indentation, and what is wrong in its values."""
        for _ in range(MAX_TRIES):
            own = Report()
            try:
                root = self.read(found.text, own)
            except MarkedYAMLError as error:
                found = without_line(found, error.problem_mark.index if error.problem_mark else 0)
                continue
            except (Stop, YAMLError, ValueError):
                return None
            if isinstance(root, Map):
                self.mark(root, found)
                _take(own, Lookup(root), report)
            return root
        return None

    def read(self, text: str, report: Report) -> Any:
        """Build the nodes of the patched text."""
        builder = self.builder(report)
        for event in self.events(text):
            builder.take(event)
        return builder.root

    def builder(self, report: Report) -> Builder:
        stood_in_for = {stand_in: character for character, stand_in in self.stand_ins.items()}
        return Builder(self.source, report, stood_in_for, is_patched=True)

    def events(self, text: str) -> list[Any]:
        """The events of a text. Raises YAMLError, or ValueError."""
        try:
            return list(events_of(text))
        except MarkedYAMLError as error:
            if not may_be_fine(error, text) or len(text) > self.pure_left:
                raise
            self.pure_left -= len(text)
            return list(events_of(text, pure=True))

    def kind_of(self, text: str) -> str | None:
        """The kind of a text at its top, as `damage` asks for it."""
        try:
            events = self.events(text)
        except (YAMLError, ValueError):
            return None
        first = next((each for each in events if not isinstance(each, _BEFORE)), None)
        if sum(isinstance(each, DocumentStartEvent) for each in events) > 1:
            return None
        if not isinstance(first, (MappingStartEvent, SequenceStartEvent)) or first.flow_style:
            return ""
        return MAPPING if isinstance(first, MappingStartEvent) else LIST

    def brackets(self, place: Mark) -> Any:
        """The value of a broken `{ }` or `[ ]`, up to the break; UNUSABLE when nothing of it can be read."""
        text = " " * place.start + self.text[place.start : place.end]
        try:
            return self.up_to_break(text, place.end)
        except (Stop, YAMLError, ValueError):
            return UNUSABLE

    def up_to_break(self, text: str, end: int) -> Any:
        """The container at the end of a text, as far as it can be read. Raises Stop, YAMLError or ValueError."""
        broken_at = end
        try:
            for _ in events_of(text):
                pass
        except MarkedYAMLError as error:
            broken_at = min(broken_at, _break_of(error, text))
        builder = self.builder(Report())
        with suppress(MarkedYAMLError):
            for event in events_of(text[:broken_at]):
                builder.take(event)
        root = builder.close(broken_at, end)
        return root if isinstance(root, (Map, List)) else UNUSABLE

    # ------------------------------------------------------------------ marks

    def mark(self, root: Map, found: Damage) -> None:
        """Mark what the lost blocks hide."""
        lookup = Lookup(root)
        if len(found.holes) + len(found.unread) > MAX_MARKED:
            root.is_incomplete = True
            root.incomplete_keys.update(root)
            return
        for number, unread in enumerate(found.unread):
            self.mark_value(lookup, unread, keeps_brackets=number < MAX_BRACKETS)
        for hole in found.holes:
            _mark_around(lookup, hole)
            if hole.column != ANYWHERE:
                _mark_behind(lookup, found.text, hole)

    def mark_value(self, lookup: Lookup, unread: Unread, *, keeps_brackets: bool) -> None:
        column = unread.offset - self.text.rfind("\n", 0, unread.offset) - 1
        _lose_empty(lookup, unread.offset - 1)
        found = lookup.around(unread.offset, column)
        if found.part is not Part.KEY and not _is_item_at(found, unread.offset):
            _mark_around(lookup, Hole(unread.value.start, column + 1))
            return
        in_brackets = self.text[unread.value.start : unread.value.start + 1] in {"{", "["}
        value = self.brackets(unread.value) if in_brackets and keeps_brackets else UNUSABLE
        _put(found, value, unread.value)


def _take(own: Report, lookup: Lookup, report: Report) -> None:
    """Report what is wrong in values; a key that is there twice may be of another mapping, whose name is lost."""
    for each in own.diagnostics:
        at = each.span.source.offset(each.span.line, each.span.column)
        if each.code != "duplicate-key" or not lookup.around(at, each.span.column - 1).container.is_incomplete:
            report.add(each)


def _error_of(text: str) -> MarkedYAMLError | None:
    """Where the reader gives up on a text; None where it does not."""
    try:
        for _ in events_of(text):
            pass
    except MarkedYAMLError as error:
        return error
    except (YAMLError, ValueError):
        return None
    return None


def _break_of(error: MarkedYAMLError, text: str) -> int:
    """Where a text breaks off: at the start of a quoted text that is not closed.

    The scanner looks ahead, so the events before that are seen only when the text is cut off there.
    """
    context = error.context_mark.index if error.context_mark else len(text)
    if text[context : context + 1] in {'"', "'"}:
        return int(context)
    return int(error.problem_mark.index) if error.problem_mark else len(text)


def _is_item_at(found: Found, offset: int) -> bool:
    is_item = isinstance(found.container, List) and found.part is Part.VALUE
    return is_item and found.container.items_at[int(found.path[-1])].start == offset  # type: ignore[union-attr]


def _put(found: Found, value: Any, mark: Mark) -> None:
    key = found.path[-1]
    if isinstance(found.container, List):
        found.container[int(key)] = value
        found.container.items_at[int(key)] = mark
        found.container.is_incomplete = True
    else:
        found.container[str(key)] = value
        found.container.values_at[str(key)] = mark
        found.container.incomplete_keys.add(str(key))


def _lose_empty(lookup: Lookup, offset: int) -> Found:
    """The innermost entry around an offset; when it is empty, its value may be what is lost behind it."""
    found = lookup.around(offset, sys.maxsize)
    if found.part is Part.VALUE and lookup.value(found.path) is None:
        _put(found, UNUSABLE, Mark(offset, offset))
    return found


def _mark_around(lookup: Lookup, hole: Hole) -> None:
    """Mark the container of a lost entry, or all around it; a value that lost all of its entries becomes UNUSABLE."""
    deepest = _lose_empty(lookup, hole.offset)
    around = lookup.around(hole.offset, hole.column)
    for container in lookup.containers(deepest.path) if hole.column == ANYWHERE else [around.container]:
        container.is_incomplete = True
        if isinstance(container, List):
            container.has_lost_items = True
    if around.part is Part.VALUE:
        _put(around, UNUSABLE, Mark(hole.offset, hole.offset))


def _mark_behind(lookup: Lookup, text: str, hole: Hole) -> None:
    """Mark the container that starts behind its lost first entry."""
    found = _CONTENT.search(text, text.find("\n", hole.offset))
    if found and len(found[1]) == hole.column:
        lookup.around(found.end(1), hole.column).container.is_incomplete = True


_CONTENT: Final = regex(r"\n( *)(?=[^\s#])")
_AS_JSON: Final = regex(r"^\S.*[,{\[][ \t]*\n|\A[^\n]*\Z", re.MULTILINE)
"""A line of a text in brackets that is not indented, or the only one."""
_BEFORE: Final = (StreamStartEvent, DocumentStartEvent)
