"""JSON as Go writes it: compact, keys in order, and `<`, `>`, `&` escaped, since texts end up in names."""

from __future__ import annotations

import json
from typing import Any, Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.texts import from_json

_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
_SMALL, _LARGE = 1e-6, 1e21


class Number(str):
    """A number as it was written."""

    __slots__ = ()


def parsed(text: str, *, exact: bool = False) -> Any:
    """JSON as data; numbers as `Number` if `exact`, else as floats. Raises ValueError."""
    if exact:
        return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_no_constant)
    return json.loads(text, parse_int=float, parse_constant=_no_constant)


def why_no_json(text: str) -> str:
    """Why Go cannot read a text as JSON, in its words."""
    try:
        from_json(text)
    except ExpressionError as error:
        return error.message
    return "invalid JSON"


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def written(data: Any, *, is_sorted: bool = True) -> str:
    """Data as Go's `json.Marshal` writes it."""
    return _text(data, is_sorted=is_sorted).translate(_ESCAPES)


def _text(data: Any, *, is_sorted: bool) -> str:
    if isinstance(data, Number):
        return str(data)
    if isinstance(data, dict):
        entries = sorted(data.items()) if is_sorted else data.items()
        return "{" + ",".join(f"{_string(key)}:{_text(value, is_sorted=is_sorted)}" for key, value in entries) + "}"
    if isinstance(data, list):
        return "[" + ",".join(_text(each, is_sorted=is_sorted) for each in data) + "]"
    if isinstance(data, float):
        return number(data)
    return _string(data) if isinstance(data, str) else json.dumps(data)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def number(value: float) -> str:
    """A number as Go writes a float64: `1`, `0.5`, `1e+21`."""
    if value == 0:
        return "-0" if str(value).startswith("-") else "0"
    digits = repr(value)
    if _SMALL <= abs(value) < _LARGE:
        from decimal import Decimal  # noqa: PLC0415 - few values are numbers

        return digits.removesuffix(".0") if "e" not in digits else f"{Decimal(digits):f}"
    mantissa, _, exponent = digits.partition("e")
    if not exponent:
        mantissa, _, exponent = f"{value:e}".partition("e")
        mantissa = mantissa.rstrip("0")
    power = int(exponent)
    return f"{mantissa.removesuffix('.').removesuffix('.0')}e{'-' if power < 0 else '+'}{abs(power):02d}"
