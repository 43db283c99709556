"""Time buckets: minutes, hours and days of UTC, named so that their names sort by time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Granularity(StrEnum):
    """How wide a bucket is."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def width(self) -> timedelta:
        """The length of one bucket."""
        return {
            Granularity.MINUTE: timedelta(minutes=1),
            Granularity.HOUR: timedelta(hours=1),
            Granularity.DAY: timedelta(days=1),
        }[self]


class TimeRange(StrEnum):
    """The ranges of `GET /monitoring/performance` (spec section 5)."""

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"

    @property
    def length(self) -> timedelta:
        """How far the range reaches back."""
        return {
            TimeRange.HOUR: timedelta(hours=1),
            TimeRange.DAY: timedelta(hours=24),
            TimeRange.WEEK: timedelta(days=7),
            TimeRange.MONTH: timedelta(days=30),
        }[self]


class Period(StrEnum):
    """The periods of `GET /analytics/*` (spec section 5)."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

    @property
    def length(self) -> timedelta:
        """How far the period reaches back."""
        return {Period.WEEK: timedelta(days=7), Period.MONTH: timedelta(days=30), Period.QUARTER: timedelta(days=90)}[
            self
        ]


def floor(moment: datetime, granularity: Granularity) -> datetime:
    """The start of the bucket that `moment` (aware) falls into, in UTC."""
    utc = moment.astimezone(UTC).replace(second=0, microsecond=0)
    if granularity is Granularity.MINUTE:
        return utc
    return utc.replace(minute=0) if granularity is Granularity.HOUR else utc.replace(minute=0, hour=0)


def label(start: datetime) -> str:
    """A bucket's name: its start, ISO 8601 to the minute with Z; names sort by time."""
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def covering(start: datetime, end: datetime, granularity: Granularity) -> Iterator[datetime]:
    """The starts of all buckets that touch [start, end), oldest first, without holes."""
    bucket = floor(start, granularity)
    while bucket < end:
        yield bucket
        bucket += granularity.width
