"""Functions of Go's package strings, where Python's own differ."""

from __future__ import annotations

from typing import Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.values import MAX_ITEMS, NilList, Strings, checked_text

SPACES: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go's unicode.IsSpace takes."""


def trim_space(text: str) -> str:
    """Without spaces at both ends."""
    return text.strip(SPACES)


def upper(text: str) -> str:
    """Each character in upper case; one that has several letters there stays."""
    return text.upper() if text.isascii() else "".join(map(upper_letter, text))


def upper_letter(letter: str) -> str:
    """A character in upper case."""
    changed = "\ufffd" if "\ud800" <= letter <= "\udfff" else letter.upper()
    return changed if len(changed) == 1 else letter


def lower(text: str) -> str:
    """Each character in lower case."""
    return text.lower() if text.isascii() else "".join(map(lower_letter, text))


def lower_letter(letter: str) -> str:
    """A character in lower case."""
    if letter == "İ":
        return "i"
    changed = "\ufffd" if "\ud800" <= letter <= "\udfff" else letter.lower()
    return changed if len(changed) == 1 else letter


def split(text: str, between: str, limit: int = -1) -> list[str]:
    """The parts between a text, at most so many; a negative limit is none. Without a text between, the characters."""
    if limit == 0:
        return NilList()
    if not between:
        size = len(text) if limit < 0 else min(limit, len(text))
        return Strings([*text[: size - 1], text[size - 1 :]] if size else [])
    if text.count(between) >= MAX_ITEMS:
        raise ExpressionError("memory budget exceeded")
    return Strings(text.split(between, -1 if limit < 0 else limit - 1))


def replace(text: str, old: str, new: str, count: int = -1) -> str:
    """With a text in place of another, everywhere or some times."""
    found = len(text) + 1 if not old else text.count(old)
    times = found if count < 0 else min(count, found)
    if len(text) + times * max(len(new) - len(old), 0) > 1 << 24:
        raise ExpressionError("memory budget exceeded")
    return checked_text(text.replace(old, new, count if count >= 0 else -1))


def fields(text: str) -> list[str]:
    """The words between spaces."""
    words = [""]
    for character in text:
        if character in SPACES:
            words.append("")
        else:
            words[-1] += character
    return [word for word in words if word]
