"""Timer definitions of BPMN: ISO 8601 durations, points in time and cycles (BPMN 2.0.2, table 10.101)."""

import re
from dataclasses import dataclass

from orchestrator.compiler.expressions.errors import ErrorCode, ExpressionError
from orchestrator.compiler.expressions.temporal import MILLIS_PER_DAY, add_months, instant
from orchestrator.compiler.expressions.temporal_text import parse_date_time as parse_local

_DURATION = re.compile(
    r"([+-]?)P(?!$)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?"
    r"(?:T(?!$)(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,10})(?:[.,](\d{1,9}))?S)?)?"
)
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d(?::?\d\d)?)?(\[.+\])?")
_CYCLE = re.compile(r"R(\d{0,9})/(.+)")
_CRON = re.compile(r"@\w+|[\d*?,/#LW A-Z-]+(?:\s+[\d*?,/#LWA-Z-]+){4,6}")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: calendar months, and milliseconds."""

    months: int
    millis: int


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition every `interval`; `repetitions` None: without end. `start` and `end` are epoch milliseconds."""

    repetitions: int | None
    interval: Duration
    start: int | None = None
    end: int | None = None


def parse_duration(text: str) -> Duration | ExpressionError:
    """Read `P1Y2M3DT4H5M6.7S`, `P2W`, `-PT5M`; the units may be mixed."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return _refused(text, "an ISO 8601 duration such as PT15M or P1DT2H")
    years, months, weeks, days, hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:8])
    sign = -1 if match[1] == "-" else 1
    total = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
    fraction = int((match[9] or "0").ljust(3, "0")[:3])
    return Duration(sign * (years * 12 + months), sign * (total * 1000 + fraction))


def parse_point(text: str) -> int | ExpressionError:
    """Read `2024-05-01T10:30:00+02:00` as epoch milliseconds; without an offset it is UTC, a date is its midnight.

    A zone in brackets, as Zeebe writes it, must come with an offset, which then counts.
    """
    match = _DATE_TIME.fullmatch(text.strip())
    if match is None or (match[5] and not match[4]):
        return _refused(text, "an ISO 8601 date and time such as 2024-05-01T10:30:00Z")
    offset = match[4] or "Z"
    if offset != "Z":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        offset = f"{offset[0]}{digits[:2]}:{digits[2:]}"
    time = f"{match[2]}{match[3] or ':00'}" if match[2] else "00:00:00"
    point = parse_local(f"{match[1]}T{time}{offset}")
    return _refused(text, "a date and time of the calendar") if point is None else instant(point)


def parse_cycle(text: str) -> Cycle | ExpressionError:
    """Read `R3/PT10S`, `R/2024-05-01T10:30:00Z/P1D`, `R/P1D/2024-12-31T00:00:00Z`."""
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        if _CRON.fullmatch(text.strip()):
            message = f'"{text}" is a cron expression; write an ISO 8601 cycle such as R/PT1H'
            return ExpressionError(ErrorCode.UNSUPPORTED, message)
        return _refused(text, "an ISO 8601 cycle such as R3/PT10S")
    parts = match[2].split("/")
    is_interval = [part.lstrip("+-").startswith("P") for part in parts]
    if len(parts) > 2 or is_interval.count(True) != 1:  # noqa: PLR2004 -- interval and one end
        return _refused(text, "an ISO 8601 cycle of one duration and at most one date and time")
    interval = parse_duration(parts[is_interval.index(True)])
    ends = [parse_point(part) for part, duration in zip(parts, is_interval, strict=True) if not duration]
    for part in (interval, *ends):
        if isinstance(part, ExpressionError):
            return part
    if not isinstance(interval, Duration) or interval.months < 0 or interval.millis < 0 or interval == Duration(0, 0):
        return _refused(text, "a cycle of a positive duration")
    point = next((end for end in ends if isinstance(end, int)), None)
    repetitions = int(match[1]) if match[1] else None
    first = is_interval[0]
    return Cycle(repetitions, interval, start=None if first else point, end=point if first else None)


def after(start: int, duration: Duration) -> int:
    """Add a duration to a point in epoch milliseconds, in UTC: months by the calendar, the rest by the clock."""
    days, rest = divmod(start, MILLIS_PER_DAY)
    return add_months(days, duration.months) * MILLIS_PER_DAY + rest + duration.millis


def _refused(text: str, wanted: str) -> ExpressionError:
    return ExpressionError(ErrorCode.SYNTAX, f'"{text}" is not {wanted}')
