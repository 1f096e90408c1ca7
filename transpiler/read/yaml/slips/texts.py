"""Lines that were meant as part of the text above them, but stand too far left."""

from __future__ import annotations

import re

from transpiler.read.yaml.lines import indent_of
from transpiler.read.yaml.slips.block import Block, Slip, code, spaces
from transpiler.read.yaml.slips.indentation import TEXT_BELOW
from transpiler.read.yaml.slips.keys import starts_entry

MAX_LINES = 2_000


def text_above(lines: list[str], low: int, block: Block) -> Slip | None:
    """A block right behind a text after `|` or `>`, whose first line is no entry."""
    first = next((number for number, line in enumerate(block.lines) if line.strip()), None)
    head = _head(lines, low)
    if first is None or head is None:
        return None
    is_empty = not any(line.strip() for line in lines[head + 1 : low])
    if not is_empty and starts_entry(block.lines[first]):
        return None
    if is_empty and re.match(r"\s*[\w.-]+:(\s|$)", block.lines[first]):
        return None
    start = block.starts[first] + indent_of(block.lines[first])
    below = next((line for line in lines[head + 1 : low] if line.strip()), "")
    wanted = indent_of(below) if below else indent_of(lines[head]) + 2
    named = code(lines[head]).strip()
    message = f"this line is not indented as the text behind `{named}`"
    end = block.starts[first] + len(block.lines[first].rstrip())
    hint = f"indent the text with {spaces(wanted)}; if this is a key, write a colon behind it"
    return Slip(start, end, message, hint, ())


def _head(lines: list[str], low: int) -> int | None:
    """The line whose text, after `|` or `>`, ends right before a line."""
    least = 1 << 30
    for number in range(low - 1, max(low - MAX_LINES, -1), -1):
        line = lines[number]
        if not line.strip():
            continue
        if TEXT_BELOW.search(line) and indent_of(line) < least:
            return number
        least = min(least, indent_of(line))
        if least == 0:
            return None
    return None
