"""Keys without a colon, colons without a space, dashes without a space, entries without a dash."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from transpiler.diagnostics import excerpt
from transpiler.patterns import regex
from transpiler.read.yaml.lines import indent_of
from transpiler.read.yaml.slips.block import Block, Edit, Slip, code, is_content

_WORD: Final = r"[A-Za-z_][\w.-]*"
_START: Final = r"^(?P<before> *(?:- +)*)"
_NO_SPACE = regex(rf"{_START}(?P<key>{_WORD}|\"[^\"]+\"|'[^']+')(?P<gap> *):(?P<value>[^\s:/].*)$")
_OTHER_SIGN = regex(rf"{_START}(?P<key>{_WORD})(?P<sign> *(?::=|=>|->|[;=]) *)(?P<value>\S.*)$")
_NO_COLON = regex(rf"{_START}(?P<key>{_WORD})(?P<gap> *)(?P<value>[\"'\[{{$|>].*|\S+)?$")
_KEY = regex(r" *(?:- +)*[\w.-]+ *:(?: |$)")
_NO_SPACE_AFTER_DASH = regex(r"^(?P<before> *)-(?P<value>[^\s\-].*)$")


def no_space_after_colon(block: Block) -> Iterator[Slip]:
    """`least:10`."""
    for start, line in block.suspects():
        found = _NO_SPACE.match(line)
        if found:
            at = start + found.start("key")
            colon = start + found.end("gap")
            right = f"{found['key']}: {found['value']}"
            edits = (Edit(start + found.start("gap"), colon + 1, ": "),)
            message = f"a space is missing behind the colon of `{found['key']}`"
            yield Slip(at, colon + 1, message, f"write `{excerpt(code(right))}`", edits)


def other_sign(block: Block) -> Iterator[Slip]:
    """`name = x`."""
    for start, line in block.suspects():
        found = _OTHER_SIGN.match(line)
        if found:
            at, end = start + found.start("sign"), start + found.end("sign")
            sign = found["sign"].strip()
            place = start + line.index(sign, found.start("sign"))
            right = f"{found['key']}: {found['value']}"
            message = f"`{sign}` stands between the key `{found['key']}` and its value"
            yield Slip(place, place + len(sign), message, f"write `{excerpt(code(right))}`", (Edit(at, end, ": "),))


def no_colon(block: Block) -> Iterator[Slip]:
    """`arguments` with more below it, and `name orders`."""
    for start, line in block.suspects():
        text = code(line)
        found = _NO_COLON.match(text)
        if not found or (found["value"] and not found["gap"]):
            continue
        at, end = start + found.start("key"), start + found.end("key")
        right = f"{found['key']}: {found['value']}" if found["value"] else f"{found['key']}:"
        edits = (Edit(end, end, ":"),)
        yield Slip(at, end, f"`{found['key']}` has no colon", f"write `{excerpt(right)}`", edits)


def header_without_colon(block: Block) -> Slip | None:
    """A word over lines that are indented deeper, which have mistakes of their own."""
    content = [number for number, line in enumerate(block.lines) if is_content(line)]
    found = _NO_COLON.match(code(block.lines[content[0]])) if len(content) > 1 else None
    below = block.lines[content[1]] if found else ""
    if found is None or found["value"] or indent_of(below) <= len(found["before"]) or not _KEY.match(below):
        return None
    at, end = (block.starts[content[0]] + found.start("key"), block.starts[content[0]] + found.end("key"))
    return Slip(at, end, f"`{found['key']}` has no colon", f"write `{found['key']}:`", ())


def dash(block: Block) -> Iterator[Slip]:
    """`-a` in a list, and an entry of a list without its dash."""
    for start, line in block.suspects():
        found = _NO_SPACE_AFTER_DASH.match(line)
        if found:
            at = start + found.start("value")
            message = "a space is missing behind the dash"
            right = f"- {code(found['value'])}"
            deeper = _moved(block, start, 1)
            yield Slip(at - 1, at, message, f"write `{excerpt(right)}`", (Edit(at, at, " "), *deeper))
            yield Slip(at - 1, at, message, f"write `{excerpt(right)}`", (Edit(at, at, " "),))
    if block.kinds == ("list",) and block.lines[0].strip()[:1] not in {"", "-"}:
        at = indent_of(block.lines[0])
        edits = (Edit(at, at, "- "), *_moved(block, 0, 2))
        right = f"- {block.lines[0].strip()}"
        message = "this entry of the list has no dash"
        yield Slip(at, len(code(block.lines[0])), message, f"write `{excerpt(code(right))}`", edits)


def _moved(block: Block, start: int, by: int) -> tuple[Edit, ...]:
    """Edits that indent the lines after an offset."""
    return tuple(
        Edit(each, each, " " * by)
        for each, line in zip(block.starts, block.lines, strict=False)
        if each > start and line.strip()
    )


def missing_name(block: Block) -> Iterator[Slip]:
    """`: x`."""
    for start, line in block.suspects():
        found = re.match(r" *(?:- +)*(:)(?: |$)", line)
        if found:
            at = start + found.start(1)
            hint = "write the name of the key before the colon"
            yield Slip(at, at + 1, "a key is missing before the colon", hint, (Edit(at, at, "x"),))


def starts_entry(line: str) -> bool:
    """True for a line that looks like a key, or is one word."""
    text = code(line)
    word = _NO_COLON.match(text)
    is_word = word is not None and (word["value"] is None or (bool(word["gap"]) and word["value"][0] in "\"'[{"))
    return is_word or _NO_SPACE.match(text) is not None or re.match(r" *(?:- +)*[\w.-]+ *:", text) is not None
