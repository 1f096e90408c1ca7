"""Values of parameters as Argo's `AnyString` reads them out of JSON, whose numbers are 64-bit floats to it."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any


def any_string(value: Any) -> str:
    """A text as it is; a number with all its digits and no exponent; nothing for a mapping, list or null."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return json.dumps(value)
    return _number(value) if isinstance(value, (int, float)) else ""


def _number(value: float) -> str:
    try:
        number = float(value)
    except OverflowError:
        return str(value)
    if not isfinite(number):
        return json.dumps(number)
    from decimal import Decimal  # noqa: PLC0415 - most values are texts

    return f"{Decimal(repr(number)):f}".removesuffix(".0")
