"""Sprig's functions of numbers (numeric.go)."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.numbers import ceiling, floored
from transpiler.engine.tags.sprig.casts import decimal_of, to_float, to_int64
from transpiler.engine.tags.texts import shown
from transpiler.engine.tags.values import MAX_ITEMS, Int64, Ints, read_int, wrapped

_EXACT: Final = Context(prec=700)
_SIXTEEN: Final = Decimal(1).scaleb(-16)


def _sum(*values: Any) -> Int64:
    return Int64(wrapped(sum(map(to_int64, values))))


def _product(first: Any, *others: Any) -> Int64:
    total = to_int64(first)
    for each in others:
        total = wrapped(total * to_int64(each))
    return Int64(total)


def _divided(left: Any, right: Any) -> Int64:
    return Int64(wrapped(_quotient(left, right)[0]))


def _remainder(left: Any, right: Any) -> Int64:
    return Int64(_quotient(left, right)[1])


def _quotient(left: Any, right: Any) -> tuple[int, int]:
    """The quotient cut towards zero, and the remainder with the sign of the left one."""
    one, other = to_int64(left), to_int64(right)
    if not other:
        raise ExpressionError("runtime error: integer divide by zero")
    whole = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
    return whole, one - whole * other


def _extreme(choose: Callable[..., int]) -> Callable[..., Int64]:
    return lambda first, *others: Int64(choose(map(to_int64, (first, *others))))


def _extreme_float(choose: Callable[[list[float]], float]) -> Callable[..., float]:
    def chosen(first: Any, *others: Any) -> float:
        numbers = [to_float(each) for each in (first, *others)]
        return math.nan if any(map(math.isnan, numbers)) else choose(numbers)

    return chosen


def _exactly(compute: Callable[[Decimal, Decimal], Decimal]) -> Callable[..., float]:
    """A row of decimals, without the errors that floats would make."""

    def computed(first: Any, *others: Any) -> float:
        try:
            total = decimal_of(first)
            for each in others:
                total = compute(total, decimal_of(each))
            return float(total) if total else 0.0  # a decimal has no negative zero
        except (InvalidOperation, DivisionByZero, Overflow):
            raise ExpressionError("decimal division by 0") from None

    return computed


def _divide_exactly(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise ExpressionError("decimal division by 0")
    return _EXACT.divide(left, right).quantize(_SIXTEEN, rounding=ROUND_HALF_UP, context=_EXACT)


def rounded(value: Any, places: int, *half: float) -> float:
    """A number with so many digits behind the point; `half` is where it is rounded up."""
    limit = half[0] if half else 0.5
    power = math.pow(10, places) if abs(places) < 300 else math.inf if places > 0 else 0.0
    digit = power * to_float(value)
    if math.isnan(digit) or math.isinf(digit):
        return math.nan if math.isinf(power) or math.isnan(digit) else digit / power
    fraction = math.modf(digit)[0]
    whole = ceiling(digit) if fraction >= limit else floored(digit)
    return whole / power if power else math.nan


def until(start: int, stop: int, step: int) -> Ints:
    """Numbers from a start to right before a stop. Raises ExpressionError for too many."""
    goes_down = stop < start
    if (goes_down and step >= 0) or (not goes_down and step <= 0):
        return Ints()
    if abs(stop - start) // abs(step) > MAX_ITEMS:
        raise ExpressionError("memory budget exceeded")
    return Ints(range(start, stop, step))


def _sequence(*bounds: int) -> str:
    if len(bounds) not in {1, 2, 3}:
        return ""
    start, stop = (1, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[-1])
    sign = -1 if stop < start else 1
    step = bounds[1] if len(bounds) == 3 else sign
    if len(bounds) == 3 and stop < start and step > 0:
        return ""
    return " ".join(map(str, until(start, stop + sign, step)))


def _from_octal(value: Any) -> Int64:
    try:
        return Int64(read_int(shown(value), 8))
    except (ValueError, OverflowError):
        return Int64(0)


def _atoi(text: str) -> int:
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if digits.isascii() and digits.isdecimal() and len(digits.lstrip("0")) > 24:
        digits = "9" * 24  # Go gives the largest number for one that is larger
    try:
        number = int(text[: len(text) - len(digits)] + digits) if digits.isascii() and digits.isdecimal() else 0
    except ValueError:
        return 0
    return min(max(number, -(1 << 63)), (1 << 63) - 1)


NUMBERS: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "atoi": ("s", _atoi),
    "int64": ("a", lambda value: Int64(to_int64(value))),
    "int": ("a", to_int64),
    "float64": ("a", to_float),
    "seq": ("i*", _sequence),
    "toDecimal": ("a", _from_octal),
    "until": ("i", lambda count: until(0, count, -1 if count < 0 else 1)),
    "untilStep": ("iii", until),
    "add1": ("a", lambda value: _sum(value, 1)),
    "add": ("a*", _sum),
    "sub": ("aa", lambda left, right: Int64(wrapped(to_int64(left) - to_int64(right)))),
    "div": ("aa", _divided),
    "mod": ("aa", _remainder),
    "mul": ("aa*", _product),
    "add1f": ("a", lambda value: _exactly(_EXACT.add)(value, 1)),
    "addf": ("a*", lambda *values: _exactly(_EXACT.add)(0, *values)),
    "subf": ("aa*", _exactly(_EXACT.subtract)),
    "divf": ("aa*", _exactly(_divide_exactly)),
    "mulf": ("aa*", _exactly(_EXACT.multiply)),
    **dict.fromkeys(("max", "biggest"), ("aa*", _extreme(max))),
    "min": ("aa*", _extreme(min)),
    "maxf": ("aa*", _extreme_float(max)),
    "minf": ("aa*", _extreme_float(min)),
    "ceil": ("a", lambda value: _rounded_float(ceiling, value)),
    "floor": ("a", lambda value: _rounded_float(floored, value)),
    "round": ("aif*", rounded),
}
"""Name → the types of the arguments (see `typed`), and what it does."""


def _rounded_float(change: Callable[[float], float], value: Any) -> float:
    number = to_float(value)
    return number if math.isnan(number) or math.isinf(number) else change(number)
