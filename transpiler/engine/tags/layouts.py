"""Go's layouts of times: the pieces of one, a time printed with it, and a text read with it (package time)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from transpiler.patterns import regex

MONTHS: Final = "January February March April May June July August September October November December".split()


DAYS: Final = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()


_CHUNK: Final = regex(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|2006|__2|_2(?!006)|[1-5]|PM|pm"
    r"|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,]0+(?!\d)|[.,]9+(?!\d)"
)


OFFSET: Final = {
    "07": r"([+-])(\d\d)",
    "0700": r"([+-])(\d\d)(\d\d)",
    "07:00": r"([+-])(\d\d):(\d\d)",
    "070000": r"([+-])(\d\d)(\d\d)(\d\d)",
    "07:00:00": r"([+-])(\d\d):(\d\d):(\d\d)",
}


WIDTHS: Final = {"01": "month", "02": "day", "03": "hour12", "04": "minute", "05": "second", "15": "hour"}


SHORT: Final = {"1": "month", "2": "day", "_2": "day", "3": "hour12", "4": "minute", "5": "second"}


class Fields(Struct):
    """The parts of a time in a zone. `hour12` and `is_pm` are only read; `offset` is in seconds."""

    year: int = 0
    month: int = 1
    day: int = 1
    hour: int = 0
    minute: int = 0
    second: int = 0
    nanosecond: int = 0
    year_day: int = 0
    weekday: int = 0
    offset: int | None = None
    abbreviation: str = ""
    hour12: int = -1
    is_pm: bool = False
    is_am: bool = False
    is_utc: bool = False
    has_day: bool = False
    has_month: bool = False


def pieces(layout: str) -> list[tuple[str, bool]]:
    """A layout as texts to copy (False) and chunks that stand for parts (True), in order."""
    found: list[tuple[str, bool]] = []
    at = 0
    for chunk in _CHUNK.finditer(layout):
        if chunk.start() > at:
            found.append((layout[at : chunk.start()], False))
        found.append((chunk.group(), True))
        at = chunk.end()
    if at < len(layout):
        found.append((layout[at:], False))
    return found


def printed(layout: str, time: Fields) -> str:
    """A time in a layout."""
    return "".join(_printed(text, time) if is_chunk else text for text, is_chunk in pieces(layout))


def _printed(chunk: str, time: Fields) -> str:
    if chunk[0] in "-Z" and chunk[1:] in OFFSET:
        return _printed_offset(chunk, time.offset or 0)
    if chunk[0] in ".,":
        digits = f"{time.nanosecond:09d}"[: len(chunk) - 1]
        if chunk[1] == "0":
            return chunk[0] + digits.ljust(len(chunk) - 1, "0")
        shown = f"{time.nanosecond:09d}"[: len(chunk) - 1].rstrip("0")
        return chunk[0] + shown if shown else ""
    return _NAMED[chunk](time)


def _printed_offset(chunk: str, offset: int) -> str:
    if chunk[0] == "Z" and not offset:
        return "Z"
    sign, seconds = "-" if offset < 0 else "+", abs(offset)
    parts = [f"{seconds // 3600:02d}", f"{seconds // 60 % 60:02d}", f"{seconds % 60:02d}"]
    shape = chunk[1:]
    return sign + (":" if ":" in shape else "").join(parts[: len(shape.replace(":", "")) // 2])


def zone_text(time: Fields) -> str:
    """The abbreviation of a zone, its offset where it has none."""
    if time.abbreviation:
        return time.abbreviation
    offset = time.offset or 0
    return f"{'-' if offset < 0 else '+'}{abs(offset) // 3600:02d}{abs(offset) // 60 % 60:02d}"


def _year(time: Fields) -> str:
    return f"-{-time.year:04d}" if time.year < 0 else f"{time.year:04d}"


_NAMED: Final[dict[str, Callable[[Fields], str]]] = {
    "January": lambda time: MONTHS[time.month - 1],
    "Jan": lambda time: MONTHS[time.month - 1][:3],
    "Monday": lambda time: DAYS[time.weekday],
    "Mon": lambda time: DAYS[time.weekday][:3],
    "MST": zone_text,
    "002": lambda time: f"{time.year_day:03d}",
    "__2": lambda time: f"{time.year_day:3d}",
    "_2": lambda time: f"{time.day:2d}",
    "2006": _year,
    "06": lambda time: f"{abs(time.year) % 100:02d}",
    "01": lambda time: f"{time.month:02d}",
    "02": lambda time: f"{time.day:02d}",
    "03": lambda time: f"{time.hour % 12 or 12:02d}",
    "04": lambda time: f"{time.minute:02d}",
    "05": lambda time: f"{time.second:02d}",
    "15": lambda time: f"{time.hour:02d}",
    "1": lambda time: str(time.month),
    "2": lambda time: str(time.day),
    "3": lambda time: str(time.hour % 12 or 12),
    "4": lambda time: str(time.minute),
    "5": lambda time: str(time.second),
    "PM": lambda time: "PM" if time.hour >= 12 else "AM",
    "pm": lambda time: "pm" if time.hour >= 12 else "am",
}


def is_leap(year: int) -> bool:
    """True for years of 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(month: int, year: int) -> int:
    """The number of days of a month."""
    if month == 2 and is_leap(year):
        return 29
    return (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
