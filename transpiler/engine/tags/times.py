"""Go's times, durations and time zones, with those of their methods that expressions can call (package time)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from transpiler.engine.tags import layouts
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.layouts import Fields
from transpiler.engine.tags.values import Function, Int64, truncated, wrapped
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
RFC3339: Final = "2006-01-02T15:04:05Z07:00"
RFC3339_NANO: Final = "2006-01-02T15:04:05.999999999Z07:00"
_STRING: Final = "2006-01-02 15:04:05.999999999 -0700 MST"
_FIRST: Final = -9_223_372_028_741_760_000
"""The first second that Go can show, of the year -292277022399; an earlier one wraps to the far end (time.Time.abs)."""


class Named(int):
    """A month or a day of the week: an integer that prints as its name."""

    type_name = "time.Month"

    def __str__(self) -> str:
        return layouts.MONTHS[self - 1]


class Weekday(Named):
    """A day of the week; 0 is Sunday."""

    type_name = "time.Weekday"

    def __str__(self) -> str:
        return layouts.DAYS[self]


class Duration(Struct, frozen=True):
    """A span of time."""

    nanoseconds: int
    type_name = "time.Duration"

    def __str__(self) -> str:
        return duration_text(self.nanoseconds)

    def method(self, name: str) -> Function | None:
        """The method of a name, None where Go has none or it makes no sense here."""
        return _bound(name, _DURATION_METHODS.get(name), self)


class Zone(Struct, frozen=True):
    """A time zone: one of the database by its name, or a fixed offset in seconds."""

    name: str
    offset: int | None = None
    type_name = "*time.Location"

    def at(self, seconds: int) -> tuple[str, int]:
        """The abbreviation and the offset in seconds that hold at a time, in seconds from the epoch."""
        if self.offset is not None:
            return self.name, self.offset
        limited = min(max(seconds, -62_135_510_400), 253_402_214_400)
        moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=limited)).astimezone(_zone_info(self.name))
        offset = moment.utcoffset()
        return moment.tzname() or "", int(offset.total_seconds()) if offset is not None else 0


UTC_ZONE: Final = Zone("UTC", 0)


@lru_cache(maxsize=256)
def _zone_info(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone(name: str) -> Zone:
    """The zone of a name. Raises ExpressionError for one that Go's database lacks. The controller's own is UTC."""
    if name in {"", "UTC", "Local"}:
        return UTC_ZONE
    try:
        if ".." in name or name[:1] in {"/", "\\"} or "\\" in name:
            raise ExpressionError("time: invalid location name")
        _zone_info(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ExpressionError(f"unknown time zone {name}") from None
    return Zone(name)


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
        return _bound(name, _TIME_METHODS.get(name), self)


ZERO: Final = Time(-62_135_596_800 * SECOND)


def _bound(name: str, method: Callable[..., Any] | None, value: Any) -> Function | None:
    if method is None:
        return None

    def called(*arguments: Any) -> Any:
        try:
            return method(value, *arguments)
        except (TypeError, AttributeError):
            raise ExpressionError(f"reflect: Call with other arguments than {name} takes") from None

    return Function(name, called)


def days_before(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date of the Gregorian calendar."""
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def civil(days: int) -> tuple[int, int, int]:
    """The date that many days from 1970-01-01."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def parse_time(layout: str, text: str, where: Zone | None = None) -> Time:
    """A text in a layout of Go as a time, in UTC or a zone. Raises ExpressionError where it is none."""
    read = layouts.read(layout, text)
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
