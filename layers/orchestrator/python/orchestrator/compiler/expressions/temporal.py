"""Temporal values of FEEL as whole numbers, and the calendar (proleptic Gregorian, ISO 8601).

In JSON, and so in process variables, a temporal value is its ISO 8601 text. A text becomes a temporal value only
where the expression says so: `date(x)`, `time(x)`, `date and time(x)`, `duration(x)`, `@"..."`. A result that is a
temporal value becomes text again. So `"2024-05-01" < date(due)` compares a string with a date and is null.
Resolution is the millisecond; named zones (`@Europe/Paris`) are refused in literals and null at run time, since
JSONata knows no time zone rules.
"""

# ruff: noqa: PLR2004 -- the numbers are the calendar's

from dataclasses import dataclass
from enum import StrEnum

MILLIS_PER_DAY = 86_400_000
_DAYS_TO_EPOCH = 719_468  # from 0000-03-01 to 1970-01-01
_DAYS_PER_ERA = 146_097  # 400 years


class TemporalKind(StrEnum):
    """The five kinds; the values are the tags used in emitted JSONata."""

    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    MONTHS = "years and months duration"
    DURATION = "days and time duration"


@dataclass(frozen=True, slots=True)
class Temporal:
    """One temporal value.

    `count` is days since 1970-01-01 (date), milliseconds since midnight (time), local milliseconds since
    1970-01-01T00:00:00 (date and time), months, or milliseconds (durations). `offset` is the distance to UTC in
    minutes of a time or date and time; None: local.
    """

    kind: TemporalKind
    count: int
    offset: int | None = None


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date; the day may lie outside of the month."""
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return (
        era * _DAYS_PER_ERA + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _DAYS_TO_EPOCH
    )


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a count of days since 1970-01-01."""
    era, day_of_era = divmod(days + _DAYS_TO_EPOCH, _DAYS_PER_ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    index = (5 * day_of_year + 2) // 153
    month = index + (3 if index < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * index + 2) // 5 + 1


def days_in_month(year: int, month: int) -> int:
    """Number of days of a month."""
    return days_from_civil(year + month // 12, month % 12 + 1, 1) - days_from_civil(year, month, 1)


def is_date(year: int, month: int, day: int) -> bool:
    """Tell whether the calendar has this day."""
    return 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


def add_months(days: int, months: int) -> int:
    """Move a date by months; a day that the month lacks becomes its last (XML Schema Part 2, appendix E)."""
    year, month, day = civil_from_days(days)
    carry, index = divmod(year * 12 + month - 1 + months, 12)
    return days_from_civil(carry, index + 1, min(day, days_in_month(carry, index + 1)))


def weekday(days: int) -> int:
    """ISO day of the week, Monday is 1."""
    return (days + 3) % 7 + 1


def week_of_year(days: int) -> int:
    """ISO week number: the week that holds the Thursday."""
    thursday = days - weekday(days) + 4
    year, _, _ = civil_from_days(thursday)
    return (thursday - days_from_civil(year, 1, 1)) // 7 + 1


def instant(value: Temporal) -> int:
    """A number that orders values of one kind: zoned ones by UTC, local ones by themselves."""
    return value.count - (value.offset or 0) * 60_000
