"""Shifts in local time: daylight saving, nights, weekends."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.resources.working_hours import Weekday, WorkingHours, working_hours

NEW_YORK = WorkingHours(timezone="America/New_York")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2025-01-15T13:59:59+00:00", False),
        ("2025-01-15T14:00:00+00:00", True),  # 9:00 in winter
        ("2025-07-15T13:00:00+00:00", True),  # 9:00 in summer
        ("2025-01-15T21:59:59+00:00", True),
        ("2025-01-15T22:00:00+00:00", False),
        ("2025-01-18T15:00:00+00:00", False),  # a Saturday
    ],
)
def test_a_shift_in_local_time(moment: str, is_open: bool) -> None:
    assert NEW_YORK.is_open(datetime.fromisoformat(moment)) is is_open


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    night = WorkingHours(schedule="22:00-06:00", days=(Weekday.FRIDAY,))
    assert night.is_open(datetime(2025, 1, 18, 5, 59, tzinfo=UTC))
    assert not night.is_open(datetime(2025, 1, 17, 5, 59, tzinfo=UTC))
    assert night.next_opening(datetime(2025, 1, 18, 6, tzinfo=UTC)) == datetime(2025, 1, 24, 22, tzinfo=UTC)


def test_a_whole_day() -> None:
    always = working_hours(timezone="Europe/Berlin", schedule="00:00-24:00", days=tuple(Weekday))
    assert all(always.is_open(datetime(2025, 3, 30, hour, 30, tzinfo=UTC)) for hour in range(24))


@pytest.mark.parametrize(
    ("given_hours", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "working_hours.timezone"),
        ({"timezone": "../etc/passwd"}, "working_hours.timezone"),
        ({"schedule": "9-5"}, "working_hours.schedule"),
        ({"schedule": "09:00-24:30"}, "working_hours.schedule"),
        ({"schedule": "25:00-26:00"}, "working_hours.schedule"),
        ({"days": ()}, "working_hours.days"),
    ],
)
def test_what_makes_no_sense(given_hours: dict[str, object], field: str) -> None:
    whole = {"timezone": "UTC", "schedule": "09:00-17:00", "days": ("monday",), **given_hours}
    with pytest.raises(InvalidRequest) as refused:
        working_hours(**whole)
    assert refused.value.field == field


hours = st.builds(
    WorkingHours,
    timezone=st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Europe/Berlin"]),
    schedule=st.builds("{:02}:{:02}-{:02}:{:02}".format, *[st.integers(0, 23), st.integers(0, 59)] * 2),
    days=st.sets(st.sampled_from(list(Weekday)), min_size=1).map(tuple),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(hours, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(worked: WorkingHours, at: datetime) -> None:
    opening = worked.next_opening(at)
    assert opening >= at
    assert worked.is_open(opening) or _skipped(worked, opening)
    assert worked.is_open(at) == (opening == at)
    for part in range(1, 20):
        between = at + (opening - at) * part / 20
        assert between == opening or not worked.is_open(between)


def _skipped(worked: WorkingHours, opening: datetime) -> bool:
    """A shift of no length: the clock change took it."""
    zone = ZoneInfo(worked.timezone)
    near = (opening + timedelta(hours=offset) for offset in (-2, 2))
    return len({moment.astimezone(zone).utcoffset() for moment in near}) > 1
