"""When a timer is due: once, at every end of an interval, or as a cron cycle says. All times are UTC."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from orchestrator.domain.schedule import Occurrence
from orchestrator.domain.start_event import StartTime, TimerKind

_MACROS: Final = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_ANY: Final = frozenset({"*", "?"})
_FIELDS: Final = 6
_DAY_OF_MONTH, _DAY_OF_WEEK = 3, 5


class UnreadableTimeError(ValueError):
    """The time of a timer cannot be read; the message says what is expected."""


def occurrence(time: StartTime, number: int, *, after: datetime) -> Occurrence | None:
    """The occurrence of this number, or (of the first one) the earliest that is not past; None: there is none.

    Args:
        time: says when.
        number: counts from 1.
        after: when the one before was due; of the first one, when the timer begins to count.

    Raises:
        UnreadableTimeError: the time has no meaning.
    """
    return _BY_KIND[time.kind](time.text.strip(), number, after)


def _date(text: str, number: int, _after: datetime) -> Occurrence | None:
    """A date that is past is due at once."""
    from orchestrator.compiler.expressions.iso8601 import parse_point  # noqa: PLC0415 - few models need it

    point = parse_point(text)
    if not isinstance(point, int):
        raise UnreadableTimeError(point.message)
    return Occurrence(1, _moment(point)) if number == 1 else None


def _duration(text: str, number: int, after: datetime) -> Occurrence | None:
    from orchestrator.compiler.expressions import iso8601  # noqa: PLC0415 - as above

    length = iso8601.parse_duration(text)
    if not isinstance(length, iso8601.Duration):
        raise UnreadableTimeError(length.message)
    return Occurrence(1, _moment(iso8601.after(_millis(after), length))) if number == 1 else None


def _cycle(text: str, number: int, after: datetime) -> Occurrence | None:
    if not text.startswith(("R", "P")):
        return Occurrence(number, _cron(text, after))
    from orchestrator.compiler.expressions import iso8601  # noqa: PLC0415 - as above

    cycle = iso8601.parse_cycle(text if text.startswith("R") else f"R/{text}")
    if not isinstance(cycle, iso8601.Cycle):
        raise UnreadableTimeError(cycle.message)
    due, since = iso8601.after(_millis(after), cycle.interval), _millis(after)
    if number == 1 and cycle.start is not None:
        due = cycle.start
        while due < since and (cycle.repetitions is None or number <= cycle.repetitions):
            due, number = iso8601.after(due, cycle.interval), number + 1
    over = cycle.repetitions is not None and number > cycle.repetitions
    return None if over or (cycle.end is not None and due > cycle.end) else Occurrence(number, _moment(due))


def _cron(text: str, after: datetime) -> datetime:
    """The next time of a cron cycle of six fields, from seconds to days of the week (0 and 7 are Sunday)."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - as above

    fields = re.split(r"\s+", _MACROS.get(text, text))
    if len(fields) == _FIELDS + 1 and fields[-1] in _ANY:
        fields.pop()  # the year
    if len(fields) != _FIELDS:
        raise UnreadableTimeError(f'"{text}" is no cron cycle of six fields, such as 0 0 9 * * MON-FRI')
    if fields[_DAY_OF_MONTH] not in _ANY and fields[_DAY_OF_WEEK] not in _ANY:
        raise UnreadableTimeError(f'"{text}" restricts days of the month and days of the week: write two timers')
    try:
        return next(CronSim(" ".join("*" if field == "?" else field for field in fields), after))
    except (CronSimError, StopIteration):
        raise UnreadableTimeError(f'"{text}" is no cron cycle that ever comes') from None


def _millis(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, tz=UTC)


_BY_KIND: Final[Mapping[TimerKind, Callable[[str, int, datetime], Occurrence | None]]] = {
    TimerKind.DATE: _date,
    TimerKind.DURATION: _duration,
    TimerKind.CYCLE: _cycle,
}
