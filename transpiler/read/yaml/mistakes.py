"""What is said about a text that is not YAML: each broken block once, with the slip that explains it where one does.

A block that nothing explains is told at the place where the reader gives up on it; not where it lies next to another,
since it may be broken by that one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from ruamel.yaml.error import MarkedYAMLError

from transpiler.diagnostics import Edit, Hint, Related, Report, Source
from transpiler.patterns import regex
from transpiler.read.yaml.damage import Broken, Damage
from transpiler.read.yaml.lines import indent_of
from transpiler.read.yaml.slips.block import Block, Slip, is_content
from transpiler.read.yaml.slips.diagnose import Trials
from transpiler.read.yaml.slips.texts import text_above
from transpiler.read.yaml.syntax import report_syntax

MAX_AROUND: Final = 300
"""Lines before and after a block that are searched for keys."""
MAX_MISTAKES: Final = 20
"""Broken blocks that are explained; a file with more is no manifest with mistakes."""


class Reader(NamedTuple):
    """How blocks are read: the kind of a text (None when it is not YAML), and where the reader gives up on it."""

    kind_of: Callable[[str], str | None]
    error_of: Callable[[str], MarkedYAMLError | None]


def report_mistakes(
    source: Source, text: str, found: Damage, reader: Reader, error: MarkedYAMLError | None, report: Report
) -> None:
    """Report the broken blocks of a text; where there are none, the error of the reader."""
    told = _Told(source, text, reader, report)
    for at in found.conflicts:
        told.conflict(at, at + 7)
    for broken in sorted(found.broken)[:MAX_MISTAKES]:
        told.block(broken)
    if error is not None and not told.count:
        told.rest(error)


class _Told:
    """What is told about one text."""

    def __init__(self, source: Source, text: str, reader: Reader, report: Report) -> None:
        self.source = source
        self.text = text
        self.lines = text.split("\n")
        self.reader = reader
        self.report = report
        self.trials = Trials(reader.kind_of, len(text))
        self.count = 0
        self.end = -1
        """The line behind the last broken block."""
        self.is_text = False
        """True when the last broken block is taken for text, which more lines may be part of."""

    def conflict(self, start: int, end: int) -> None:
        """Report a merge conflict that nobody resolved."""
        self.count += 1
        hint = "keep one of the two sides, and delete the lines with the marks"
        self.report.error("yaml-syntax", "this is an unresolved merge conflict", self.source.span(start, end), hint)

    def block(self, broken: Broken) -> None:
        """Report one broken block."""
        is_next = self.end >= 0 and not any(is_content(line) for line in self.lines[self.end : broken.low])
        self.end = broken.high
        if is_next and self.is_text:
            return
        mark = _CONFLICT.search(broken.text)
        if mark:
            self.conflict(broken.offset + mark.start(1), broken.offset + mark.end(1))
            return
        error = self.reader.error_of(broken.text)
        if error is None and self.is_right(broken):
            return
        original = self.text[broken.offset : broken.offset + len(broken.text)]
        block = Block(broken.text, broken.column, broken.kinds, self.around(broken), original, error)
        above = text_above(self.lines, broken.low, block)
        self.is_text = above is not None
        slip = above or self.trials.explain(block)
        if slip is not None:
            self.say(slip, broken.offset)
        elif not is_next or not self.count:
            self.unexplained(block, broken, error)

    def is_right(self, broken: Broken) -> bool:
        """True for a block that is lost only since the budget was used up."""
        first = next((line for line in broken.text.split("\n") if is_content(line)), "")
        return indent_of(first) == broken.column and self.reader.kind_of(broken.text) in broken.kinds

    def around(self, broken: Broken) -> dict[int, str]:
        """The columns of the keys around a block, with their names: those that hold it, then a sibling below it."""
        found: dict[int, str] = {}
        least = 1 << 30
        for line in reversed(self.lines[max(broken.low - MAX_AROUND, 0) : broken.low]):
            key = _KEY.match(line)
            if key and len(key[1]) < least:
                least = indent_of(line)
                found[len(key[1])] = key[2]
        for line in self.lines[broken.high : broken.high + MAX_AROUND]:
            key = _KEY.match(line)
            if key and len(key[1]) == broken.column:
                found.setdefault(broken.column, key[2])
        return found

    def say(self, slip: Slip, offset: int) -> None:
        """Report what explains a block that starts at an offset."""
        self.count += 1
        place = self.source.span(offset + slip.start, offset + slip.end)
        related: tuple[Related, ...] = ()
        if slip.related:
            note, start, end = slip.related
            related = (Related(note, self.source.span(offset + start, offset + end)),)
        hint = Hint.of_edits(slip.hint, self.edits(slip, offset))
        self.report.error("yaml-syntax", slip.message, place, hint, related)

    def edits(self, slip: Slip, offset: int) -> tuple[Edit, ...]:
        """The edits that mend a block, in the file, if the hint says what they write; others are one way of several."""
        if not all(each.text.strip() and each.text.strip() in slip.hint for each in slip.edits):
            return ()
        return tuple(Edit(self.source.span(offset + each.start, offset + each.end), each.text) for each in slip.edits)

    def unexplained(self, block: Block, broken: Broken, error: MarkedYAMLError | None) -> None:
        """Report a block that no slip explains, in the reader's own words."""
        self.count += 1
        if error is not None:
            report_syntax(error, self.source, self.report, broken.offset, broken.offset + len(broken.text))
            return
        first = next((line for line in block.lines if is_content(line)), "")
        start = broken.offset + broken.text.index(first) + len(first) - len(first.lstrip())
        place = self.source.span(start, start + len(first.strip()))
        hint = "check the indentation of this line, and the colon and quotes of the lines before it"
        self.report.error("yaml-syntax", "this line is no key with a value, and part of no text", place, hint)

    def rest(self, error: MarkedYAMLError) -> None:
        """Report a text without blocks, such as JSON."""
        mark = _CONFLICT.search(self.text)
        if mark:
            self.conflict(mark.start(1), mark.end(1))
            return
        slip = self.trials.explain(Block(self.text, 0, ("mapping", "list", ""), {}, self.text, error))
        if slip is not None:
            self.say(slip, 0)
        else:
            report_syntax(error, self.source, self.report)


_CONFLICT: Final = regex(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_KEY: Final = regex(r"^( *(?:- +)?)([^\s\-:#\"'][^:#]*):(?: |$)")
