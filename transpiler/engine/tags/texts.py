"""How Go writes values: `%v`, JSON and quoted texts (packages fmt, encoding/json and strconv)."""

from __future__ import annotations

import json
import math
import unicodedata
from typing import Any, Final

from transpiler.engine.tags.calendar import Named
from transpiler.engine.tags.durations import Duration
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.times import RFC3339_NANO, Time
from transpiler.engine.tags.values import AnyMap, bounded, is_nil, keys_of, pairs_of, type_name
from transpiler.patterns import regex

MAX_DEPTH: Final = 200
"""Levels of lists and mappings in each other that are written; Go's limit is far beyond what anybody writes."""
_HTML: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_LINES: Final = {0x2028: "\\u2028", 0x2029: "\\u2029"}
_SURROGATES: Final = regex("[\ud800-\udfff]")
_HALF: Final = regex(r"\\u[dD][89a-fA-F]")
_LONELY: Final = regex(
    r"((?<!\\)(?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
"""Half of a pair of escapes: Go reads the sign for a broken character there."""
_ESCAPES: Final = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}  # fmt: skip


def float_digits(value: float) -> tuple[str, int]:
    """The shortest digits of a positive number, and the power of ten of the first."""
    digits, _, exponent = f"{value!r}".partition("e")
    whole, _, fraction = digits.partition(".")
    power = len(whole) - 1 + int(exponent or 0)
    joined = whole + fraction
    stripped = joined.lstrip("0")
    power -= len(joined) - len(stripped)
    return stripped.rstrip("0") or "0", power if stripped else 0


def float_text(value: float, *, below: int = -4, above: int = 6) -> str:
    """A float as Go's `%v` writes it: with an exponent outside of these powers of ten."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    sign = "-" if math.copysign(1, value) < 0 else ""
    digits, power = float_digits(abs(value))
    if value and not below <= power < above:
        mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
        return f"{sign}{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    whole = digits[: power + 1].ljust(power + 1, "0")
    return sign + whole + (f".{digits[power + 1 :]}" if digits[power + 1 :] else "")


def shown(value: Any, depth: int = 0) -> str:
    """A value as Go's `%v` writes it."""
    if not depth:
        bounded(value)
    if depth > MAX_DEPTH:
        raise ExpressionError("recursion depth exceeded")
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, list):
        return f"[{' '.join(shown(each, depth + 1) for each in value)}]"
    if isinstance(value, dict | AnyMap):
        inner = " ".join(f"{shown(key, depth + 1)}:{shown(each, depth + 1)}" for key, each in pairs_of(value))
        return f"map[{inner}]"
    return str(value) if isinstance(value, int | str | Time | Duration) else type_name(value)


def json_float(value: float) -> str:
    """A float as Go's JSON has it. Raises ExpressionError for what JSON cannot hold."""
    if math.isnan(value) or math.isinf(value):
        raise ExpressionError(f"json: unsupported value: {float_text(value)}")
    text = float_text(value, below=-6, above=21)
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}" if exponent.startswith("-") else text


def json_string(text: str, *, escapes_html: bool = True) -> str:
    """A text as Go's JSON has it: `<`, `>` and `&` are escaped, and what is no UTF-8 is replaced."""
    written = json.dumps(text, ensure_ascii=False).translate(_HTML if escapes_html else _LINES)
    return _SURROGATES.sub(r"\\ufffd", written)


def as_json(value: Any, *, indent: str = "", escapes_html: bool = True, depth: int = 0) -> str:
    """A value as Go marshals it: keys are sorted. Raises ExpressionError for what JSON cannot hold."""
    if not depth:
        bounded(value)
    if depth > MAX_DEPTH:
        raise ExpressionError("recursion depth exceeded")
    if is_nil(value):
        return "null"
    if isinstance(value, str):
        return json_string(value, escapes_html=escapes_html)
    if isinstance(value, list):
        inner = [as_json(each, indent=indent, escapes_html=escapes_html, depth=depth + 1) for each in value]
        return _enclosed("[", inner, "]", indent, depth)
    if isinstance(value, dict):
        colon = ": " if indent else ":"
        inner = [
            json_string(key, escapes_html=escapes_html)
            + colon
            + as_json(value[key], indent=indent, escapes_html=escapes_html, depth=depth + 1)
            for key in keys_of(value)
        ]
        return _enclosed("{", inner, "}", indent, depth)
    return _plain_json(value)


def _plain_json(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return json_float(value)
    if isinstance(value, Duration):
        return str(value.nanoseconds)
    if isinstance(value, Time):
        return f'"{value.printed(RFC3339_NANO)}"'
    if isinstance(value, int):
        return str(int(value)) if isinstance(value, Named) else str(value)
    raise ExpressionError(f"json: unsupported type: {type_name(value)}")


def _enclosed(opening: str, inner: list[str], closing: str, indent: str, depth: int) -> str:
    if not indent or not inner:
        return opening + ",".join(inner) + closing
    margin = "\n" + indent * (depth + 1)
    return opening + margin + f",{margin}".join(inner) + "\n" + indent * depth + closing


def from_json(text: str) -> Any:
    """A JSON text as Go reads it: every number is a float. Raises ExpressionError for what is no JSON."""
    try:
        text = _LONELY.sub(r"\1\\ufffd", text) if _HALF.search(text) else text
        return json.loads(text, parse_int=_float, parse_float=_float, parse_constant=_no_constant, strict=True)
    except RecursionError:
        raise ExpressionError("exceeded max depth") from None
    except ExpressionError:
        raise
    except ValueError as error:
        raise ExpressionError(_json_words(text, error)) from None


def _json_words(text: str, error: ValueError) -> str:
    at = getattr(error, "pos", 0)
    if not text.strip() or at >= len(text.rstrip()):
        return "unexpected end of JSON input"
    return f"invalid character '{text[at]}' looking for beginning of value"


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ExpressionError(f"json: cannot unmarshal number {text} into Go value of type float64")
    return number


def _no_constant(text: str) -> float:
    raise ExpressionError(f"invalid character '{text[0]}' looking for beginning of value")


def is_printable(character: str) -> bool:
    """True for what Go's strconv prints as it is."""
    if character.isascii():
        return " " <= character <= "~"
    return unicodedata.category(character)[0] in "LMNPS"


def quoted(text: str) -> str:
    """A text between double quotes as Go's strconv.Quote writes it."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if is_printable(character):
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
