"""How sprig makes numbers and texts of values (its numeric.go and strings.go, with package cast v1.9)."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.numbers import read_float
from transpiler.engine.tags.sprig.versions import Version
from transpiler.engine.tags.texts import float_text, shown
from transpiler.engine.tags.values import AnyMap, Strings, truncated, wrapped
from transpiler.patterns import regex

_INTEGER = regex(r"([+-]?)(0[xX]_?[0-9a-fA-F_]+|0[bB]_?[01_]+|0[oO]_?[0-7_]+|0_?[0-7_]*|[1-9][0-9_]*)")
_DECIMAL = regex(r"([-+]?\d*)(\.\d*)?", re.ASCII)


def to_int64(value: Any) -> int:
    """A number, text or truth value as an integer, 0 for anything else."""
    if isinstance(value, str):
        return _read_integer(value)
    return truncated(value) if isinstance(value, int | float) else 0


def _read_integer(text: str) -> int:
    """The integer that a text is for Go, with its prefixes and without a fraction; 0 for another text."""
    decimal = _DECIMAL.fullmatch(text) if "." in text else None
    if decimal:
        text = decimal[1] + ("0" if decimal[1] in {"", "+", "-"} else "")
    found = _INTEGER.fullmatch(text) if len(text) < 1000 else None
    if found is None or "__" in text or text.endswith("_"):
        return 0
    number = int(found[1] + re.sub(r"^0(?=_?[0-7])", "0o", found[2]), 0)
    return number if number == wrapped(number) else 0


def to_float(value: Any) -> float:
    """A number, text or truth value as a float, 0 for anything else."""
    if isinstance(value, str):
        try:
            return read_float(value)
        except ExpressionError:
            return 0.0
    return float(value) if isinstance(value, int | float) else 0.0


def decimal_of(value: Any) -> Decimal:
    """A number as a decimal of the shortest digits that it has. Raises ExpressionError for one that is not finite."""
    number = to_float(value)
    if not math.isfinite(number):
        raise ExpressionError(f"Cannot create a Decimal from {float_text(number)}")
    return Decimal(repr(number))


def text_of(value: Any) -> str:
    """A value as text (strval)."""
    return value if isinstance(value, str) else str(value) if isinstance(value, Version) else shown(value)


def texts_of(value: Any) -> Strings:
    """The items of a list as texts, without nil; one text for another value (strslice)."""
    if value is None:
        return Strings()
    if isinstance(value, list):
        return Strings(text_of(each) for each in value if each is not None)
    return Strings([text_of(value)])


def is_empty(value: Any) -> bool:
    """True for the zero of a type: nil, false, 0, and texts, lists and mappings without content."""
    if isinstance(value, AnyMap):
        return not value.items
    if isinstance(value, bool | int | float | str | list | dict):
        return not value
    return value is None
