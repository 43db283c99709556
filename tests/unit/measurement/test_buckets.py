"""Buckets cover a range without holes and sort by name."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.measurement.buckets import Granularity, covering, floor, label

MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(moment=MOMENTS, granularity=st.sampled_from(Granularity))
def test_a_moment_lies_in_its_bucket(moment: datetime, granularity: Granularity) -> None:
    start = floor(moment, granularity)
    assert start <= moment < start + granularity.width
    assert floor(start, granularity) == start


@given(moment=MOMENTS, minutes=st.integers(min_value=1, max_value=5000), granularity=st.sampled_from(Granularity))
def test_buckets_cover_without_holes(moment: datetime, minutes: int, granularity: Granularity) -> None:
    end = moment + timedelta(minutes=minutes)
    starts = list(covering(moment, end, granularity))
    assert starts[0] <= moment
    assert starts[-1] < end <= starts[-1] + granularity.width
    assert all(later - earlier == granularity.width for earlier, later in itertools.pairwise(starts))
    assert [label(start) for start in starts] == sorted({label(start) for start in starts})


@pytest.mark.parametrize(
    ("granularity", "expected"),
    [
        (Granularity.MINUTE, "2026-03-01T10:17Z"),
        (Granularity.HOUR, "2026-03-01T10:00Z"),
        (Granularity.DAY, "2026-03-01T00:00Z"),
    ],
)
def test_other_zones_are_counted_in_utc(granularity: Granularity, expected: str) -> None:
    moment = datetime.fromisoformat("2026-03-01T12:17:59+02:00")
    assert label(floor(moment, granularity)) == expected
