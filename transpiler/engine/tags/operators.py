"""The operators of expr-lang between two values (vm/runtime of expr v1.17)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags import powers
from transpiler.engine.tags.durations import Duration
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.times import Time
from transpiler.engine.tags.values import (
    MAX_ITEMS,
    AnyMap,
    Ints,
    Uint8,
    as_bytes,
    as_text,
    checked_text,
    equal,
    is_nil,
    is_number,
    to_float,
    to_int,
    type_name,
    wrapped,
)


def _mismatch(sign: str, left: Any, right: Any) -> ExpressionError:
    return ExpressionError(f"invalid operation: {type_name(left)} {sign} {type_name(right)}")


def add(left: Any, right: Any) -> Any:
    """`left + right`."""
    if is_number(left) and is_number(right):
        return _number(left + right)
    if isinstance(left, str) and isinstance(right, str):
        return checked_text(left + right)
    if isinstance(left, Time) and isinstance(right, Duration):
        return left.plus(right)
    if isinstance(left, Duration) and isinstance(right, Time):
        return right.plus(left)
    if isinstance(left, Duration) and isinstance(right, Duration):
        return Duration(wrapped(left.nanoseconds + right.nanoseconds))
    raise _mismatch("+", left, right)


def subtract(left: Any, right: Any) -> Any:
    """`left - right`."""
    if is_number(left) and is_number(right):
        return _number(left - right)
    if isinstance(left, Time) and isinstance(right, Time):
        return left.since(right)
    if isinstance(left, Time) and isinstance(right, Duration):
        return left.plus(Duration(wrapped(-right.nanoseconds)))
    if isinstance(left, Duration) and isinstance(right, Duration):
        return Duration(wrapped(left.nanoseconds - right.nanoseconds))
    raise _mismatch("-", left, right)


def multiply(left: Any, right: Any) -> Any:
    """`left * right`."""
    if is_number(left) and is_number(right):
        return _number(left * right)
    if isinstance(left, Duration) or isinstance(right, Duration):
        return _duration_product(left, right)
    raise _mismatch("*", left, right)


def _duration_product(left: Any, right: Any) -> Any:
    numbers = [each.nanoseconds if isinstance(each, Duration) else each for each in (left, right)]
    if not all(is_number(each) for each in numbers):
        raise _mismatch("*", left, right)
    if any(isinstance(each, float) for each in numbers):
        return float(numbers[0]) * float(numbers[1])
    return Duration(wrapped(numbers[0] * numbers[1]))


def _number(value: float) -> float:
    """A sum, difference or product of numbers as Go has it: an int, or a float."""
    return wrapped(int(value)) if isinstance(value, int) else value


def divide(left: Any, right: Any) -> float:
    """`left / right`, always a float."""
    if not (is_number(left) and is_number(right)):
        raise _mismatch("/", left, right)
    return divided(float(left), float(right))


def divided(left: float, right: float) -> float:
    """The quotient of IEEE 754, where Python has none."""
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def modulo(left: Any, right: Any) -> int:
    """`left % right`, with the sign of the left one."""
    if any(isinstance(each, float) or not is_number(each) for each in (left, right)):
        raise _mismatch("%", left, right)
    if not right:
        raise ExpressionError("runtime error: integer divide by zero")
    rest: int = abs(left) % abs(right)
    return -rest if left < 0 else rest


def power(left: Any, right: Any) -> float:
    """`left ** right`, always a float."""
    return powers.power(to_float(left), to_float(right))


def negate(value: Any) -> Any:
    """`-value`."""
    if not is_number(value):
        raise ExpressionError(f"invalid operation: - {type_name(value)}")
    if isinstance(value, Uint8):
        return Uint8(-value & 255)
    return -value if isinstance(value, float) else type(value)(wrapped(-value))


def _comparison(sign: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        if is_number(left) and is_number(right):
            if isinstance(left, float) or isinstance(right, float):
                return compare(float(left), float(right))
            return compare(left, right)
        if isinstance(left, str) and isinstance(right, str):
            return compare(as_bytes(left), as_bytes(right))
        if isinstance(left, Time) and isinstance(right, Time):
            return compare(left.nanoseconds, right.nanoseconds)
        if isinstance(left, Duration) and isinstance(right, Duration):
            return compare(left.nanoseconds, right.nanoseconds)
        raise _mismatch(sign, left, right)

    return compared


less: Final = _comparison("<", operator.lt)
more: Final = _comparison(">", operator.gt)
less_or_equal: Final = _comparison("<=", operator.le)
more_or_equal: Final = _comparison(">=", operator.ge)


def is_in(needle: Any, among: Any) -> bool:
    """`needle in among`."""
    if among is None:
        return False
    if isinstance(among, list):
        return any(equal(each, needle) for each in among)
    if isinstance(among, dict):
        if needle is None:
            return "" in among
        if not isinstance(needle, str):
            raise ExpressionError(
                f"reflect.Value.MapIndex: value of type {type_name(needle)} is not assignable to type string"
            )
        return needle in among
    if isinstance(among, AnyMap):
        return any(equal(key, needle) and type(key) is type(needle) for key, _ in among.items.values())
    raise ExpressionError(f'operator "in" not defined on {type_name(among)}')


def span(first: Any, last: Any) -> list[int]:
    """`first..last`."""
    start, stop = to_int(first), to_int(last)
    if stop - start + 1 >= MAX_ITEMS:
        raise ExpressionError("memory budget exceeded")
    return Ints(range(start, stop + 1))


def _on_texts(compare: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        if is_nil(left) or is_nil(right):
            return False
        for each in (right, left):
            if not isinstance(each, str):
                raise ExpressionError(f"interface conversion: interface {{}} is {type_name(each)}, not string")
        return compare(left, right)

    return compared


contains: Final = _on_texts(lambda left, right: right in left)
starts_with: Final = _on_texts(lambda left, right: left.startswith(right))
ends_with: Final = _on_texts(lambda left, right: left.endswith(right))


def fetch(base: Any, key: Any) -> Any:
    """`base[key]`. A mapping without the key gives nil."""
    if isinstance(base, dict):
        return _of_mapping(base, key)
    if isinstance(base, AnyMap):
        return base.get(key)
    if isinstance(base, list | str):
        return _at(base, to_int(key))
    method = base.method(key) if isinstance(base, Time | Duration) and isinstance(key, str) else None
    if method is not None:
        return method
    raise ExpressionError(f"cannot fetch {key} from {type_name(base)}")


def _of_mapping(base: dict[str, Any], key: Any) -> Any:
    if key is None:
        key = ""
    if not isinstance(key, str):
        raise ExpressionError(
            f"reflect.Value.MapIndex: value of type {type_name(key)} is not assignable to type string"
        )
    return base.get(key)


def _at(base: list[Any] | str, index: int) -> Any:
    data: list[Any] | bytes = as_bytes(base) if isinstance(base, str) else base
    place = index + len(data) if index < 0 else index
    if not 0 <= place < len(data):
        raise ExpressionError(f"index out of range: {place} (array length is {len(data)})")
    return Uint8(data[place]) if isinstance(data, bytes) else data[place]


def sliced(base: Any, start: Any, stop: Any) -> Any:
    """`base[start:stop]`; a text is cut between bytes."""
    data = as_bytes(base) if isinstance(base, str) else base
    if not isinstance(data, list | bytes):
        raise ExpressionError(f"cannot slice {start}")
    size = len(data)
    begin, end = (_bound(to_int(each), size) for each in (start, stop))
    end = min(end, size)
    part = data[min(begin, end) : end]
    return as_text(part) if isinstance(part, bytes) else type(data)(part)


def _bound(index: int, size: int) -> int:
    return max(index + size if index < 0 else index, 0)
