"""Characters that look like those of YAML: tabs, other spaces, typographic quotes, other colons, escapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from transpiler.patterns import regex
from transpiler.read.yaml.odd import ODD, ODD_SPACE, QUOTES, TYPOGRAPHIC, name_of
from transpiler.read.yaml.slips.block import Block, Edit, Slip, spaces

_COLON = regex("[\uff1a\ufe55\u2236]")
_TAB = regex(r"^( *)((?:- *)?)(\t[ \t]*)")
_BAD_ESCAPE = regex(r'\\(?![0abt\tnvfre "/\\N_LP\n]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})')


def tab(block: Block) -> Iterator[Slip]:
    """A tab before a key, or between a dash and a key."""
    found = _TAB.match(block.lines[0])
    if found and block.original[found.start(1) : found.start(3)].lstrip().startswith("-"):
        at = found.start(3)
        edit = Edit(0, found.end(), " " * block.column)
        yield Slip(at, at + 1, "a tab stands between the dash and the key", "write a space", (edit,))
        return
    number = next((number for number, line in enumerate(block.lines) if _TAB.match(line)), None)
    if number is None:
        return
    edits = [
        Edit(start, start + len(found[0]), " " * column)
        for start, line, column in zip(block.starts, block.lines, _columns(block), strict=False)
        if (found := _TAB.match(line))
    ]
    at = edits[0].start + block.lines[number].index("\t")
    columns = dict.fromkeys([*sorted(block.around, reverse=True)[:1], len(edits[0].text)])
    named = [(each, block.around.get(each)) for each in columns]
    said = [f"{spaces(each)}, as `{name}`" if name else spaces(each) for each, name in named]
    hint = f"indent it with {', or '.join(said)}"
    yield Slip(at, at + 1, "a tab indents this line, and YAML knows only spaces", hint, tuple(edits))


def _columns(block: Block) -> list[int]:
    """The columns that tabs stand for: those of a block at the column of its siblings."""
    first = len(block.lines[0].expandtabs(2)) - len(block.lines[0].expandtabs(2).lstrip())
    depths = [len(line.expandtabs(2)) - len(line.expandtabs(2).lstrip()) for line in block.lines]
    return [max(block.column, block.column + depth - first) for depth in depths]


def odd_space(block: Block) -> Iterator[Slip]:
    """A no-break space, or a character that nobody sees, where YAML needs a space or nothing."""
    for start, line in block.suspects():
        for found in ODD.finditer(line):
            edits = _replaced(start, line, ODD, lambda each: " " if ODD_SPACE.match(each[0]) else "")
            is_space = ODD_SPACE.match(found[0]) is not None
            place = start + found.start()
            message = f"{name_of(found[0])} stands here, and YAML takes it for a letter"
            yield Slip(place, place + 1, message, "write a usual space" if is_space else "delete it", edits)
            break


def typographic_quote(block: Block) -> Iterator[Slip]:
    """Quotes as a word processor writes them, or a wide colon."""
    for start, line in block.suspects():
        for pattern, message, hint in (
            (TYPOGRAPHIC, "`{}` is a typographic quote, and YAML takes it for a letter", "write `{}`"),
            (_COLON, "`{}` is no colon of YAML", "write `: `"),
        ):
            found = pattern.search(line)
            if found:
                right = QUOTES.get(found[0], ": ")
                edits = _replaced(start, line, pattern, lambda each: QUOTES.get(each[0], ": "))
                place = start + found.start()
                yield Slip(place, place + 1, message.format(found[0]), hint.format(right), edits)


def bad_escape(block: Block) -> Iterator[Slip]:
    r"""`"\d"`: a backslash in double quotes that YAML has no meaning for."""
    if block.error is None or "escape" not in (block.error.problem or ""):
        return
    number = block.text.count("\n", 0, block.problem)
    start, line = block.starts[number], block.lines[number]
    edits = _replaced(start, line, _BAD_ESCAPE, lambda _: r"\\")
    found = _BAD_ESCAPE.search(line)
    if found:
        place = start + found.start()
        wrong = line[found.start() : found.start() + 2]
        hint = rf"write `\{wrong}`, or the whole string in single quotes"
        yield Slip(place, place + 2, f"`{wrong}` has no meaning in double quotes", hint, edits)


def _replaced(start: int, line: str, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> tuple[Edit, ...]:
    return tuple(Edit(start + each.start(), start + each.end(), new(each)) for each in pattern.finditer(line))


def no_space_before_comment(block: Block) -> Iterator[Slip]:
    """`"a"# why`: a comment right behind a closing quote or bracket."""
    for start, line in block.suspects():
        found = re.search(r"(?<=[\"'\]}])#", line)
        if found:
            at = start + found.start()
            yield Slip(at, at + 1, "a comment needs a space before its `#`", "write ` #`", (Edit(at, at, " "),))
