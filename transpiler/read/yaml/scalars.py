"""What a plain (unquoted) scalar means: the YAML 1.2 core schema, and nothing of YAML 1.1.

`yes`, `on`, dates and `12:30:45` are texts. `0755` is decimal in YAML 1.2 and octal in 1.1, so it stays a text
and whoever needs a number says so.
"""

from __future__ import annotations

import math
from typing import Final

from transpiler.patterns import regex

MAX_DIGITS: Final = 400
"""Far above any number that a program takes; CPython refuses more than 4,300."""

_CONSTANTS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBER_START = frozenset("+-.0123456789")
_DECIMAL = regex(r"[-+]?(?:0|[1-9][0-9]*)")
_OCTAL = regex(r"0o[0-7]+")
_HEXADECIMAL = regex(r"0x[0-9a-fA-F]+")
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO = regex(r"[-+]?0[0-9]+")
_NOT_FINITE = regex(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class BadScalar(Exception):  # noqa: N818 - carries a diagnostic
    """A scalar that has no value; `code`, `message` and `hint` say why."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def plain_value(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar. Raises BadScalar for numbers that JSON cannot hold."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_START:
        return text
    if len(text) > MAX_DIGITS and text[:MAX_DIGITS].strip("+-.0123456789eExXoOaAbBcCdDfF") == "":
        raise BadScalar("invalid-number", f"a number of {len(text):,} digits", "quote it to pass a string")
    return _number(text)


def has_leading_zero(text: str) -> bool:
    """True for `0755` and the like: YAML 1.1 and 1.2 read different numbers."""
    return _LEADING_ZERO.fullmatch(text) is not None


def _number(text: str) -> str | int | float:
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _LEADING_ZERO.fullmatch(text):
        return text
    if _OCTAL.fullmatch(text):
        return int(text, 0)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if math.isinf(value):
            raise BadScalar("invalid-number", f"the number `{text}` is too large", "quote it to pass a string")
        return value
    if _NOT_FINITE.fullmatch(text):
        raise BadScalar("invalid-number", f"`{text}` is not a valid number in JSON", "quote it to pass a string")
    return text
