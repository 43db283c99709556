"""The life of a delivery under any answers: laws of retries, counts and backoff."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.ids import EventId
from orchestrator.domain.retry import LONGEST_DELAY, BackoffStrategy, RetryPolicy
from orchestrator.domain.webhooks import delivery as life
from orchestrator.domain.webhooks.delivery import Answer, Attempt, AttemptError, Delivery, DeliveryStatus
from orchestrator.domain.webhooks.webhook import Stats, WebhookId

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
policies = st.builds(
    RetryPolicy, max_retries=st.integers(0, 20), backoff_strategy=st.sampled_from(list(BackoffStrategy))
)
codes = st.sampled_from([200, 204, 301, 404, 429, 500, 503, None])
chances = st.floats(0, 1)


def fresh() -> Delivery:
    return Delivery(
        webhook_id=WebhookId("webhook-1"),
        event_id=EventId("event-1"),
        event_type="task_created",
        payload="{}",
        created_at=NOW,
    )


def answered(delivery: Delivery, code: int | None, at: datetime) -> Attempt:
    error = None if code and 200 <= code < 300 else AttemptError.STATUS
    return Attempt(
        number=delivery.made + 1, at=at, url="https://x", answer=Answer(duration_ms=1, status_code=code, error=error)
    )


@given(policies, st.lists(codes, max_size=40), chances)
def test_a_delivery_ends_with_its_first_success_or_its_last_retry(
    policy: RetryPolicy, answers: list[int | None], chance: float
) -> None:
    delivery, at, stats = fresh(), NOW, Stats()
    for code in answers:
        if not delivery.is_open:
            break
        after = life.attempted(delivery, answered(delivery, code, at), policy=policy, counts=True, chance=chance)
        stats += life.counted(delivery, after)
        assert after.made == delivery.made + 1
        assert after.version == delivery.version + 1
        if after.status is DeliveryStatus.RETRYING:
            assert after.next_attempt_at is not None
            delay = after.next_attempt_at - at
            full = policy.delay_after(after.spent)
            assert full / 2 <= delay <= full <= LONGEST_DELAY
            at = after.next_attempt_at
        delivery = after
    succeeded = [code is not None and code < 300 for code in answers[: delivery.made]]
    assert delivery.made <= policy.max_retries + 1
    assert (delivery.status is DeliveryStatus.DELIVERED) == any(succeeded)
    if delivery.status is DeliveryStatus.FAILED:
        assert delivery.made == policy.max_retries + 1
    assert stats.attempts == delivery.made
    assert stats.total == (0 if delivery.is_open else 1)
    assert len(delivery.attempts) <= life.ATTEMPTS_KEPT


@given(policies, st.integers(1, 30))
def test_probes_of_a_broken_receiver_cost_a_delivery_nothing(policy: RetryPolicy, probes: int) -> None:
    delivery = fresh()
    for _ in range(probes):
        attempt = answered(delivery, 500, NOW)
        delivery = life.attempted(delivery, attempt, policy=policy, counts=False, chance=1)
    assert delivery.is_open
    assert (delivery.made, delivery.spent) == (probes, 0)


def test_gone_ends_it_at_once() -> None:
    policy = RetryPolicy(max_retries=9)
    after = life.attempted(fresh(), answered(fresh(), 410, NOW), policy=policy, counts=True, chance=0)
    assert after.status is DeliveryStatus.FAILED


def test_after_three_days_it_is_given_up() -> None:
    policy = RetryPolicy(max_retries=100)
    just_before = answered(fresh(), 500, NOW + timedelta(days=3) - timedelta(seconds=1))
    assert life.attempted(fresh(), just_before, policy=policy, counts=False, chance=0).is_open
    late = answered(fresh(), 500, NOW + timedelta(days=3))
    assert not life.attempted(fresh(), late, policy=policy, counts=False, chance=0).is_open


def test_a_redelivery_that_succeeds_turns_a_failure_into_a_success() -> None:
    policy = RetryPolicy(max_retries=0)
    failed = life.attempted(fresh(), answered(fresh(), 500, NOW), policy=policy, counts=True, chance=0)
    later = NOW + timedelta(days=9)
    again = life.renewed(failed, later)
    delivered = life.attempted(again, answered(again, 200, later), policy=policy, counts=True, chance=0)
    steps = [(fresh(), failed), (failed, again), (again, delivered)]
    total = Stats()
    for before, after in steps:
        total += life.counted(before, after)
    assert (total.attempts, total.successful, total.failed) == (2, 1, 0)
    assert (delivered.event_id, delivered.payload, delivered.round) == ("event-1", "{}", 2)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8))
def test_counts_add_up_in_any_order(pairs: list[tuple[int, int]]) -> None:
    parts = [Stats(attempts=a + b, successful=a, failed=b) for a, b in pairs]
    forth, back = Stats(), Stats()
    for part in parts:
        forth += part
    for part in reversed(parts):
        back += part
    assert forth == back
    assert 0 <= forth.success_rate <= 100


def test_a_receiver_that_asks_for_a_pause_gets_it() -> None:
    answer = Answer(duration_ms=1, status_code=429, error=AttemptError.STATUS, retry_after=600)
    attempt = Attempt(number=1, at=NOW, url="https://x", answer=answer)
    after = life.attempted(fresh(), attempt, policy=RetryPolicy(), counts=True, chance=1)
    assert (after.status, after.next_attempt_at) == (DeliveryStatus.RETRYING, NOW + timedelta(seconds=600))
