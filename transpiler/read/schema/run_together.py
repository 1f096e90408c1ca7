"""A key and its value that YAML takes for one word, since a space or a colon is missing between them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

from transpiler.diagnostics import excerpt
from transpiler.patterns import regex

_WITHOUT_SPACE: Final = regex(r"([\w.-]+) *:(\S.*)", re.DOTALL)
_WITHOUT_COLON: Final = regex(r"([\w.-]+) +(\S.*)", re.DOTALL)
_DASHES: Final = regex(r"-[^\s\-]\S*(?: -[^\s\-]\S*)*")


def key_in(word: str, value: Any, keys: Collection[str]) -> tuple[str, str]:
    """The key among `keys` that an unknown one starts with, and what to write; empty when there is none."""
    found = (_WITHOUT_SPACE.fullmatch(word) or _WITHOUT_COLON.fullmatch(word)) if value is None else None
    if found is None or found[1] not in keys:
        return "", ""
    missing = "space after the colon" if _WITHOUT_SPACE.fullmatch(word) else "colon"
    return found[1], f"a {missing} is missing: write `{found[1]}: {excerpt(found[2])}`"


def as_mapping(text: str) -> str:
    """What to write for a text in the place of a mapping; empty if it is not a key and its value."""
    found = _WITHOUT_SPACE.fullmatch(text)
    is_key = found is not None and not found[2].startswith("//")
    return f"write a space after the colon: `{found[1]}: {excerpt(found[2])}`" if found is not None and is_key else ""


def as_list(text: str) -> str:
    """What to write for a text in the place of a list; empty if it is not made of items."""
    first = text.partition(" ")[0]
    return f"write a space after the dash: `- {excerpt(first[1:])}`" if _DASHES.fullmatch(text) else ""
