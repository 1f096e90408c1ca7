"""Go's layouts of times: the pieces of one, a time printed with it, and a text read with it (package time)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError
from transpiler.patterns import regex

MONTHS: Final = "January February March April May June July August September October November December".split()
DAYS: Final = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
_CHUNK: Final = regex(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|2006|__2|_2(?!006)|[1-5]|PM|pm"
    r"|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,]0+(?!\d)|[.,]9+(?!\d)"
)
_OFFSET: Final = {
    "07": r"([+-])(\d\d)",
    "0700": r"([+-])(\d\d)(\d\d)",
    "07:00": r"([+-])(\d\d):(\d\d)",
    "070000": r"([+-])(\d\d)(\d\d)(\d\d)",
    "07:00:00": r"([+-])(\d\d):(\d\d):(\d\d)",
}
_WIDTHS: Final = {"01": "month", "02": "day", "03": "hour12", "04": "minute", "05": "second", "15": "hour"}
_SHORT: Final = {"1": "month", "2": "day", "_2": "day", "3": "hour12", "4": "minute", "5": "second"}
_LIMITS: Final = {
    "month": (1, 12, "month"),
    "hour": (0, 23, "hour"),
    "hour12": (0, 12, "hour"),
    "minute": (0, 59, "minute"),
    "second": (0, 59, "second"),
}
_ABBREVIATION: Final = regex(r"ChST|MeST|GMT(?:[+-]\d{1,2})?|[+-]\d{2}(?:\d{2})?|[A-Z]{3,5}(?![A-Z])")


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
    if chunk[0] in "-Z" and chunk[1:] in _OFFSET:
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


def read(layout: str, text: str) -> Fields:
    """The parts of a text in a layout. Raises ExpressionError, as Go refuses it, where the text is another one."""
    reader = _Reader(layout, text)
    parts = pieces(layout)
    for index, (piece, is_chunk) in enumerate(parts):
        if is_chunk:
            has_fraction = index + 1 < len(parts) and parts[index + 1][1] and parts[index + 1][0][0] in ".,"
            reader.chunk(piece, has_fraction=has_fraction)
        else:
            reader.literal(piece)
    return reader.ended()


class _Reader:
    """A text that is being read: what is left of it, and the parts so far."""

    def __init__(self, layout: str, text: str) -> None:
        self.layout, self.text, self.rest = layout, text, text
        self.time = Fields()

    def wrong(self, message: str = "") -> ExpressionError:
        shown = f": {message}" if message else f" as {self.layout!r}: cannot parse {self.rest!r}"
        return ExpressionError(f"parsing time {self.text!r}{shown}".replace("'", '"'))

    def literal(self, piece: str) -> None:
        """Step over a text that is copied; a space stands for any number of them."""
        while piece:
            if piece[0] == " ":
                if self.rest and self.rest[0] != " ":
                    raise self.wrong()
                piece, self.rest = piece.lstrip(" "), self.rest.lstrip(" ")
            elif not self.rest or self.rest[0] != piece[0]:
                raise self.wrong()
            else:
                piece, self.rest = piece[1:], self.rest[1:]

    def matched(self, pattern: str) -> re.Match[str]:
        found = re.match(pattern, self.rest)
        if found is None:
            raise self.wrong()
        self.rest = self.rest[found.end() :]
        return found

    def chunk(self, piece: str, *, has_fraction: bool) -> None:
        """Read one part."""
        if piece[0] in "-Z" and piece[1:] in _OFFSET:
            self.offset(piece)
        elif piece[0] in ".,":
            self.fraction(piece)
        elif piece in _WIDTHS or piece in _SHORT:
            self.number(piece)
            if piece in {"05", "5"} and not has_fraction:
                self.unasked_fraction()
        else:
            self.named(piece)

    def number(self, piece: str) -> None:
        name = _WIDTHS.get(piece) or _SHORT[piece]
        if piece == "_2":
            self.rest = self.rest.removeprefix(" ")
        fixed = piece in {"01", "02", "03", "04", "05"} and name != "day"
        found = self.matched(r"[0-9]{2}" if fixed and len(piece) == 2 else r"[0-9]{1,2}")
        if name == "hour" and len(found.group()) < 2:
            pass  # Go takes `9` for `15`
        self.set(name, int(found.group()))

    def set(self, name: str, value: int) -> None:
        if name in _LIMITS and not _LIMITS[name][0] <= value <= _LIMITS[name][1]:
            raise self.wrong(f"{_LIMITS[name][2]} out of range")
        self.time.has_day |= name == "day"
        self.time.has_month |= name == "month"
        setattr(self.time, name, value)

    def named(self, piece: str) -> None:
        if piece in {"January", "Jan"}:
            self.set("month", 1 + self.one_of([each if piece == "January" else each[:3] for each in MONTHS]))
        elif piece in {"Monday", "Mon"}:
            self.one_of([each if piece == "Monday" else each[:3] for each in DAYS])
        elif piece == "2006":
            self.time.year = int(self.matched(r"[0-9]{4}").group())
        elif piece == "06":
            year = int(self.matched(r"[0-9]{2}").group())
            self.time.year = year + (1900 if year >= 69 else 2000)
        elif piece in {"002", "__2"}:
            self.time.year_day = int(self.matched(r"[0-9]{3}" if piece == "002" else r"[ 0-9]{3}").group())
        elif piece in {"PM", "pm"}:
            found = self.matched(r"[AP]M" if piece == "PM" else r"[ap]m").group().upper()
            self.time.is_pm, self.time.is_am = found == "PM", found == "AM"
        else:
            self.zone()

    def one_of(self, names: list[str]) -> int:
        for index, name in enumerate(names):
            if self.rest[: len(name)].lower() == name.lower():
                self.rest = self.rest[len(name) :]
                return index
        raise self.wrong()

    def zone(self) -> None:
        if self.rest.startswith("UTC"):
            self.rest = self.rest[3:]
            self.time.is_utc = True
            return
        found = _ABBREVIATION.match(self.rest)
        if found is None:
            raise self.wrong()
        self.rest = self.rest[found.end() :]
        self.time.abbreviation = found.group()

    def offset(self, piece: str) -> None:
        if piece[0] == "Z" and self.rest.startswith("Z"):
            self.rest = self.rest[1:]
            self.time.is_utc = True
            return
        sign, hours, *others = self.matched(_OFFSET[piece[1:]]).groups()
        minutes, seconds = (int(each) for each in (*others, "0", "0")[:2])
        if int(hours) > 24:
            raise self.wrong("time zone offset hour out of range")
        if minutes > 60 or seconds > 60:
            raise self.wrong("time zone offset minute out of range")
        self.time.offset = (int(hours) * 3600 + minutes * 60 + seconds) * (-1 if sign == "-" else 1)

    def fraction(self, piece: str) -> None:
        if piece[1] == "9" and not re.match(r"[.,][0-9]", self.rest):
            return
        width = "{1,9}[0-9]*" if piece[1] == "9" else f"{{{len(piece) - 1}}}"
        found = self.matched(rf"[.,]([0-9]{width})")
        self.time.nanosecond = int(found[1][:9].ljust(9, "0"))

    def unasked_fraction(self) -> None:
        """Go takes a fraction behind the seconds although the layout has none."""
        if re.match(r"[.,][0-9]", self.rest):
            self.time.nanosecond = int(self.matched(r"[.,]([0-9]+)")[1][:9].ljust(9, "0"))

    def ended(self) -> Fields:
        """The parts, when they make a time. Sets the hour of a clock of twelve hours."""
        time = self.time
        if self.rest:
            raise self.wrong(f"extra text: {self.rest!r}")
        if time.hour12 >= 0:
            time.hour = time.hour12
        if time.is_pm and time.hour < 12:
            time.hour += 12
        elif time.is_am and time.hour == 12:
            time.hour = 0
        if not 1 <= time.day <= days_in(time.month, time.year):
            raise self.wrong("day out of range")
        return time


def is_leap(year: int) -> bool:
    """True for years of 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(month: int, year: int) -> int:
    """The number of days of a month."""
    if month == 2 and is_leap(year):
        return 29
    return (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
