"""A broken block, a slip that may be its mistake, and the trial that decides it.

A slip is believed only when the block can be read with its edit. So nothing is said that the text does not bear out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

from msgspec import Struct
from ruamel.yaml.error import MarkedYAMLError

MAX_SUSPECTS: Final = 30
"""Lines before the place where the reader gave up that are looked at."""
MAX_LINE: Final = 2_000


class Edit(NamedTuple):
    """Characters of the block, and what stands there instead."""

    start: int
    end: int
    text: str


class Slip(NamedTuple):
    """A possible mistake: the characters to show, what is wrong with them, what to write, the edits that mend it."""

    start: int
    end: int
    message: str
    hint: str
    edits: tuple[Edit, ...]
    related: tuple[str, int, int] | None = None
    """A second place that explains the mistake."""


class Block(Struct, frozen=True, eq=False, dict=True):
    """The lines of a broken entry, with the end of the last one."""

    text: str
    column: int
    """The column at which its siblings stand."""
    kinds: tuple[str, ...]
    """What it may be when it is mended: `mapping`, `list` or, for anything else, empty."""
    around: Mapping[int, str] = {}
    """Columns of the keys around it, with their names."""
    original: str = ""
    """Its text in the file: `text` has a space for the dash of an item that it is the first key of."""
    error: MarkedYAMLError | None = None
    """Where the reader gives up on it; None where it only stands at a wrong column."""

    @cached_property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.split("\n")

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line."""
        return [0, *accumulate(len(line) + 1 for line in self.lines)]

    @cached_property
    def problem(self) -> int:
        """The offset at which the reader gives up."""
        mark = self.error.problem_mark if self.error is not None else None
        return min(int(mark.index), len(self.text)) if mark is not None else len(self.text)

    def suspects(self) -> Iterator[tuple[int, str]]:
        """Lines that may have the mistake, with their offsets: that of the problem, and those before it."""
        last = self.text.count("\n", 0, self.problem)
        for number in range(last, max(last - MAX_SUSPECTS, -1), -1):
            line = self.lines[number]
            if is_content(line) and len(line) < MAX_LINE:
                yield self.starts[number], line

    def with_edits(self, edits: tuple[Edit, ...]) -> str:
        """Its text with the edits, which follow each other."""
        text, at = [], 0
        for edit in edits:
            text += [self.text[at : edit.start], edit.text]
            at = edit.end
        return "".join([*text, self.text[at:]])


Detector = Callable[[Block], Iterator[Slip]]
"""Possible mistakes of a block, the likeliest first."""


def code(line: str) -> str:
    """A line without the comment at its end, as far as that is clear."""
    at = line.find(" #")
    while at >= 0 and (line.count('"', 0, at) % 2 or line.count("'", 0, at) % 2):
        at = line.find(" #", at + 1)
    return (line[:at] if at >= 0 else line).rstrip()


def quoted(value: str) -> str:
    """A text as a YAML string in quotes that need the fewest escapes."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def is_content(line: str) -> bool:
    """True for a line that is neither empty nor a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def spaces(number: int) -> str:
    """A number of spaces, in words."""
    return "1 space" if number == 1 else f"{number} spaces"
