"""Texts that Argo's expression engine reads as values: Go's `strconv` and `encoding/json`, stricter than Python's."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from transpiler.argo.limits import is_int64
from transpiler.patterns import regex

_INTEGER: Final = regex(r"[-+]?[0-9]{1,400}")
_NUMBER: Final = regex(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def is_integer(text: str) -> bool:
    """True for a valid argument of `int(x)`: digits with an optional sign, 64 bits, without spaces around them."""
    return _INTEGER.fullmatch(text) is not None and is_int64(int(text))


def is_number(text: str) -> bool:
    """True for a valid and finite argument of `float(x)`, not `nan`."""
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def json_of(text: str) -> Any:
    """The value of a JSON text. Raises ValueError if Go cannot parse it."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_held)
    except RecursionError as error:
        raise ValueError("too deep") from error


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _held(text: str) -> int:
    _finite(text)
    return int(text)
