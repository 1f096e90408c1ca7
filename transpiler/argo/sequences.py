"""The format of numbers in Argo's sequences: Go's `fmt`, limited to verbs that write decimal digits."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.patterns import regex

_FORMAT: Final = regex(r"(?P<before>(?:[^%]|%%)*)%(?P<zero>0?)(?P<width>[0-9]{0,3})[dv](?P<after>(?:[^%]|%%)*)")


class Digits(Struct, frozen=True):
    """A number in a text: filled up on its left to so many characters."""

    before: str
    after: str
    width: int = 0
    fill: str = " "


def digits_of(written: str) -> Digits | None:
    """The parts of a format such as `part-%03d`; None for one with other verbs or flags."""
    found = _FORMAT.fullmatch(written or "%d")
    if found is None:
        return None
    before, after = (found[name].replace("%%", "%") for name in ("before", "after"))
    return Digits(before, after, int(found["width"] or 0), found["zero"] or " ")
