"""Diagnostics: the only type in which stages report mistakes of an input and their positions.

Promises: a diagnostic always lies inside its source. Never formats anything: that is `transpiler.report`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final, NamedTuple, Self

from msgspec import Struct, field
from msgspec.structs import replace

MAX_EXPLAINED: Final = 100
"""As many as are printed."""
MAX_DIAGNOSTICS: Final = 1_000
"""More are not readable, and a hostile file must not cause unlimited work by repeating one mistake."""
_MAX_EXCERPT: Final = 60


def excerpt(text: str, most: int = _MAX_EXCERPT) -> str:
    """A text on one line, shortened for a message."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


class Source(Struct, frozen=True, eq=False, dict=True):
    """A text with a name; knows the line and column (both from 1) of each of its characters."""

    name: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, clamped to the text."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The character offset of a line and column, clamped to the text and to the line."""
        line = min(max(line, 1), len(self._line_starts))
        start = self._line_starts[line - 1]
        return start + min(max(column - 1, 0), len(self.line(line)))

    def line(self, number: int) -> str:
        """The text of line `number`, without its end; empty past the last line."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")

    def span(self, start: int, end: int | None = None) -> Span:
        """The place from offset `start` to `end` (exclusive)."""
        line, column = self.position(start)
        end_line, end_column = self.position(start if end is None else end)
        return Span(self, line, column, end_line, end_column)


class Span(NamedTuple):
    """A place in a source: lines and columns count from 1, the end is exclusive."""

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def text(self) -> str:
        """The text at this place."""
        start, end = self.source.offset(self.line, self.column), self.source.offset(self.end_line, self.end_column)
        return self.source.text[start:end]

    @property
    def is_quoted(self) -> bool:
        """True if a quote stands before it."""
        start = self.source.offset(self.line, self.column)
        return self.source.text[max(start - 1, 0) : start] in {"'", '"'}

    def below(self, word: str) -> Span:
        """The place of a word in a text that starts here with `|` or `>`, or with its file; this place for others."""
        start = self.source.offset(self.line, self.column)
        word = word.partition("\n")[0].rstrip()
        has_lines = start == 0 or self.source.text[start : start + 1] in {"|", ">"}
        at = self.source.text.find(word, start) if word and has_lines else -1
        return self.source.span(at, at + len(word)) if at >= 0 else self

    def of_word(self, word: str) -> Span | None:
        """The place of a word in the text at this one, all of it for an empty word; None unless it occurs once."""
        text = self.text
        found = [each.start() for each in re.finditer(re.escape(word), text)] if word and text != word else [0]
        if len(found) != 1 or (word and word not in text):
            return None
        start = self.source.offset(self.line, self.column) + found[0]
        return self.source.span(start, start + len(word or text))


class Related(NamedTuple):
    """A second place that explains a diagnostic."""

    message: str
    span: Span


class Hint(str):
    """A hint that proposes a text to write in place of a word of the marked text, or of all of it if `word` is empty.

    It is a string like other hints, so that it passes wherever they do; joined to another text it is only a text.
    `alone` is what to write where the word is a whole scalar without quotes. `is_safe`: nothing else can be meant, so
    it may be written without asking. `edits` takes the place of all that, where the mistake is mended elsewhere.
    """

    __slots__ = ("alone", "edits", "is_safe", "word", "write")
    alone: str
    edits: tuple[Edit, ...]
    is_safe: bool
    word: str
    write: str

    def __new__(cls, text: str, write: str, word: str = "", *, alone: str = "", is_safe: bool = False) -> Self:
        """A hint with its text, and what to write."""
        hint = super().__new__(cls, text)
        hint.write, hint.word, hint.alone, hint.is_safe, hint.edits = write, word, alone or write, is_safe, ()
        return hint

    def __reduce__(self) -> tuple[Any, ...]:
        """How to make the same hint again, so that it can go to another process."""
        state = (None, {name: getattr(self, name) for name in self.__slots__})
        return type(self), (str(self), self.write, self.word), state

    @classmethod
    def of_edits(cls, text: str, edits: tuple[Edit, ...]) -> Self:
        """A hint that is carried out by edits."""
        hint = cls(text, "")
        hint.edits = edits
        return hint


class Edit(NamedTuple):
    """A place in a source, and the text that replaces it; an empty place inserts it."""

    span: Span
    text: str


class Fix(NamedTuple):
    """Edits that remove a mistake. Safe ones may be applied without asking."""

    edits: tuple[Edit, ...]
    is_safe: bool


class Diagnostic(Struct, frozen=True):
    """One mistake: what is wrong (`message`), what to do (`hint`), and its position."""

    code: str
    severity: str
    message: str
    span: Span
    hint: str = ""
    related: tuple[Related, ...] = ()

    @property
    def fix(self) -> Fix | None:
        """The edits that the hint proposes; None if it proposes no text, or its word is not marked exactly once."""
        if not isinstance(self.hint, Hint):
            return None
        if self.hint.edits or not self.hint.write:
            return Fix(self.hint.edits, self.hint.is_safe) if self.hint.edits else None
        place = self.span.of_word(self.hint.word)
        if place is None or (place != self.span and self.span.text.startswith(("[", "{"))):
            return None  # in a list or mapping it could need quotes
        is_alone = place == self.span and not place.is_quoted
        return Fix((Edit(place, self.hint.alone if is_alone else self.hint.write),), self.hint.is_safe)

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sort key: file, then position, then text."""
        return (self.span.source.name, self.span.line, self.span.column, self.code, self.message)


