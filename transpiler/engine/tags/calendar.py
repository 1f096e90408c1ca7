"""Dates of the Gregorian calendar, and the names of months and days as Go prints them."""

from __future__ import annotations

from transpiler.engine.tags import layouts


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
