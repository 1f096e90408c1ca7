"""Go's times, with those of their methods that expressions can call (package time)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from transpiler.engine.tags import layouts
from transpiler.engine.tags.calendar import Named, Weekday, civil, days_before
from transpiler.engine.tags.durations import SECOND, Duration, bound, cut, rounded
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.layout_reader import read as fields_of
from transpiler.engine.tags.layouts import Fields
from transpiler.engine.tags.values import Function, Int64, truncated, wrapped
from transpiler.engine.tags.zones import UTC_ZONE, Zone

RFC3339: Final = "2006-01-02T15:04:05Z07:00"


RFC3339_NANO: Final = "2006-01-02T15:04:05.999999999Z07:00"


_STRING: Final = "2006-01-02 15:04:05.999999999 -0700 MST"


_FIRST: Final = -9_223_372_028_741_760_000
"""The first second that Go can show, of the year -292277022399; an earlier one wraps to the far end (time.Time.abs)."""


class Time(Struct, frozen=True):
    """A point in time: nanoseconds from 1970 in UTC, and the zone it is shown in."""

    nanoseconds: int
    zone: Zone = UTC_ZONE
    type_name = "time.Time"

    def __str__(self) -> str:
        return self.printed(_STRING)

    def plus(self, duration: Duration) -> Time:
        """The time a duration later."""
        return Time(self.nanoseconds + duration.nanoseconds, self.zone)

    def since(self, earlier: Time) -> Duration:
        """The duration from an earlier time; what is longer than 292 years is cut."""
        limit = (1 << 63) - 1
        return Duration(max(-limit - 1, min(limit, self.nanoseconds - earlier.nanoseconds)))

    def fields(self) -> Fields:
        """Its parts in its zone."""
        seconds, nanosecond = divmod(self.nanoseconds, SECOND)
        seconds = (seconds - _FIRST) % (1 << 64) + _FIRST
        abbreviation, offset = self.zone.at(seconds)
        days, second = divmod(seconds + offset, 86_400)
        year, month, day = civil(days)
        return Fields(
            year, month, day, second // 3600, second // 60 % 60, second % 60, nanosecond,
            days - days_before(year, 1, 1) + 1, (days + 4) % 7, offset, abbreviation,
        )  # fmt: skip

    def printed(self, layout: str) -> str:
        """The time in a layout of Go."""
        return layouts.printed(layout, self.fields())

    def method(self, name: str) -> Function | None:
        """The method of a name, None where Go has none or it makes no sense here."""
        return bound(name, _TIME_METHODS.get(name), self)


ZERO: Final = Time(-62_135_596_800 * SECOND)


def parse_time(layout: str, text: str, where: Zone | None = None) -> Time:
    """A text in a layout of Go as a time, in UTC or a zone. Raises ExpressionError where it is none."""
    read = fields_of(layout, text)
    days = days_before(read.year, read.month, read.day)
    if read.year_day and not (read.has_day or read.has_month):
        days = days_before(read.year, 1, 1) + read.year_day - 1
    seconds = days * 86_400 + read.hour * 3600 + read.minute * 60 + read.second
    shown, shift = _read_zone(read, where, seconds)
    return Time((seconds - shift) * SECOND + read.nanosecond, shown)


def _read_zone(read: Fields, where: Zone | None, seconds: int) -> tuple[Zone, int]:
    """The zone that a text names, and its offset."""
    if read.is_utc:
        return UTC_ZONE, 0
    known = where or UTC_ZONE
    if read.offset is not None:
        abbreviation, offset = known.at(seconds - read.offset)
        if offset == read.offset and read.abbreviation in {"", abbreviation}:
            return known, offset
        return Zone(read.abbreviation, read.offset), read.offset
    if read.abbreviation:
        return _abbreviated(read.abbreviation, known, seconds)
    return known, _local_offset(known, seconds)


def _abbreviated(name: str, known: Zone, seconds: int) -> tuple[Zone, int]:
    abbreviation, offset = known.at(seconds - known.at(seconds)[1])
    if abbreviation == name:
        return known, offset
    hours = int(name[3:]) if name.startswith("GMT") and len(name) > 3 else 0
    return Zone(name, hours * 3600), hours * 3600


def _local_offset(known: Zone, seconds: int) -> int:
    """The offset of a clock time in a zone, as Go guesses it where clocks are changed."""
    offset = known.at(seconds)[1]
    if offset:
        for guess in (seconds - offset,):
            offset = known.at(guess)[1]
    return offset


def _shifted(time: Time, years: int, months: int, days: int) -> Time:
    """Go's AddDate: what leaves a month goes on in the next."""
    read = time.fields()
    extra, month = divmod(read.month - 1 + months, 12)
    if not abs(read.year + years + extra) < 1_000_000 or abs(days) > 10**9:
        raise ExpressionError("the year is too far away")
    seconds = (days_before(read.year + years + extra, month + 1, 1) + read.day - 1 + days) * 86_400
    seconds += read.hour * 3600 + read.minute * 60 + read.second
    return Time((seconds - _local_offset(time.zone, seconds)) * SECOND + read.nanosecond, time.zone)


def _since_zero(time: Time) -> int:
    return time.nanoseconds - ZERO.nanoseconds


_TIME_METHODS: Final[dict[str, Callable[..., Any]]] = {
    "Format": lambda time, layout: time.printed(layout),
    "String": str,
    "Unix": lambda time: Int64(time.nanoseconds // SECOND),
    "UnixMilli": lambda time: Int64(time.nanoseconds // 1_000_000),
    "UnixMicro": lambda time: Int64(time.nanoseconds // 1_000),
    "UnixNano": lambda time: Int64(wrapped(time.nanoseconds)),
    "Year": lambda time: time.fields().year,
    "Month": lambda time: Named(time.fields().month),
    "Day": lambda time: time.fields().day,
    "Hour": lambda time: time.fields().hour,
    "Minute": lambda time: time.fields().minute,
    "Second": lambda time: time.fields().second,
    "Nanosecond": lambda time: time.fields().nanosecond,
    "YearDay": lambda time: time.fields().year_day,
    "Weekday": lambda time: Weekday(time.fields().weekday),
    "UTC": lambda time: Time(time.nanoseconds),
    "Local": lambda time: Time(time.nanoseconds),
    "In": lambda time, where: Time(time.nanoseconds, where),
    "Add": lambda time, duration: time.plus(duration),
    "Sub": lambda time, other: time.since(other),
    "AddDate": _shifted,
    "Before": lambda time, other: time.nanoseconds < other.nanoseconds,
    "After": lambda time, other: time.nanoseconds > other.nanoseconds,
    "Equal": lambda time, other: time.nanoseconds == other.nanoseconds,
    "IsZero": lambda time: time.nanoseconds == ZERO.nanoseconds,
    "Truncate": lambda time, unit: Time(ZERO.nanoseconds + cut(_since_zero(time), unit.nanoseconds), time.zone),
    "Round": lambda time, unit: Time(ZERO.nanoseconds + rounded(_since_zero(time), unit.nanoseconds), time.zone),
}


def seconds_of(value: Any) -> Time:
    """Seconds from the epoch as a time."""
    return Time(truncated(value) * SECOND)
