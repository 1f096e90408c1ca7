"""Lines that are indented too much or too little, and texts that end early."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from transpiler.diagnostics import excerpt
from transpiler.patterns import regex
from transpiler.read.yaml.lines import indent_of
from transpiler.read.yaml.slips.block import Block, Edit, Slip, code, is_content, spaces

TEXT_BELOW: Final = regex(r"(?:^|[:\-] +)(?:[&!]\S* +)*[|>][-+1-9]*\s*(?:#.*)?$")
"""A line whose text stands on the lines below it."""
_KEY = regex(r"^ *(?:- +)*(\"[^\"]*\"|'[^']*'|[^\s\"'][^:]*):(?: |$)")


def text_ends_early(block: Block) -> Iterator[Slip]:
    """`|`, and a line below it that is indented less than the first one."""
    for number, line in enumerate(block.lines):
        if not TEXT_BELOW.search(line):
            continue
        first = next((each for each in block.lines[number + 1 :] if each.strip()), "")
        wanted = indent_of(first)
        low = [
            each
            for each in range(number + 1, len(block.lines))
            if block.lines[each].strip() and indent_of(block.lines[each]) < wanted
        ]
        if not low or wanted <= indent_of(line):
            continue
        at = block.starts[low[0]] + indent_of(block.lines[low[0]])
        end = block.starts[low[0]] + len(block.lines[low[0]].rstrip())
        edits = tuple(Edit(block.starts[each], block.starts[each], " " * wanted) for each in low)
        head = block.starts[number]
        related = ("the text starts here", head + indent_of(line), head + len(code(line)))
        message = "this line is indented less than the text that it is part of"
        yield Slip(at, end, message, f"indent it with {spaces(wanted)}, as the first line of the text", edits, related)
        return


def too_deep(block: Block) -> Iterator[Slip]:
    """A key that is indented under another that has its value on its line already."""
    for start, line in block.suspects():
        found, above = _KEY.match(line), _above(block, start)
        named = _KEY.match(above[1]) if above else None
        if not found or above is None or named is None or indent_of(line) <= _column(above[1]):
            continue
        wanted, here = _column(above[1]), indent_of(line)
        if above[0] == block.starts[0] and here % 2 == 0 and wanted % 2:
            yield _at_column(block, above[0], here, "less than the entries below it", found[1].strip())
        related = (f"`{named[1].strip()}` has its value here", above[0] + wanted, above[0] + len(code(above[1])))
        slip = _at_column(block, start, wanted, "too far", named[1].strip())
        yield slip._replace(related=related)


def _above(block: Block, start: int) -> tuple[int, str] | None:
    """The line with content before an offset."""
    lines = list(zip(block.starts, block.lines, strict=False))
    return next(((at, line) for at, line in reversed(lines) if at < start and is_content(line)), None)


def _column(line: str) -> int:
    """The column of the key on a line, behind dashes."""
    found = re.match(r" *(?:- +)*", line)
    return found.end() if found else 0


def _at_column(block: Block, start: int, wanted: int, how: str, like: str) -> Slip:
    """A line, and those below it that stand deeper, at another column."""
    number = block.starts.index(start)
    line = block.lines[number]
    here = indent_of(line)
    moved = [number]
    for each in range(number + 1, len(block.lines)):
        if wanted > here or (block.lines[each].strip() and indent_of(block.lines[each]) < here):
            break
        moved.append(each)
    edits = tuple(
        Edit(block.starts[each], block.starts[each] + here, " " * wanted) for each in moved if block.lines[each].strip()
    )
    hint = f"indent it with {spaces(wanted)}, as `{like}`"
    return Slip(start + here, start + len(code(line)), f"this line is indented {how}", hint, edits)


def wrong_column(block: Block) -> Iterator[Slip]:
    """An entry that stands at another column than its siblings."""
    first = next((number for number, line in enumerate(block.lines) if is_content(line)), None)
    if first is None:
        return
    line, start = block.lines[first], block.starts[first]
    here = indent_of(line)
    if here == block.column:
        return
    below = next((indent_of(each) for each in block.lines[first + 1 :] if is_content(each)), -1)
    columns = _possible(block, here, below)
    wanted = columns[0]
    edits = tuple(
        Edit(at, at + indent_of(each), " " * max(wanted + indent_of(each) - here, wanted))
        for at, each in zip(block.starts, block.lines, strict=False)
        if each.strip() and at >= start
    )
    named = [(each, block.around.get(each)) for each in columns]
    said = [f"{spaces(each)}, as `{excerpt(name)}`" if name else spaces(each) for each, name in named]
    how = "more" if here > wanted else "less"
    message = f"this line is indented {how} than the entries beside it"
    if len(columns) > 1:
        message = f"no entry around this line is indented with {spaces(here)}"
    yield Slip(start + here, start + len(code(line)), message, f"indent it with {', or '.join(said)}", edits)


def _possible(block: Block, here: int, below: int) -> list[int]:
    """The columns where a line may belong, nearest to where it stands; `below` is that of the line below it."""
    columns = {block.column, *block.around}
    if here > max(columns):
        return [block.column]
    columns = {each for each in columns if each < below} if below > here else columns
    columns = columns - {0} or columns or {block.column}
    least = min(abs(each - here) for each in columns)
    nearest = sorted(each for each in columns if abs(each - here) == least)
    return nearest[::-1]
