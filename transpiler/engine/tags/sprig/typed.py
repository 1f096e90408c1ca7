"""Functions of Go with typed arguments, which are checked as `reflect.Call` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.times import ZERO, Time
from transpiler.engine.tags.values import Function, NilMap, type_name

_TYPES: Final[dict[str, tuple[str, Any]]] = {
    "i": ("int", 0),
    "s": ("string", ""),
    "b": ("bool", False),
    "f": ("float64", 0.0),
    "t": ("time.Time", ZERO),
    "m": ("map[string]interface {}", None),
    "u": ("uint32", 0),
}
"""Letters of a signature → the type in Go, and what nil becomes."""


def typed(name: str, signature: str, call: Callable[..., Any], *, needs_run: bool = False) -> Function:
    """A function that takes arguments of these types: a letter each, `a` for any, with `*` behind a repeated last."""
    is_variadic = signature.endswith("*")
    letters = signature.rstrip("*")

    def checked(*arguments: Any) -> Any:
        run, given = (arguments[:1], arguments[1:]) if needs_run else ((), arguments)
        return call(*run, *_fitting(name, letters, given, is_variadic=is_variadic))

    return Function(name, checked, needs_run)


def _fitting(name: str, letters: str, given: tuple[Any, ...], *, is_variadic: bool) -> list[Any]:
    """The arguments, with the zero of its type for each nil. Raises ExpressionError for those of another type."""
    if len(given) < len(letters) - is_variadic:
        raise ExpressionError("reflect: Call with too few input arguments")
    if len(given) > len(letters) and not is_variadic:
        raise ExpressionError("reflect: Call with too many input arguments")
    wanted = letters + letters[-1:] * (len(given) - len(letters))
    return [_fit(name, letter, each) for letter, each in zip(wanted, given, strict=False)]


def _fit(name: str, letter: str, value: Any) -> Any:
    if letter == "a":
        return value
    wanted, zero = _TYPES[letter]
    if value is None:
        return NilMap() if letter == "m" else zero
    if type_name(value) != wanted or (letter == "t" and not isinstance(value, Time)):
        raise ExpressionError(f"reflect: Call using {type_name(value)} as type {wanted} ({name})")
    return value
