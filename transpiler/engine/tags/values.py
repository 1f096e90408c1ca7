"""Values as Go has them: what its types, operators and comparisons are to the values of Python.

A text is a `str`, in which bytes that are no UTF-8 stand as surrogates. `int` is Go's int of 64 bits, a class below it
another integer type. A list may be a `NilList`, a mapping with keys of any type is an `AnyMap`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError

_BITS: Final = 1 << 64
_HALF: Final = 1 << 63
MAX_TEXT: Final = 1 << 24
"""Characters of a text that an expression makes."""
MAX_ITEMS: Final = 1_000_000
"""Items of a list that an expression makes; the engine's memory budget."""


class Int64(int):
    """Go's int64, which its functions do not take for an int."""


class Uint8(int):
    """A byte of a text."""


class NilList(list[Any]):
    """A list that is nil."""


class NilMap(dict[str, Any]):
    """A mapping that is nil: nothing can be set in it."""


class Strings(list[str]):
    """Go's []string."""


class Ints(list[int]):
    """Go's []int."""


class StringMap(dict[str, str]):
    """Go's map[string]string."""


class AnyMap(Struct):
    """Go's map[any]any: key with its type → key, value."""

    items: dict[tuple[str, Any], tuple[Any, Any]]
    type_name: str = "map[interface {}]interface {}"

    def get(self, key: Any) -> Any:
        """The value of a key, None without one."""
        return self.items.get(_typed_key(key), (None, None))[1]

    def put(self, key: Any, value: Any) -> None:
        """Set the value of a key."""
        self.items[_typed_key(key)] = (key, value)


def _typed_key(key: Any) -> tuple[str, Any]:
    if isinstance(key, list | dict | AnyMap):
        raise ExpressionError(f"runtime error: hash of unhashable type {type_name(key)}")
    return type_name(key), key


class Function(Struct, frozen=True):
    """A function of the environment: what it does with its arguments, and whether the run comes before them."""

    name: str
    call: Callable[..., Any]
    needs_run: bool = False


def wrapped(number: int) -> int:
    """An integer of 64 bits with its sign, as Go computes it."""
    if -_HALF <= number < _HALF:
        return number
    return (number + _HALF) % _BITS - _HALF


def read_int(text: str, base: int = 10) -> int:
    """The number of 64 bits that digits are, with a sign. Raises ValueError for another text."""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if not (digits.isascii() and digits.isdecimal()) or len(digits.lstrip("0")) > 24:
        raise ValueError
    number = int(text, base)
    if number != wrapped(number):
        raise OverflowError
    return number


def is_number(value: Any) -> bool:
    """True for integers and floats."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    """True for integers of any type; a duration is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_nil(value: Any) -> bool:
    """True for nil, whatever its type."""
    return value is None or isinstance(value, NilList)


def to_int(value: Any) -> int:
    """A number as an int. Raises ExpressionError for anything else."""
    if not is_number(value):
        raise ExpressionError(f"invalid operation: int({type_name(value)})")
    return truncated(value)


def truncated(value: float) -> int:
    """A number without its fraction, as Go converts it on amd64: what is too large becomes the smallest."""
    if isinstance(value, int):
        return int(value)
    if math.isnan(value) or math.isinf(value) or not -_HALF <= value < _HALF:
        return -_HALF
    return int(value)


def to_float(value: Any) -> float:
    """A number as a float. Raises ExpressionError for anything else."""
    if not is_number(value):
        raise ExpressionError(f"invalid operation: float({type_name(value)})")
    return float(value)


_NAMES: Final[Mapping[type, str]] = {
    type(None): "<nil>",
    bool: "bool",
    int: "int",
    float: "float64",
    str: "string",
    Int64: "int64",
    Uint8: "uint8",
    Strings: "[]string",
    Ints: "[]int",
    StringMap: "map[string]string",
}


def type_name(value: Any) -> str:
    """The type that Go prints with %T."""
    found = _NAMES.get(type(value))
    if found:
        return found
    if isinstance(value, list):
        return "[]interface {}"
    if isinstance(value, dict):
        return "map[string]interface {}"
    name = getattr(value, "type_name", None)
    return name if isinstance(name, str) else "func(...interface {}) interface {}"


def bounded(value: Any) -> Any:
    """A value as it is. Raises ExpressionError for one that is too large to walk through.

    A list may hold another twice, and that one a third twice, and so on; a mapping may even hold itself.
    """
    waiting = [value] if isinstance(value, list | dict | AnyMap) else []
    left = MAX_ITEMS // 4
    while waiting:
        each = waiting.pop()
        items = each if isinstance(each, list) else list(each.values()) if isinstance(each, dict) else _any_items(each)
        left -= 1 + len(items)
        if left < 0:
            raise ExpressionError("memory budget exceeded")
        waiting += [item for item in items if isinstance(item, list | dict | AnyMap)]
    return value


def _any_items(value: AnyMap) -> list[Any]:
    return [item for _, item in value.items.values()]


def equal(left: Any, right: Any) -> bool:
    """Go's `==` of two values of the engine: numbers of different types are compared, other types are different."""
    if isinstance(left, list | dict | AnyMap):
        bounded(left)
    return _equal(left, right)


def _equal(left: Any, right: Any) -> bool:
    if is_number(left) and is_number(right):
        return bool(
            float(left) == float(right) if isinstance(left, float) or isinstance(right, float) else left == right
        )
    if isinstance(left, list) and isinstance(right, list):
        return _equal_lists(left, right)
    if is_nil(left) and is_nil(right):
        return True
    return _deep_equal(left, right)


def _equal_lists(left: list[Any], right: list[Any]) -> bool:
    typed = {Strings, Ints}
    if {type(left), type(right)} == typed:
        return False
    return len(left) == len(right) and all(_equal(one, other) for one, other in zip(left, right, strict=True))


def deep_equal(left: Any, right: Any) -> bool:
    """Go's reflect.DeepEqual: the types are the same too."""
    return _deep_equal(bounded(left), right)


def _deep_equal(left: Any, right: Any) -> bool:
    if type_name(left) != type_name(right):
        return False
    if isinstance(left, list):
        same = len(left) == len(right) and is_nil(left) == is_nil(right)
        return same and all(_deep_equal(one, other) for one, other in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_deep_equal(value, right[key]) for key, value in left.items())
    return bool(left == right)


def typed_items(value: Any) -> list[Any] | None:
    """The items of a list, None where a value is none."""
    return value if isinstance(value, list) else None


def keys_of(value: Any) -> list[Any]:
    """The keys of a mapping, sorted by how they are written: Go's own order is random."""
    if isinstance(value, AnyMap):
        return [key for key, _ in sorted(value.items.values(), key=lambda item: str(item[0]))]
    return sorted(value)


def pairs_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Keys and values of a mapping in the order of `keys_of`."""
    for key in keys_of(value):
        yield key, value.get(key)


def as_bytes(text: str) -> bytes:
    """A text as Go holds it."""
    return text.encode("utf-8", "surrogateescape")


def as_text(data: bytes) -> str:
    """Bytes as a text; those that are no UTF-8 become surrogates."""
    return data.decode("utf-8", "surrogateescape")


def checked_text(text: str) -> str:
    """A text that is not too long. Raises ExpressionError for one that is."""
    if len(text) > MAX_TEXT:
        raise ExpressionError("memory budget exceeded")
    return text
