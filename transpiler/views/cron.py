"""A cron schedule in words: `0 3 * * 1` is `at 03:00 on Monday`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from transpiler.argo.schedules import schedule_fault
from transpiler.patterns import regex

_DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DESCRIBED: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_PART: Final = regex(r"(?:([*?])|(\w+)(?:-(\w+))?)(?:/(\d+))?")
_MOST: Final = 6
"""Times, days or months that are listed."""


class _Field(Struct, frozen=True):
    """The values that a field allows, and how they are written."""

    values: tuple[int, ...]
    is_any: bool
    step: int = 0
    """The n of a field that is `*/n`; 0 for another."""
    is_range: bool = False


def in_words(cron: str) -> str:
    """A schedule in words; empty for one that words would not make clearer, and for one with a fault."""
    if cron.startswith("@every "):
        return f"every {cron.removeprefix('@every ').strip()}"
    fields = _DESCRIBED.get(cron, cron).split()
    if len(fields) != 5 or schedule_fault(cron):
        return ""
    minute, hour, day, month, weekday = (
        _field(text, *ends) for text, ends in zip(fields, ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6)), strict=True)
    )
    time, days, months = _time(minute, hour), _days(day, weekday), _months(month)
    if not time or days is None or months is None:
        return ""
    if not days and time.startswith("at "):
        days = "every day"
    return " ".join(filter(None, [time, days, months]))


def _field(text: str, least: int, most: int) -> _Field:
    values: set[int] = set()
    parts = [found.groups() for part in text.split(",") if (found := _PART.fullmatch(part))]
    for anything, first, last, step in parts:
        start = least if anything else _number(first)
        end = most if anything or (step and not last) else _number(last or first)
        values.update(range(start, end + 1, int(step or 1)))
    anything, _, last, step = parts[0]
    is_one = len(parts) == 1
    return _Field(
        tuple(sorted(values)),
        is_any=any(each[0] and int(each[3] or 1) == 1 for each in parts),
        step=int(step) if is_one and anything and step and int(step) > 1 else 0,
        is_range=is_one and bool(last) and not step,
    )


def _number(text: str) -> int:
    """A number, or the name of a day or month."""
    if text.isdecimal():
        return int(text)
    names = [[each[:3].lower() for each in known] for known in (_DAYS, _MONTHS)]
    lower = text.lower()
    return names[0].index(lower) if lower in names[0] else names[1].index(lower) + 1


def _time(minute: _Field, hour: _Field) -> str:
    if len(minute.values) == 1:
        return _at_one_minute(minute.values[0], hour)
    if not (minute.is_any or minute.step):
        times = [f"{at:02}:{past:02}" for at in hour.values for past in minute.values]
        return f"at {_listed(times)}" if not hour.is_any and len(times) <= _MOST else ""
    often = "every minute" if minute.is_any else f"every {minute.step} minutes"
    if minute.step and 60 % minute.step:
        return ""
    if hour.is_any:
        return often
    if hour.is_range or len(hour.values) == 1:
        return f"{often} from {hour.values[0]:02}:00 to {hour.values[-1]:02}:{minute.values[-1]:02}"
    return ""


def _at_one_minute(minute: int, hour: _Field) -> str:
    if hour.is_any:
        return f"every hour at minute {minute}" if minute else "every hour"
    if hour.step and 24 % hour.step == 0:
        return f"every {hour.step} hours" + (f" at minute {minute}" if minute else "")
    if hour.is_range:
        return f"every hour from {hour.values[0]:02}:{minute:02} to {hour.values[-1]:02}:{minute:02}"
    return f"at {_listed([f'{at:02}:{minute:02}' for at in hour.values])}" if len(hour.values) <= _MOST else ""


def _days(day: _Field, weekday: _Field) -> str | None:
    """The days; empty for all of them. A day of either field counts where both are limited."""
    found = []
    if not day.is_any:
        if len(day.values) > _MOST and not day.is_range:
            return None
        several = len(day.values) > 1
        numbers = (
            f"{day.values[0]} to {day.values[-1]}" if day.is_range else _listed([str(each) for each in day.values])
        )
        found.append(f"on day{'s' if several else ''} {numbers} of the month")
    if not weekday.is_any:
        found.append(f"{'on' if not weekday.is_range else 'from'} {_named(weekday, _DAYS, 0)}")
    return " and ".join(found)


def _months(month: _Field) -> str | None:
    return "" if month.is_any else f"{'in' if not month.is_range else 'from'} {_named(month, _MONTHS, 1)}"


def _named(field: _Field, names: Sequence[str], least: int) -> str:
    called = [names[each - least] for each in field.values]
    return f"{called[0]} to {called[-1]}" if field.is_range else _listed(called)


def _listed(texts: Sequence[str]) -> str:
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else texts[0]
