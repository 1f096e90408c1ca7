"""Formats of times: the letters of strftime, as layouts of Go, by which Argo's engine writes a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from transpiler.patterns import regex

LAYOUTS: Final = {
    "A": "Monday",
    "B": "January",
    "F": "2006-01-02",
    "H": "15",
    "I": "03",
    "M": "04",
    "S": "05",
    "T": "15:04:05",
    "Y": "2006",
    "Z": "MST",
    "a": "Mon",
    "b": "Jan",
    "d": "02",
    "j": "002",
    "m": "01",
    "p": "PM",
    "y": "06",
    "z": "-0700",
}
"""Letter of strftime → the layout of Go. Those of Argo's `creationTimestamp`, and `F`, `T`, `j`."""
SECONDS: Final = "s"
"""The letter for seconds since 1970, for which Go has no layout."""
_PIECE: Final = regex(r"%(.?)|[^%]+", re.DOTALL)
_READ_BY_GO: Final = regex(r"[0-9JMPpm_]")
"""Characters of text that Go may read as part of a layout, alone or together with what follows."""
EXAMPLE: Final = "write a format such as '%Y-%m-%d', '%Y%m%dT%H%M%S', '%A' or '%s'"


def format_fault(text: str) -> str:
    """The first conversion of a format that is unknown; empty if there is none."""
    for found in _PIECE.finditer(text):
        letter = found[1]
        if letter is not None and letter not in {*LAYOUTS, SECONDS, "%"}:
            return f"%{letter}"
    return ""


def format_parts(text: str) -> Iterator[tuple[str, str]]:
    """A format as its parts: (`layout`, text for Go), (`text`, text as it is) or (`seconds`, nothing)."""
    layout = ""
    for kind, part in _pieces(text):
        if kind == "layout" or (kind == "text" and not _READ_BY_GO.search(part)):
            layout += part
            continue
        if layout:
            yield _run(layout)
        yield kind, part
        layout = ""
    if layout:
        yield _run(layout)


def _run(layout: str) -> tuple[str, str]:
    return ("layout", layout) if _READ_BY_GO.search(layout) else ("text", layout)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    for found in _PIECE.finditer(text):
        letter = found[1]
        if letter in LAYOUTS:
            yield "layout", LAYOUTS[letter]
        elif letter == SECONDS:
            yield "seconds", ""
        else:
            yield "text", "%" if letter else found[0]