class Report(Struct):
    """Collects diagnostics while the stages run."""

    _found: dict[tuple[str, int, int, str, str], Diagnostic] = field(default_factory=dict)
    _codes: dict[tuple[str, int], dict[int, str]] = field(default_factory=dict)
    """File and line → the columns of diagnostics there, with the first code of each."""
    _errors: int = 0

    @classmethod
    def of(cls, found: Iterable[Diagnostic]) -> Report:
        """A report that has these diagnostics already."""
        report = cls()
        for each in found:
            report.add(each)
        return report

    def error(self, code: str, message: str, span: Span, hint: str = "", related: tuple[Related, ...] = ()) -> None:
        """Record a mistake that no Workflow can come from."""
        self.add(Diagnostic(code, "error", message, span, hint, related))

    def warning(self, code: str, message: str, span: Span, hint: str = "", related: tuple[Related, ...] = ()) -> None:
        """Record something that compiles but is probably not intended."""
        self.add(Diagnostic(code, "warning", message, span, hint, related))

    def add(self, diagnostic: Diagnostic) -> None:
        """Record a diagnostic; the same one twice counts once."""
        order = diagnostic.order
        if len(self._found) < MAX_DIAGNOSTICS and order not in self._found:
            self._found[order] = diagnostic
            file, line, column, code, _ = order
            self._codes.setdefault((file, line), {}).setdefault(column, code)
            self._errors += diagnostic.severity == "error"

    def says_something_at(self, span: Span) -> bool:
        """True if there is a diagnostic at this position."""
        return span.column in self._codes.get((span.source.name, span.line), ())

    def names_nothing_in(self, span: Span) -> bool:
        """True if a name in this place is reported as one that nothing has."""
        return any(
            code.startswith("unknown-")
            and (span.line, span.column) <= (line, column) < (span.end_line, span.end_column)
            for line in range(span.line, span.end_line + 1)
            for column, code in self._codes.get((span.source.name, line), {}).items()
        )

    def take(self, other: Report, used_at: Span | None = None) -> None:
        """Record all diagnostics of another report, with the place that uses what they are about."""
        related = (Related("used here", used_at),) if used_at else ()
        for found in other.diagnostics:
            self.add(replace(found, related=found.related + related) if related else found)

    @property
    def is_full(self) -> bool:
        """True once the limit is reached; further diagnostics are dropped, so callers may stop looking."""
        return len(self._found) >= MAX_DIAGNOSTICS

    @property
    def is_long(self) -> bool:
        """True if there are more than are printed, so that expensive hints may be omitted."""
        return len(self._found) >= MAX_EXPLAINED

    @property
    def errors(self) -> int:
        """How many of them are errors."""
        return self._errors

    @property
    def failed(self) -> bool:
        """True when at least one diagnostic is an error."""
        return self._errors > 0

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, by file and position."""
        return tuple(sorted(self._found.values(), key=lambda found: found.order))
