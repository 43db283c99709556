"""The circuit breaker: opens after failures in a row, lets one probe through, grows its breaks to a limit."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.webhooks.health import (
    GIVE_UP_AFTER,
    LONGEST_BREAK,
    THRESHOLD,
    Gate,
    Health,
)

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def broken() -> Health:
    health = Health()
    for _ in range(THRESHOLD):
        health = health.after_failure(NOW, probe=False)
    return health


def test_it_opens_at_the_threshold_and_not_before() -> None:
    health = Health()
    for _ in range(THRESHOLD - 1):
        health = health.after_failure(NOW, probe=False)
        assert health.gate(NOW) is Gate.PASS
    assert health.after_failure(NOW, probe=False).gate(NOW) is Gate.WAIT


def test_failures_that_were_under_way_do_not_lengthen_the_break() -> None:
    health = broken()
    assert health.after_failure(NOW, probe=False).open_until == health.open_until


def test_only_one_probe_at_a_time() -> None:
    health = broken()
    due = health.open_until
    assert due is not None
    assert health.gate(due) is Gate.PROBE
    assert health.probing(due).gate(due) is Gate.WAIT


def test_a_success_closes_it() -> None:
    health = broken().after_success()
    assert health.is_well
    assert health.gate(NOW) is Gate.PASS


@given(st.integers(1, 60))
def test_breaks_grow_to_their_limit(probes: int) -> None:
    health, at, last = broken(), NOW, timedelta()
    for _ in range(probes):
        assert health.open_until is not None
        pause = health.open_until - at
        assert last <= pause <= LONGEST_BREAK
        last, at = pause, health.open_until
        health = health.probing(at).after_failure(at, probe=True)


def test_it_is_hopeless_after_days_without_a_success() -> None:
    health = broken()
    assert not health.is_hopeless(NOW + GIVE_UP_AFTER - timedelta(seconds=1))
    assert health.is_hopeless(NOW + GIVE_UP_AFTER)


@given(st.lists(st.booleans()))
def test_each_lesson_has_its_version(outcomes: list[bool]) -> None:
    health = Health()
    for place, success in enumerate(outcomes, start=1):
        health = health.after_success() if success else health.after_failure(NOW, probe=False)
        assert health.version == place
