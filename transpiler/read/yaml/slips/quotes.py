"""Quotes that are not closed, text behind them, and values that need quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from transpiler.diagnostics import excerpt
from transpiler.patterns import regex
from transpiler.read.yaml.slips.block import Block, Edit, Slip, code, quoted

VALUE: Final = regex(
    r"""^(?P<before> *(?:- +)*(?:[^\s\-?:,\[\]{}#&*!|>'"%@`][^:#{\[]*?|"[^"]*"|'[^']*'|-):[ \t]+)(?P<value>\S.*)$"""
)
"""A key with a value on its line."""
ITEM: Final = regex(r"^(?P<before> *(?:- +)+)(?P<value>\S.*)$")
_STARTS_KEY = regex(r"[\w.-]+:(?: |$)")
_OPENING = regex(r"""(?:^ *|[:\-,\[{] *)(["'])""")
_REFERENCE = regex(r"""(?<=[\[{,: ])(?!["'\s])[^"',\[\]{}:]*(?:\$\{\{[^{}]*?\}\}(?:(?!\$\{\{)[^"',\[\]{}])*)+""")


def value_of(start: int, line: str) -> tuple[int, str] | None:
    """The value on a line, and where it starts."""
    found = VALUE.match(line) or ITEM.match(line)
    value = code(line)[found.start("value") :] if found else ""
    return (start + found.start("value"), value) if found and value else None


def not_closed(block: Block) -> Iterator[Slip]:
    """A quote that opens a value, and is not closed on its line."""
    for start, line in reversed(list(block.suspects())):
        text = line.split(" #")[0].rstrip()
        for found in _OPENING.finditer(text):
            quote, at = found[1], found.start(1)
            if text.count(quote) % 2 == 0:
                continue
            for end in _ends(text, at):
                edit = Edit(start + end, start + end, quote)
                hint = f"write {excerpt(text[at:end] + quote)}"
                yield Slip(start + at, start + at + 1, f"the quote `{quote}` is not closed", hint, (edit,))


def _ends(text: str, opening: int) -> Iterator[int]:
    """Where a quote may end: at the next comma or bracket of a value in brackets, or with the line."""
    if re.search(r"[\[{]", text[:opening]):
        reference = text.find("}}", opening)
        if "${{" in text[opening:] and reference >= 0:
            yield reference + 2
        for found in re.finditer(r" *(?:, |[}\]])", text[opening:]):
            yield opening + found.start()
    yield len(text)


def behind_quotes(block: Block) -> Iterator[Slip]:
    """`"a" b`, `"say "hi" now"`, `'it's'`."""
    for start, line in block.suspects():
        found = value_of(start, line)
        if not found or found[1][0] not in "\"'":
            continue
        at, value = found
        quote = value[0]
        closing = value.find(quote, 1)
        if closing < 0 or closing == len(value) - 1:
            continue
        is_around = value[-1] == quote and not value[closing + 1].isspace()
        inner = value[1:-1] if is_around else value
        mended = quoted(inner)
        rest = excerpt(value[closing + 1 :]).strip()
        message = f"`{rest}` stands behind the closing quote"
        hint = f"start a new line before `{rest}`" if _STARTS_KEY.match(rest) else f"write {excerpt(mended)}"
        edits = (Edit(at, at + len(value), mended),)
        yield Slip(at + closing + 1, at + len(value), message, hint, edits)


def reference_in_brackets(block: Block) -> Iterator[Slip]:
    """`{a: ${{ inputs.a }}}`: braces within braces."""
    for start, line in block.suspects():
        if "{" not in line.split("${{")[0] and "[" not in line.split("${{")[0]:
            continue
        found = [each for each in _REFERENCE.finditer(line) if _is_bare(line, each)]
        if found:
            edits = tuple(
                Edit(start + each.start(), start + each.start() + len(each[0].rstrip()), quoted(each[0].rstrip()))
                for each in found
            )
            first = edits[0]
            message = "inside { } and [ ], a reference needs quotes"
            yield Slip(first.start, first.end, message, f"write {excerpt(first.text)}", edits)


def _is_bare(line: str, found: re.Match[str]) -> bool:
    before = line[: found.start()]
    return before.count('"') % 2 == 0 and before.count("'") % 2 == 0


def needs_quotes(block: Block) -> Iterator[Slip]:
    """A value that starts with a character of YAML, goes on behind a bracket, or contains `: `."""
    for start, line in block.suspects():
        found = value_of(start, line)
        if not found or found[1][0] in "\"'":
            continue
        at, value = found
        message, low, high = _why(value)
        if message:
            edits = (Edit(at, at + len(value), quoted(value)),)
            hint = _OTHERWISE.get(value[0], "quote it: {}")
            if value[0] in "[{" and _STARTS_KEY.match(value[low:].strip()):
                hint = f"start a new line before `{excerpt(value[low:]).strip()}`"
            yield Slip(at + low, at + high, message, hint.replace("{}", excerpt(quoted(value))), edits)


_OTHERWISE: Final = {
    "|": "write the text on the lines below, deeper than its key",
    ">": "write the text on the lines below, deeper than its key",
    "-": "write a list in [ ], or start it on the next line; quote a string: {}",
}
_STARTS: Final = {
    **dict.fromkeys("%@", "a value cannot start with `{}`"),
    "`": "a value cannot start with a backtick",
    "*": "`{}` starts an alias here, which needs a name",
    "&": "`{}` starts an anchor here, which needs a name",
    "!": "`{}` starts a tag here",
    "|": "behind `{}`, a text starts on the next line",
    ">": "behind `{}`, a text starts on the next line",
}


def _why(value: str) -> tuple[str, int, int]:
    """Why a value needs quotes, and the characters of it that show that."""
    first = value[0]
    if first in _STARTS:
        return _STARTS[first].format(first), 0, 1
    if value.startswith("- "):
        return "a list cannot start on the line of its key", 0, 1
    if first in "[{":
        closing = value.rfind("}" if first == "{" else "]")
        rest = value[closing + 1 :].strip()
        message = f"`{excerpt(rest)}` stands behind the closing `{value[closing]}`"
        return (message, closing + 1, len(value)) if closing > 0 and rest else ("", 0, 0)
    colon = re.search(r": |:$", value)
    return ("a value without quotes cannot contain `: `", colon.start(), colon.end()) if colon else ("", 0, 0)


def values_in_brackets(block: Block) -> Iterator[Slip]:
    """A value in brackets that the reader gives up on, in quotes."""
    number = block.text.count("\n", 0, block.problem)
    start, line = block.starts[number], block.lines[number]
    at = block.problem - start
    low = max((each.end() for each in re.finditer(r"[\[{,] *|: +", line[:at])), default=-1)
    if low < 0 or line[low : low + 1] in {'"', "'", ""}:
        return
    high = next((each.start() for each in re.finditer(r" *(?:,|\}|\])", line[at:])), None)
    if high is None or not line[low : at + high]:
        return
    value = line[low : at + high]
    edits = (Edit(start + low, start + low + len(value), quoted(value)),)
    message = f"`{excerpt(value)}` needs quotes inside brackets"
    yield Slip(start + low, start + low + len(value), message, f"write {excerpt(quoted(value))}", edits)
