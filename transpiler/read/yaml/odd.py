"""Characters that look like spaces and quotes, and are none of YAML: so they are part of a name or value.

A value in quotes may have them. Without quotes, one at the edge of a word is there by mistake.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

from transpiler.patterns import regex

_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
ODD: Final = regex(f"[{_SPACES}{_INVISIBLE}]")
ODD_SPACE: Final = regex(f"[{_SPACES}]")
QUOTES: Final = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\uff07", "'"),
}
TYPOGRAPHIC: Final = regex(f"[{''.join(QUOTES)}]")
_AT_EDGE = regex(f"^ *[{_SPACES}{_INVISIBLE}]|[{_SPACES}{_INVISIBLE}] *$|^[\\w.-]+:[{_SPACES}]")


class Odd(NamedTuple):
    """A character that is no letter of a name or value, where it stands in it, and what to do."""

    start: int
    end: int
    message: str
    hint: str


def name_of(character: str) -> str:
    """A character that cannot be seen, in words: `a no-break space (U+00A0)`."""
    name = unicodedata.name(character, "character").lower()
    return f"{'an' if name[0] in 'aeio' else 'a'} {name} (U+{ord(character):04X})"


def odd_in(text: str) -> Odd | None:
    """The first odd character at the edge of a text without quotes, or typographic quotes around it."""
    found = _AT_EDGE.search(text)
    if found:
        at = found.start() + next(number for number, each in enumerate(found[0]) if ODD.match(each))
        hint = "write a usual space" if ODD_SPACE.match(text[at]) else "delete it"
        message = f"{name_of(text[at])} stands here, and YAML takes it for a letter"
        return Odd(at, at + 1, message, f"{hint}; to keep it, put quotes around the whole string")
    if len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES:
        right = QUOTES[text[0]]
        message = f"`{text[0]}` is a typographic quote, and YAML takes it for a letter"
        return Odd(0, 1, message, f"write `{right}`; to keep it, put quotes around the whole string")
    return None


def cleaned(text: str) -> str:
    """A name without the odd characters around it."""
    while text and ODD.match(text[0]):
        text = text[1:]
    while text and ODD.match(text[-1]):
        text = text[:-1]
    return text.strip()
