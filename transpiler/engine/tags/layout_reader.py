"""Texts in a layout of Go → the fields of a time."""

from __future__ import annotations

import re
from typing import Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.layouts import DAYS, MONTHS, OFFSET, SHORT, WIDTHS, Fields, days_in, pieces
from transpiler.patterns import regex

_LIMITS: Final = {
    "month": (1, 12, "month"),
    "hour": (0, 23, "hour"),
    "hour12": (0, 12, "hour"),
    "minute": (0, 59, "minute"),
    "second": (0, 59, "second"),
}


_ABBREVIATION: Final = regex(r"ChST|MeST|GMT(?:[+-]\d{1,2})?|[+-]\d{2}(?:\d{2})?|[A-Z]{3,5}(?![A-Z])")


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
        if piece[0] in "-Z" and piece[1:] in OFFSET:
            self.offset(piece)
        elif piece[0] in ".,":
            self.fraction(piece)
        elif piece in WIDTHS or piece in SHORT:
            self.number(piece)
            if piece in {"05", "5"} and not has_fraction:
                self.unasked_fraction()
        else:
            self.named(piece)

    def number(self, piece: str) -> None:
        name = WIDTHS.get(piece) or SHORT[piece]
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
        sign, hours, *others = self.matched(OFFSET[piece[1:]]).groups()
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
