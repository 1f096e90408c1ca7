"""The difference between a file and what it should contain, as a unified diff for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from transpiler.report.safe import safe

MAX_LINES: Final = 200
"""Lines of the diff of one file that are shown."""
MAX_COMPARED: Final = 4_000
"""Lines of a changed part that are compared with each other: more takes seconds."""
_COLORS: Final = {"-": "31", "+": "32", "@": "36"}


def first_difference(before: str, after: str) -> int:
    """The number of the first line that differs, from 1."""
    pairs = zip(before.split("\n"), after.split("\n"), strict=False)
    return 1 + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def unified(before: str, after: str, old: str, new: str, *, color: bool = False) -> str:
    """The diff of a file, safe for terminals and limited; `old` and `new` are the names of its two sides."""
    lines = [line.rstrip("\n") for line in _lines(before.splitlines(keepends=True), after.splitlines(keepends=True))]
    cut = len(lines) - MAX_LINES
    lines = lines[:MAX_LINES] + (
        [f"... {cut} more lines; `transpile build`, then `git diff` shows all"] if cut > 0 else []
    )
    return "".join(f"{_painted(safe(line), color=color)}\n" for line in [f"--- {old}", f"+++ {new}", *lines])


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The hunks. Only the part between equal lines at both ends is compared, with the line numbers of the whole."""
    from difflib import unified_diff  # noqa: PLC0415 - a difference is rare

    start = _equal(old, new)
    end = _equal(old[start:][::-1], new[start:][::-1])
    if max(len(old), len(new)) - start - end > MAX_COMPARED:
        yield f"@@ -{start + 1},{len(old) - start - end} +{start + 1},{len(new) - start - end} @@"
        yield f"... {len(new) - start - end} lines from line {start + 1} on differ, too many to compare"
        return
    lead = max(start - 3, 0)
    tail = max(end - 3, 0)
    kept = unified_diff(old[lead : len(old) - tail], new[lead : len(new) - tail])
    for number, line in enumerate(kept):
        if number >= 2:
            yield _moved(line, lead) if line.startswith("@@") else line


def _equal(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _moved(header: str, by: int) -> str:
    """The header of a hunk, `@@ -3,7 +3,8 @@`, so many lines further down."""
    parts = header.split(" ")
    for at in (1, 2):
        sign, (line, comma, count) = parts[at][0], parts[at][1:].partition(",")
        parts[at] = f"{sign}{int(line) + by}{comma}{count}"
    return " ".join(parts)


def _painted(line: str, *, color: bool) -> str:
    code = _COLORS.get(line[:1], "") if color else ""
    return f"\x1b[{code}m{line}\x1b[0m" if code else line
