"""Cron schedules as Argo reads them (robfig/cron's standard parser): five fields, or a descriptor."""

from __future__ import annotations

import re
from typing import Final

_FIELDS: Final = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day", 0, 6))
_NAMES: Final = {
    "month": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    "day": ("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
}
_MAX_DIGITS: Final = 10
"""More than any number in a schedule has, and fewer than Python reads."""


def schedule_fault(schedule: str) -> str:
    """The fault of a schedule; empty for a valid one. Expects a text that fits the schema."""
    if schedule.startswith("@"):
        return "the duration follows after one space" if re.match(r"@every(?! \S)", schedule) else ""
    for (what, least, most), text in zip(_FIELDS, schedule.split(), strict=False):
        for part in text.split(","):
            fault = _part_fault(part, what, least, most)
            if fault:
                return fault
    return ""


def _part_fault(part: str, what: str, least: int, most: int) -> str:
    found = re.fullmatch(r"(?:[*?]|(\w+)(?:-(\w+))?)(?:/(\d+))?", part)
    if found is None:
        return f"`{part}` is not a valid {what}"
    ends = [_number(end, what, least) for end in found.groups()[:2] if end is not None]
    if any(end is None or not least <= end <= most for end in ends):
        return f"`{part}` is not a valid {what}, which is {least} to {most}"
    if len(ends) == 2 and (ends[0] or 0) > (ends[1] or 0):
        return f"`{part}` ends before it starts"
    return f"`{part}` has a step of 0" if found[3] is not None and not found[3].strip("0") else ""


def _number(text: str, what: str, least: int) -> int | None:
    if text.isdecimal():
        return int(text) if len(text) < _MAX_DIGITS else None
    names = _NAMES.get(what, ())
    return names.index(text.lower()) + least if text.lower() in names else None
