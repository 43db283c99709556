"""Temporal functions (DMN 1.5, 10.3.4.1, 10.3.4.7 and 10.3.4.8), and the properties of temporal values (10.3.2.3.7)."""

# ruff: noqa: PLR2004 -- the numbers are the calendar's and the clock's

import math
from collections.abc import Callable

from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.evaluation.values import Value, is_integer, is_length, is_number
from orchestrator.compiler.expressions.temporal import (
    MILLIS_PER_DAY,
    Temporal,
    TemporalKind,
    civil_from_days,
    days_from_civil,
    days_in_month,
    is_date,
    week_of_year,
    weekday,
)
from orchestrator.compiler.expressions.temporal_text import parse_date, parse_date_time, parse_duration, parse_time

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)


def day_of(value: Value) -> int | None:
    """Days since 1970-01-01 of a date or date and time."""
    match value:
        case Temporal(TemporalKind.DATE, count):
            return count
        case Temporal(TemporalKind.DATE_TIME, count):
            return count // MILLIS_PER_DAY
        case _:
            return None


def now(millis: int) -> Temporal:
    """The clock as date and time in UTC."""
    return Temporal(TemporalKind.DATE_TIME, millis, 0)


def today(millis: int) -> Temporal:
    """The clock as date in UTC."""
    return Temporal(TemporalKind.DATE, millis // MILLIS_PER_DAY)


def properties(value: Temporal) -> dict[str, Value]:
    """Return the properties that FEEL reads by `.name`."""
    match value.kind:
        case TemporalKind.MONTHS:
            years = math.trunc(value.count / 12)
            return {"years": years, "months": value.count - years * 12}
        case TemporalKind.DURATION:
            return _length_properties(value.count)
        case _:
            day = day_of(value)
            found = {} if day is None else _date_properties(day)
            return found | ({} if value.kind is TemporalKind.DATE else _time_properties(value))


def _length_properties(count: int) -> dict[str, Value]:
    sign, millis = (-1 if count < 0 else 1), abs(count)
    return {
        "days": sign * (millis // MILLIS_PER_DAY),
        "hours": sign * (millis // 3_600_000 % 24),
        "minutes": sign * (millis // 60_000 % 60),
        "seconds": sign * (millis % 60_000) / 1000,
    }


def _date_properties(days: int) -> dict[str, Value]:
    year, month, day = civil_from_days(days)
    return {"year": year, "month": month, "day": day, "weekday": weekday(days)}


def _time_properties(value: Temporal) -> dict[str, Value]:
    millis = value.count % MILLIS_PER_DAY
    offset = None if value.offset is None else Temporal(TemporalKind.DURATION, value.offset * 60_000)
    return {
        "hour": millis // 3_600_000,
        "minute": millis // 60_000 % 60,
        "second": millis % 60_000 / 1000,
        "time offset": offset,
        "timezone": None,
    }


def _date(value: Value, month: Value = None, day: Value = None) -> Value:
    if month is not None or day is not None:
        return _date_from(value, month, day)
    if isinstance(value, str):
        return parse_date(value)
    days = day_of(value)
    return None if days is None else Temporal(TemporalKind.DATE, days)


def _date_from(year: Value, month: Value, day: Value) -> Value:
    if not (is_integer(year) and is_integer(month) and is_integer(day)) or abs(year) >= 1e9:
        return None
    if not is_date(int(year), int(month), int(day)):
        return None
    return Temporal(TemporalKind.DATE, days_from_civil(int(year), int(month), int(day)))


def _time(value: Value, *parts: Value) -> Value:
    if parts:
        return _time_from(value, *parts)
    match value:
        case str():
            return parse_time(value)
        case Temporal(TemporalKind.TIME):
            return value
        case Temporal(TemporalKind.DATE_TIME, count, offset):
            return Temporal(TemporalKind.TIME, count % MILLIS_PER_DAY, offset)
        case Temporal(TemporalKind.DATE):
            return Temporal(TemporalKind.TIME, 0, 0)
        case _:
            return None


def _time_from(hour: Value, minute: Value, second: Value, offset: Value = None) -> Value:
    if not is_integer(hour) or not is_integer(minute) or not is_number(second):
        return None
    if offset is not None and (not is_length(offset) or offset.kind is TemporalKind.MONTHS):
        return None
    millis = math.floor(second * 1000)
    minutes = None if offset is None else math.trunc(offset.count / 60_000)
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= millis < 60_000 and abs(minutes or 0) <= 14 * 60):
        return None
    return Temporal(TemporalKind.TIME, int(hour * 60 + minute) * 60_000 + millis, minutes)


def _date_and_time(value: Value, *parts: Value) -> Value:
    days = day_of(value)
    if parts:
        time = parts[0]
        if days is None or not isinstance(time, Temporal) or time.kind is not TemporalKind.TIME:
            return None
        return Temporal(TemporalKind.DATE_TIME, days * MILLIS_PER_DAY + time.count, time.offset)
    if isinstance(value, str):
        return parse_date_time(value)
    if days is None or value.kind is TemporalKind.DATE_TIME:
        return None if days is None else value
    return Temporal(TemporalKind.DATE_TIME, days * MILLIS_PER_DAY)


def _duration(value: Value) -> Value:
    if isinstance(value, str):
        return parse_duration(value)
    return value if is_length(value) else None


def _months_between(start: Value, end: Value) -> Value:
    first, last = day_of(start), day_of(end)
    if first is None or last is None:
        return None
    (year, month, day), (other_year, other_month, other_day) = civil_from_days(first), civil_from_days(last)
    months = (other_year - year) * 12 + other_month - month
    if months > 0 and other_day < day:
        months -= 1
    elif months < 0 and other_day > day:
        months += 1
    return Temporal(TemporalKind.MONTHS, months)


def _of_day(function: Callable[[int], Value]) -> Callable[[Value], Value]:
    def applied(value: Value) -> Value:
        days = day_of(value)
        return None if days is None else function(days)

    return applied


def _last_day(days: int) -> Value:
    year, month, _ = civil_from_days(days)
    return Temporal(TemporalKind.DATE, days_from_civil(year, month, days_in_month(year, month)))


TEMPORALS: dict[Builtin, Callable[..., Value]] = {
    Builtin.DATE: _date,
    Builtin.TIME: _time,
    Builtin.DATE_AND_TIME: _date_and_time,
    Builtin.DURATION: _duration,
    Builtin.MONTHS_BETWEEN: _months_between,
    Builtin.DAY_OF_WEEK: _of_day(lambda days: _DAYS[weekday(days) - 1]),
    Builtin.MONTH_OF_YEAR: _of_day(lambda days: _MONTHS[civil_from_days(days)[1] - 1]),
    Builtin.DAY_OF_YEAR: _of_day(lambda days: days - days_from_civil(civil_from_days(days)[0], 1, 1) + 1),
    Builtin.WEEK_OF_YEAR: _of_day(week_of_year),
    Builtin.LAST_DAY_OF_MONTH: _of_day(_last_day),
}
