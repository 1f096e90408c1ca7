"""Functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags import operators
from transpiler.engine.tags.durations import Duration
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.texts import shown
from transpiler.engine.tags.values import bounded, is_integer, is_number, read_int, truncated, type_name, wrapped
from transpiler.patterns import regex

_FLOAT: Final = regex(r"[+-]?(?:(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)")
_HEX: Final = regex(r"([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)")
_NAMED: Final = {"inf": math.inf, "infinity": math.inf, "nan": math.nan}


def absolute(_: Run, value: Any) -> Any:
    """The absolute value of a number."""
    if not is_number(value):
        raise ExpressionError(f"invalid argument for abs (type {type_name(value)})")
    if isinstance(value, float):
        return -value if value < 0 else value  # Go leaves a negative zero
    return type(value)(wrapped(abs(value)))


def _rounding(name: str, function: Callable[[float], float]) -> Callable[[Run, Any], float]:
    def rounded(_: Run, value: Any) -> float:
        if not is_number(value):
            raise ExpressionError(f"invalid argument for {name} (type {type_name(value)})")
        number = float(value)
        return number if math.isnan(number) or math.isinf(number) else function(number)

    return rounded


def ceiling(number: float) -> float:
    """The next whole number, as a float with its sign."""
    return math.copysign(float(math.ceil(number)), number)


def floored(number: float) -> float:
    """The whole number below, as a float with its sign."""
    return math.copysign(float(math.floor(number)), number) if number else number


def half_away(number: float) -> float:
    """The nearest whole number, halves away from zero."""
    whole = math.trunc(number)
    return math.copysign(float(whole + (math.copysign(1, number) if abs(number - whole) >= 0.5 else 0)), number)


ceil: Final = _rounding("ceil", ceiling)
floor: Final = _rounding("floor", floored)
round_half: Final = _rounding("round", half_away)


def as_int(_: Run, value: Any) -> int:
    """A number without its fraction, or the integer that a text is."""
    if isinstance(value, str):
        try:
            return read_int(value)
        except (ValueError, OverflowError):
            raise ExpressionError(f"invalid operation: int({value})") from None
    if isinstance(value, Duration):
        return value.nanoseconds
    if not is_number(value):
        raise ExpressionError(f"invalid operation: int({type_name(value)})")
    return truncated(value)


def as_float(_: Run, value: Any) -> float:
    """A number as a float, or the number that a text is."""
    if isinstance(value, str):
        return read_float(value)
    if not is_number(value):
        raise ExpressionError(f"invalid operation: float({type_name(value)})")
    return float(value)


def read_float(text: str) -> float:
    """The number that a text is for Go. Raises ExpressionError for another text."""
    bare = text[1:] if text[:1] in {"+", "-"} else text
    named = _NAMED.get(bare.lower())
    if named is not None and (named == math.inf or bare == text):
        return -named if text[0] == "-" else named
    hexadecimal = _HEX.fullmatch(text)
    if hexadecimal and (hexadecimal[2] or hexadecimal[3]):
        return _finite(text, float.fromhex(text))
    if "_" in text or not _FLOAT.fullmatch(text):
        raise ExpressionError(f"invalid operation: float({text})")
    return _finite(text, float(text))


def _finite(text: str, number: float) -> float:
    if math.isinf(number):
        raise ExpressionError(f"invalid operation: float({text})")
    return number


def as_string(_: Run, value: Any) -> str:
    """A value as text."""
    return shown(value)


def _extreme(name: str, is_less: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def found(_: Run, *arguments: Any) -> Any:
        return extreme(bounded(list(arguments)), 0)

    def extreme(arguments: list[Any], depth: int) -> Any:
        value: Any = None
        for argument in arguments:
            candidates = [argument]
            if isinstance(argument, list):
                candidates = [extreme([each], depth + 1) for each in argument]
            elif not is_number(argument):
                if len(arguments) == 1:
                    return argument
                raise ExpressionError(f"invalid argument for {name} (type {type_name(argument)})")
            for each in candidates:
                if not is_number(each):
                    raise ExpressionError(f"invalid argument for {name} (type {type_name(each)})")
                value = each if value is None or is_less(value, each) else value
        return value

    return found


maximum: Final = _extreme("max", operators.less)
minimum: Final = _extreme("min", operators.more)


def _numbers(name: str, arguments: tuple[Any, ...] | list[Any]) -> list[float]:
    found: list[float] = []
    for argument in arguments:
        if isinstance(argument, list):
            found += _numbers(name, argument)
        elif is_number(argument):
            found.append(float(argument))
        else:
            raise ExpressionError(f"invalid argument for {name} (type {type_name(argument)})")
    return found


def mean(_: Run, *arguments: Any) -> float:
    """The mean of numbers, 0 of none."""
    total, numbers = 0.0, _numbers("mean", bounded(list(arguments)))
    for each in numbers:
        total += each
    return total / len(numbers) if numbers else 0.0


def median(_: Run, *arguments: Any) -> float:
    """The middle of numbers, 0 of none."""
    numbers = sorted(_numbers("median", bounded(list(arguments))))
    half = len(numbers) // 2
    if not numbers:
        return 0.0
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2


def _bits(name: str, compute: Callable[[int, int], int]) -> Callable[[Run, Any, Any], int]:
    def computed(_: Run, left: Any, right: Any) -> int:
        for each in (left, right):
            if not is_integer(each):
                raise ExpressionError(f"cannot use {type_name(each)} as argument (type int) to call {name}")
        return wrapped(compute(int(left), int(right)))

    return computed


def _shift(compute: Callable[[int, int], int]) -> Callable[[int, int], int]:
    def shifted(number: int, count: int) -> int:
        if count < 0:
            raise ExpressionError(f"invalid operation: negative shift count {count} (type int)")
        return compute(number, min(count, 64))

    return shifted


BITS: Final[dict[str, Callable[..., int]]] = {
    "bitand": _bits("bitand", lambda x, y: x & y),
    "bitor": _bits("bitor", lambda x, y: x | y),
    "bitxor": _bits("bitxor", lambda x, y: x ^ y),
    "bitnand": _bits("bitnand", lambda x, y: x & ~y),
    "bitshl": _bits("bitshl", _shift(lambda x, y: x << y)),
    "bitshr": _bits("bitshr", _shift(lambda x, y: x >> y)),
    "bitushr": _bits("bitushr", _shift(lambda x, y: (x & (1 << 64) - 1) >> y)),
}


def bitnot(_: Run, value: Any) -> int:
    """All bits of an integer turned."""
    if not is_integer(value):
        raise ExpressionError(f"cannot use {type_name(value)} as argument (type int) to call bitnot")
    return ~int(value)
