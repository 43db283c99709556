"""When somebody works: a daily shift on some weekdays, in a time zone of the IANA database."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from orchestrator.domain.errors import InvalidRequest

FIELD: Final = "working_hours"
_SCHEDULE: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_HOURS_OF_A_DAY: Final = 24


class Weekday(StrEnum):
    """In the order of `date.weekday`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WORKDAYS: Final = tuple(Weekday)[:5]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """A shift `HH:MM-HH:MM` that begins on each of `days`; one that ends at or before its begin ends the day after."""

    timezone: str = "UTC"
    schedule: str = "09:00-17:00"
    days: tuple[Weekday, ...] = WORKDAYS

    def is_open(self, at: datetime) -> bool:
        """Tell whether a moment lies in a shift; its end does not."""
        today = at.astimezone(_zone(self.timezone)).date()
        shifts = (self._shift(today - timedelta(days=back)) for back in range(2))
        return any(shift is not None and shift[0] <= at < shift[1] for shift in shifts)

    def next_opening(self, at: datetime) -> datetime:
        """The moment itself when it lies in a shift, else the begin of the next one (UTC)."""
        if self.is_open(at):
            return at
        today = at.astimezone(_zone(self.timezone)).date()
        shifts = (self._shift(today + timedelta(days=ahead)) for ahead in range(len(Weekday) + 1))
        return next(shift[0] for shift in shifts if shift is not None and shift[0] > at)

    def _shift(self, day: date) -> tuple[datetime, datetime] | None:
        """Begin and end, UTC, of the shift that begins on a day; None: there is none."""
        if tuple(Weekday)[day.weekday()] not in self.days:
            return None
        begin, end = (_minutes(text) for text in self.schedule.split("-"))
        last = end if end > begin else end + _HOURS_OF_A_DAY * 60
        return _moment(day, begin, self.timezone), _moment(day, last, self.timezone)


def working_hours(*, timezone: str, schedule: str, days: tuple[str, ...]) -> WorkingHours:
    """Check what a caller gave.

    Raises:
        InvalidRequest: the field below `working_hours` that makes no sense.
    """
    if timezone not in _zones():
        raise InvalidRequest(f"{FIELD}.timezone", "is no time zone of the IANA database")
    match = _SCHEDULE.fullmatch(schedule)
    if match is None or (match[3] == str(_HOURS_OF_A_DAY) and match[4] != "00"):
        raise InvalidRequest(f"{FIELD}.schedule", "must be HH:MM-HH:MM")
    if not days:
        raise InvalidRequest(f"{FIELD}.days", "must name a day")
    return WorkingHours(timezone=timezone, schedule=schedule, days=tuple(day for day in Weekday if day in days))


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _moment(day: date, minutes: int, timezone: str) -> datetime:
    """Wall clock time; what daylight saving skips is that much later, of what it repeats the first counts."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=_zone(timezone)).astimezone(UTC)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
