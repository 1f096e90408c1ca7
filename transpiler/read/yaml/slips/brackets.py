"""Brackets that are not closed, close nothing, or do not match; commas that are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from transpiler.patterns import regex
from transpiler.read.yaml.slips.block import Block, Edit, Slip

_CLOSING: Final = {"{": "}", "[": "]"}
_TOKEN = regex(
    r"""(?P<quote>"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|(?P<comment>(?:(?<=\s)|^)\#[^\n]*)|(?P<bracket>[\[\]{}])""",
    re.MULTILINE,
)
MAX_TOKENS: Final = 20_000


class _Found(NamedTuple):
    unclosed: list[int]
    """Brackets that are not closed."""
    wrong: list[tuple[int, int | None]]
    """Closing brackets of the wrong kind with the opening ones, or without any."""


def _brackets(text: str) -> _Found:
    opened: list[int] = []
    wrong: list[tuple[int, int | None]] = []
    for number, found in enumerate(_TOKEN.finditer(text)):
        if not found["bracket"] or number > MAX_TOKENS:
            continue
        at = found.start()
        if found[0] in _CLOSING:
            opened.append(at)
        elif opened and _CLOSING[text[opened[-1]]] == found[0]:
            opened.pop()
        else:
            wrong.append((at, opened.pop() if opened else None))
    return _Found(opened, wrong)


def unmatched(block: Block) -> Iterator[Slip]:
    """A bracket without its other half, or with that of another kind."""
    found = _brackets(block.text)
    for at, opening in found.wrong[:3]:
        bracket = block.text[at]
        if opening is None:
            yield Slip(at, at + 1, f"`{bracket}` closes nothing", "delete it", (Edit(at, at + 1, ""),))
            continue
        right = _CLOSING[block.text[opening]]
        related = ("opened here", opening, opening + 1)
        message = f"`{bracket}` cannot close `{block.text[opening]}`"
        yield Slip(at, at + 1, message, f"write `{right}`", (Edit(at, at + 1, right),), related)
        yield Slip(at, at + 1, f"`{bracket}` closes nothing", "delete it", (Edit(at, at + 1, ""),))
    if found.unclosed:
        yield from _closed(block, found.unclosed)


def _closed(block: Block, opened: list[int]) -> Iterator[Slip]:
    """The brackets closed at the end of the line of the last one, or of the block."""
    first = opened[0]
    closing = "".join(_CLOSING[block.text[each]] for each in reversed(opened[-20:]))
    line_end = block.text.find("\n", opened[-1])
    ends = [line_end] if line_end >= 0 else []
    for end in [*ends, len(block.text.rstrip())]:
        start = block.text.rfind("\n", 0, end) + 1
        comment = re.search(r"\s+#.*$", block.text[start:end])
        at = start + comment.start() if comment else end
        at = start + len(block.text[start:at].rstrip())
        bracket = block.text[first]
        where = "line" if end == line_end or block.text.count("\n") < 2 else "value"
        hint = f"add `{closing}` at the end of the {where}"
        yield Slip(first, first + 1, f"`{bracket}` is not closed", hint, (Edit(at, at, closing),))


def no_comma(block: Block) -> Iterator[Slip]:
    """`{a: "1" b: 2}`."""
    at = block.problem
    before = block.text[:at].rstrip()
    if (
        at >= len(block.text)
        or not before
        or not re.search(r"[\[{]", before)
        or not re.match(r"[\w\"'${\[]", block.text[at])
    ):
        return
    word = re.match(r"[\"']?[\w.-]+[\"']?:?|.", block.text[at:])
    name = word[0] if word else block.text[at]
    edit = Edit(len(before), len(before), ",")
    yield Slip(at, at + len(name), f"a comma is missing before `{name}`", f"write `, {name}`", (edit,))
