"""Timer definitions: what is read, what is refused, and due times in Python and in JSONata."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.compiler.expressions import (
    ExpressionError,
    Language,
    emit_due_after,
    emit_due_after_value,
    emit_due_at_value,
    parse,
)
from orchestrator.compiler.expressions.iso8601 import (
    Cycle,
    Duration,
    after,
    parse_cycle,
    parse_duration,
    parse_point,
)
from tests.compiler.expressions.interpreters import run_python

CLOCK = int(datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC).timestamp() * 1000)
VALUE = parse("=text", Language.FEEL)
assert not isinstance(VALUE, ExpressionError)

DURATIONS = [
    ("PT10S", Duration(0, 10_000)),
    ("P1DT2H", Duration(0, 93_600_000)),
    ("P1M", Duration(1, 0)),
    ("P1Y2M", Duration(14, 0)),
    ("P2W", Duration(0, 1_209_600_000)),
    ("-PT1M", Duration(0, -60_000)),
    ("PT0.25S", Duration(0, 250)),
    ("P1Y1DT0.001S", Duration(12, 86_400_001)),
    ("PT36H", Duration(0, 129_600_000)),
    ("P0D", Duration(0, 0)),
]
NO_DURATIONS = ["", "P", "PT", "P1DT", "1D", "P1H", "PT1D", "P1.5D", "P-1D", "pt1s", "${x}"]


@pytest.mark.parametrize(("text", "expected"), DURATIONS)
def test_durations(text, expected):
    assert parse_duration(text) == expected
    due = after(CLOCK, expected)
    assert run_python(emit_due_after(expected, clock="clock"), {"clock": CLOCK}) == due
    assert run_python(emit_due_after_value(VALUE, "v", clock="clock"), {"clock": CLOCK, "v": {"text": text}}) == due


@pytest.mark.parametrize("text", NO_DURATIONS)
def test_what_is_no_duration(text):
    assert isinstance(parse_duration(text), ExpressionError)
    assert run_python(emit_due_after_value(VALUE, "v", clock="clock"), {"clock": CLOCK, "v": {"text": text}}) is None


def test_months_keep_to_the_calendar():
    assert after(CLOCK, Duration(1, 0)) == int(datetime(2024, 2, 29, 10, 20, 30, tzinfo=UTC).timestamp() * 1000)


@given(st.integers(-60, 60), st.integers(-(10**12), 10**12), st.integers(0, 4 * 10**12))
def test_due_times_agree(months, millis, clock):
    duration = Duration(months, millis)
    assert run_python(emit_due_after(duration, clock="clock"), {"clock": clock}) == after(clock, duration)


POINTS = {
    "2024-05-01": "2024-05-01T00:00:00+00:00",
    "2024-05-01T10:30:00Z": "2024-05-01T10:30:00+00:00",
    "2024-05-01T10:30:00": "2024-05-01T10:30:00+00:00",
    "2024-05-01T10:30:00.5-03:30": "2024-05-01T10:30:00.5-03:30",
    "2024-05-01T10:30+0200": "2024-05-01T10:30:00+02:00",
    "2024-05-01T10:30:00+02": "2024-05-01T10:30:00+02:00",
    "2019-10-01T12:00:00+02:00[Europe/Berlin]": "2019-10-01T12:00:00+02:00",
}
NO_POINTS = [
    "",
    "2024-02-30",
    "2024-13-01",
    "2024-05-01T25:00:00Z",
    "2019-10-01T12:00:00[Europe/Berlin]",
    "tomorrow",
    "10:00:00",
]


@pytest.mark.parametrize(("text", "iso"), POINTS.items())
def test_points(text, iso):
    expected = round(datetime.fromisoformat(iso).timestamp() * 1000)
    assert parse_point(text) == expected
    assert run_python(emit_due_at_value(VALUE, "v"), {"v": {"text": text}}) == expected


@pytest.mark.parametrize("text", NO_POINTS)
def test_what_is_no_point(text):
    assert isinstance(parse_point(text), ExpressionError)
    assert run_python(emit_due_at_value(VALUE, "v"), {"v": {"text": text}}) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R3/PT10S", Cycle(3, Duration(0, 10_000))),
        ("R/P1M", Cycle(None, Duration(1, 0))),
        ("R/1970-01-02T00:00:00Z/P1D", Cycle(None, Duration(0, 86_400_000), start=86_400_000)),
        ("R5/PT1H/1970-01-02T00:00:00Z", Cycle(5, Duration(0, 3_600_000), end=86_400_000)),
    ],
)
def test_cycles(text, expected):
    assert parse_cycle(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R3",
        "R3/",
        "R3/PT0S",
        "R3/-PT1S",
        "R3/2024-05-01",
        "R3/PT1S/PT1S",
        "R3/2024-01-01/P1D/2024-02-01",
        "PT10S",
        "0 0 9-17 * * MON-FRI",
        "@daily",
    ],
)
def test_what_is_no_cycle(text):
    assert isinstance(parse_cycle(text), ExpressionError)
