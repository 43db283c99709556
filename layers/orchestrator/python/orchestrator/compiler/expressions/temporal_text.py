"""Temporal values and their ISO 8601 texts (DMN 1.5, 10.3.4.1; XML Schema Part 2)."""

# ruff: noqa: PLR2004 -- the numbers are the clock's

import re
from collections.abc import Callable

from orchestrator.compiler.expressions.temporal import (
    MILLIS_PER_DAY,
    Temporal,
    TemporalKind,
    civil_from_days,
    days_from_civil,
    is_date,
)

_DATE = re.compile(r"(-?[1-9][0-9]{4,8}|-?[0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?")
_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?")
_DURATION = re.compile(
    r"(-?)P(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:\.([0-9]{1,9}))?S)?)?"
)
_LARGEST_OFFSET = 14 * 60


def parse_date(text: str) -> Temporal | None:
    """Read `2024-05-01`; None where the text or the calendar has no such day."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(group) for group in match.groups())
    return Temporal(TemporalKind.DATE, days_from_civil(year, month, day)) if is_date(year, month, day) else None


def parse_time(text: str) -> Temporal | None:
    """Read `10:30:00`, `10:30:00.5Z`, `10:30:00+02:00`."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    offset = _offset(match[5])
    if hour > 23 or minute > 59 or second > 59 or abs(offset or 0) > _LARGEST_OFFSET:
        return None
    return Temporal(TemporalKind.TIME, ((hour * 60 + minute) * 60 + second) * 1000 + _millis(match[4]), offset)


def parse_date_time(text: str) -> Temporal | None:
    """Read `2024-05-01T10:30:00`, also with an offset; a date alone is its midnight."""
    head, separator, tail = text.partition("T")
    date = parse_date(head)
    time = parse_time(tail) if separator else Temporal(TemporalKind.TIME, 0)
    if date is None or time is None:
        return None
    return Temporal(TemporalKind.DATE_TIME, date.count * MILLIS_PER_DAY + time.count, time.offset)


def parse_duration(text: str) -> Temporal | None:
    """Read `P1Y2M` or `P1DT2H3M4.5S`; FEEL has no duration of both months and days."""
    match = _MONTHS.fullmatch(text)
    if match and (match[2] or match[3]):
        return Temporal(TemporalKind.MONTHS, _signed(match[1], int(match[2] or 0) * 12 + int(match[3] or 0)))
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:5])
    millis = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + _millis(match[6])
    return Temporal(TemporalKind.DURATION, _signed(match[1], millis))


_READERS: tuple[Callable[[str], Temporal | None], ...] = (parse_date, parse_time, parse_date_time, parse_duration)


def parse_temporal(text: str) -> Temporal | None:
    """Read the text of FEEL's `@"..."`, which says by its form what it is."""
    return next((value for reader in _READERS if (value := reader(text)) is not None), None)


def text_of(value: Temporal) -> str:
    """Write a temporal value as ISO 8601."""
    match value.kind:
        case TemporalKind.DATE:
            return _date_text(value.count)
        case TemporalKind.TIME:
            return _time_text(value.count) + _offset_text(value.offset)
        case TemporalKind.DATE_TIME:
            days, millis = divmod(value.count, MILLIS_PER_DAY)
            return f"{_date_text(days)}T{_time_text(millis)}{_offset_text(value.offset)}"
        case TemporalKind.MONTHS:
            return _months_text(value.count)
        case TemporalKind.DURATION:
            return _duration_text(value.count)


def _offset(text: str | None) -> int | None:
    if text is None:
        return None
    return 0 if text == "Z" else _signed(text[0], int(text[1:3]) * 60 + int(text[4:6]))


def _millis(fraction: str | None) -> int:
    return int((fraction or "0").ljust(3, "0")[:3])


def _signed(sign: str, count: int) -> int:
    return -count if sign == "-" else count


def _date_text(days: int) -> str:
    year, month, day = civil_from_days(days)
    return f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}"


def _time_text(millis: int) -> str:
    seconds, rest = divmod(millis, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{_seconds_text(seconds % 60, rest, width=2)}"


def _seconds_text(seconds: int, millis: int, *, width: int = 1) -> str:
    return f"{seconds:0{width}}" + (f".{millis:03}".rstrip("0") if millis else "")


def _offset_text(offset: int | None) -> str:
    if not offset:
        return "" if offset is None else "Z"
    return f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"


def _months_text(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    parts = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return f"{'-' if months < 0 else ''}P{parts or '0M'}"


def _duration_text(millis: int) -> str:
    seconds, fraction = divmod(abs(millis), 1000)
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    rest = _seconds_text(seconds % 60, fraction)
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{rest}S" if rest != "0" else "")
    parts = (f"{days}D" if days else "") + (f"T{time}" if time else "")
    return f"{'-' if millis < 0 else ''}P{parts or 'T0S'}"
