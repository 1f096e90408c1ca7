"""Text that came from a file, made safe for a terminal: no escape sequence, no text that runs backwards.

The one place that does it; every renderer for people prints through here (the class of CVE-2021-25743).
"""

from __future__ import annotations

import unicodedata


def safe(text: str) -> str:
    """The text with control, format and bidirectional characters written as escapes, tabs as a space."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t":
        return " "
    if character.isprintable() or character == " ":
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """How many columns of a terminal a safe text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
