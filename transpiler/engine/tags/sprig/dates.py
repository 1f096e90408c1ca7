"""Sprig's functions of times (date.go). The controller's own zone is UTC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags.durations import SECOND, duration_text, parse_duration, rounded
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.times import ZERO, Time, parse_time, seconds_of
from transpiler.engine.tags.values import Int64, read_int, wrapped
from transpiler.engine.tags.zones import UTC_ZONE, zone

_HOUR: Final = 3600 * SECOND
_SIZES: Final = (
    ("y", 8760 * _HOUR),
    ("mo", 720 * _HOUR),
    ("d", 24 * _HOUR),
    ("h", _HOUR),
    ("m", 60 * SECOND),
    ("s", SECOND),
)


def _time_of(run: Run, value: Any) -> Time:
    """A time, or seconds from the epoch; the time now for anything else."""
    if isinstance(value, Time):
        return value
    if type(value) in {int, Int64}:
        return seconds_of(value)
    return run.time()


def _date_in_zone(run: Run, layout: str, value: Any, name: str) -> str:
    try:
        where = zone(name)
    except ExpressionError:
        where = UTC_ZONE
    return Time(_time_of(run, value).nanoseconds, where).printed(layout)


def _modified(text: str, time: Time) -> Time:
    try:
        return time.plus(parse_duration(text))
    except ExpressionError:
        return time


def _ago(run: Run, value: Any) -> str:
    return duration_text(rounded(run.time().since(_time_of(run, value)).nanoseconds, SECOND))


def _duration(value: Any) -> str:
    seconds = 0
    if isinstance(value, str):
        try:
            seconds = read_int(value)
        except OverflowError:
            seconds = -(1 << 63) if value[0] == "-" else (1 << 63) - 1
        except ValueError:
            seconds = 0
    elif isinstance(value, Int64):
        seconds = value
    return duration_text(wrapped(seconds * SECOND))


def _rounded_duration(run: Run, value: Any) -> str:
    nanoseconds = 0
    if isinstance(value, str):
        try:
            nanoseconds = parse_duration(value).nanoseconds
        except ExpressionError:
            nanoseconds = 0
    elif isinstance(value, Int64):
        nanoseconds = value
    elif isinstance(value, Time):
        nanoseconds = run.time().since(value).nanoseconds
    size = abs(nanoseconds)
    return next((f"{size // unit}{name}" for name, unit in _SIZES if size > unit), "0s")


def _to_date(layout: str, text: str) -> Time:
    try:
        return parse_time(layout, text)
    except ExpressionError:
        return ZERO


DATES: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    **dict.fromkeys(("date_modify", "dateModify"), ("st", _modified)),
    **dict.fromkeys(("must_date_modify", "mustDateModify"), ("st", lambda text, time: time.plus(parse_duration(text)))),
    "duration": ("a", _duration),
    "toDate": ("ss", _to_date),
    "mustToDate": ("ss", parse_time),
    "unixEpoch": ("t", lambda time: str(time.nanoseconds // SECOND)),
}
"""Name → the types of the arguments (see `typed`), and what it does."""

DATES_NOW: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "now": ("", lambda run: run.time()),
    "ago": ("a", _ago),
    "date": ("sa", lambda run, layout, value: _date_in_zone(run, layout, value, "Local")),
    **dict.fromkeys(("date_in_zone", "dateInZone"), ("sas", _date_in_zone)),
    "htmlDate": ("a", lambda run, value: _date_in_zone(run, "2006-01-02", value, "Local")),
    "htmlDateInZone": ("as", lambda run, value, name: _date_in_zone(run, "2006-01-02", value, name)),
    "durationRound": ("a", _rounded_duration),
}
"""Functions that may ask for the time now: the run comes before their arguments."""
