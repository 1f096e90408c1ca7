"""Writes a text in YAML so that every reader gets the same text back.

Go's YAML 1.1 parser (kubectl, Argo), PyYAML (1.1) and ruamel (1.2) disagree about what a bare word is: `on`, `y`,
`0o17`, `1e3`, `12:30`. So a word is unquoted only if it is a string for all of them; kubernetes-sigs/
yaml `isTypeAmbiguous` is the checklist.
"""

from __future__ import annotations

import json
from typing import Final

from transpiler.patterns import regex

_BARE: Final = regex(
    r"(?:--?[A-Za-z]|[A-Za-z_/])[A-Za-z0-9_./%+=@-]*(?::[A-Za-z0-9_./%+=@-]+)*(?: [A-Za-z0-9_./%+=@&-]+)*"
)
_CONSTANTS: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])
_UNPRINTABLE: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
"""Characters that YAML does not allow raw, or reads as something else. A class of those that it does allow goes up to
the last of Unicode, which takes Python milliseconds to compile."""
_NOT_LITERAL: Final = regex(rf"[{_UNPRINTABLE}]")
_NOT_SINGLE: Final = regex(rf"[{_UNPRINTABLE}\t\n]")
_ESCAPED: Final = regex("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(text: str) -> str:
    """A text on one line: unquoted if it is unambiguous, otherwise quoted."""
    if _BARE.fullmatch(text) and text.lower() not in _CONSTANTS:
        return text
    if not text.isprintable() and _NOT_SINGLE.search(text):
        return _double_quoted(text)
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def block(text: str, indent: int) -> str:
    """A text as the value at `indent` columns: a literal block when it has lines, else one line.

    The lines of the block are indented two columns deeper than `indent`.
    """
    if "\n" not in text.rstrip("\n") and not text.endswith("\n"):
        return scalar(text)
    body = text.rstrip("\n")
    if not body or body.startswith("\t") or not _is_literal(text):
        return _double_quoted(text)
    indicator = "2" if body.startswith((" ", "\n")) else ""  # else readers take the first line's own indentation
    trailing = len(text) - len(body)
    chomping = {0: "-", 1: ""}.get(trailing, "+")
    margin = " " * (indent + 2)
    lines = "\n".join(margin + line if line else "" for line in body.split("\n"))
    return f"|{indicator}{chomping}\n{lines}" + "\n" * max(trailing - 1, 0)


def _is_literal(text: str) -> bool:
    """True for a text that a literal block preserves."""
    is_printable = text.replace("\n", " ").replace("\t", " ").isprintable()  # which saves making the pattern
    return not any(line.endswith((" ", "\t")) for line in text.split("\n")) and (
        is_printable or not _NOT_LITERAL.search(text)
    )


def _double_quoted(text: str) -> str:
    """JSON's notation, with escapes for characters that YAML does not allow or reads as line breaks."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False))
