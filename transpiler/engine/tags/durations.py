"""Go's durations: their texts, and those of their methods that expressions can call (package time)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.values import Function, Int64, wrapped
from transpiler.patterns import regex

SECOND: Final = 1_000_000_000


_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
}


_PART: Final = regex(r"([0-9]*)(\.[0-9]*)?(ns|us|µs|μs|ms|s|m|h)")


class Duration(Struct, frozen=True):
    """A span of time."""

    nanoseconds: int
    type_name = "time.Duration"

    def __str__(self) -> str:
        return duration_text(self.nanoseconds)

    def method(self, name: str) -> Function | None:
        """The method of a name, None where Go has none or it makes no sense here."""
        return bound(name, _DURATION_METHODS.get(name), self)


def bound(name: str, method: Callable[..., Any] | None, value: Any) -> Function | None:
    """A method of a value as a function that expressions can call; None if there is none."""
    if method is None:
        return None

    def called(*arguments: Any) -> Any:
        try:
            return method(value, *arguments)
        except (TypeError, AttributeError):
            raise ExpressionError(f"reflect: Call with other arguments than {name} takes") from None

    return Function(name, called)


def parse_duration(text: str) -> Duration:
    """A duration such as 1h30m. Raises ExpressionError with Go's words for another text."""
    wrong = ExpressionError(f'time: invalid duration "{text}"')
    unsigned = text[1:] if text[:1] in {"+", "-"} else text
    if unsigned == "0":
        return Duration(0)
    total, at = 0, 0
    while at < len(unsigned):
        part = _PART.match(unsigned, at)
        if part is None or len(part[1]) > 20 or not (part[1] or (part[2] or ".") != "."):
            raise wrong
        total += _nanoseconds(part[1], part[2] or "", _UNITS[part[3]])
        if total > 1 << 63:
            raise wrong
        at = part.end()
    total = -total if text[:1] == "-" else total
    if not unsigned or total >= 1 << 63:
        raise wrong
    return Duration(total)


def _nanoseconds(whole: str, fraction: str, unit: int) -> int:
    digits = fraction[1:19]
    part = int(int(digits) * (unit / 10 ** len(digits))) if digits else 0
    return int(whole or "0") * unit + part


def duration_text(nanoseconds: int) -> str:
    """A duration as Go prints it: 1h30m0s, 1.5s, 2ms."""
    if not nanoseconds:
        return "0s"
    sign, rest = "-" if nanoseconds < 0 else "", abs(nanoseconds)
    if rest < SECOND:
        unit, size = next(
            (unit, size) for unit, size in (("ns", 1), ("µs", 1_000), ("ms", 1_000_000)) if rest < size * 1000
        )
        return f"{sign}{_decimal(rest, size)}{unit}"
    seconds, minutes = rest % (60 * SECOND), rest // (60 * SECOND)
    text = f"{_decimal(seconds, SECOND)}s"
    if minutes:
        text = f"{minutes % 60}m{text}"
    if minutes >= 60:
        text = f"{minutes // 60}h{text}"
    return sign + text


def _decimal(value: int, size: int) -> str:
    whole, fraction = divmod(value, size)
    digits = str(fraction).zfill(len(str(size)) - 1).rstrip("0") if fraction else ""
    return f"{whole}.{digits}" if digits else str(whole)


def rounded(value: int, unit: int) -> int:
    """A number of nanoseconds rounded to a unit, halves away from zero."""
    if unit <= 0:
        return value
    size = abs(value) % unit
    whole = abs(value) - size + (unit if size + size >= unit else 0)
    return whole if value >= 0 else -whole


def cut(value: int, unit: int) -> int:
    """A number of nanoseconds cut to a unit, towards zero."""
    if unit <= 0:
        return value
    return value - (abs(value) % unit) * (1 if value >= 0 else -1)


_DURATION_METHODS: Final[dict[str, Callable[..., Any]]] = {
    "Hours": lambda each: each.nanoseconds / (3600 * SECOND),
    "Minutes": lambda each: each.nanoseconds / (60 * SECOND),
    "Seconds": lambda each: each.nanoseconds / SECOND,
    "Milliseconds": lambda each: Int64(cut(each.nanoseconds, 1_000_000) // 1_000_000),
    "Microseconds": lambda each: Int64(cut(each.nanoseconds, 1_000) // 1_000),
    "Nanoseconds": lambda each: Int64(each.nanoseconds),
    "String": str,
    "Abs": lambda each: Duration(abs(each.nanoseconds)),
    "Round": lambda each, unit: Duration(wrapped(rounded(each.nanoseconds, unit.nanoseconds))),
    "Truncate": lambda each, unit: Duration(cut(each.nanoseconds, unit.nanoseconds)),
}
