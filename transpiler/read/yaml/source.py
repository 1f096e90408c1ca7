"""Bytes → text. Promises text that YAML can hold, or diagnostics that say which byte it cannot."""

from __future__ import annotations

from typing import Final

from transpiler.diagnostics import Report, Source
from transpiler.patterns import regex

MAX_BYTES: Final = 4 * 1024 * 1024
"""A manifest larger than any Workflow that a cluster stores (1 MiB) is a mistake."""

# What YAML 1.2 leaves out of its production [1] c-printable; the byte order mark is dropped before. Named are the few
# characters that are bad: a range up to the last of Unicode takes Python milliseconds to compile.
_UNPRINTABLE = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def decode(name: str, data: bytes, report: Report) -> Source | None:
    """Turn the bytes of a file into a source; None, with a diagnostic, when they are no YAML text."""
    source = decode_utf8(name, data, report)
    bad = None
    if source and not source.text.replace("\n", " ").isprintable():  # which saves making the pattern
        bad = _UNPRINTABLE.search(source.text)
    if source and bad:
        report.error(
            "control-character",
            f"the character U+{ord(bad.group()):04X} is not allowed in a YAML file",
            source.span(bad.start(), bad.end()),
            "delete it, or write it as an escape in a double-quoted string",
        )
        return None
    return source


def decode_utf8(name: str, data: bytes, report: Report, limit: int = MAX_BYTES) -> Source | None:
    """Turn the bytes of a file into a source; None, with a diagnostic, when they are too many or no UTF-8."""
    if len(data) > limit:
        where = Source(name, "")
        report.error("too-large", f"the file has more than {limit:,} bytes", where.span(0), "split it")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(name, _newlines(data.decode("utf-8", "replace")))
        at = len(_newlines(data[: error.start].decode("utf-8", "replace")))
        report.error(
            "not-utf8",
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            source.span(at, at + 1),
            "save the file as UTF-8",
        )
        return None
    return Source(name, _newlines(text))


def _newlines(text: str) -> str:
    """CRLF and CR as LF: lines count as editors count them, and CRLF input compiles to the same bytes."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
