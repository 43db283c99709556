"""One event on its way to one webhook: pending -> delivered | failed, with its attempts."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from orchestrator.domain.ids import EventId, event_id
from orchestrator.domain.retry import LONGEST_DELAY, RetryPolicy
from orchestrator.domain.webhooks.webhook import Stats, Webhook, WebhookId

RESOURCE = "delivery"
#: a delivery that has not succeeded for so long is failed
LONGEST_WINDOW = timedelta(days=3)
#: of the last attempts everything is kept, of older ones only their number
ATTEMPTS_KEPT = 10
#: type of what a test sends
TEST_TYPE = "webhook_test"
HTTP_OK, HTTP_REDIRECT, HTTP_GONE = 200, 300, 410
#: answers whose `Retry-After` is honoured: too many requests, unavailable
_OVERLOADED = frozenset({429, 503})


class DeliveryStatus(StrEnum):
    """Where a delivery stands: `retrying` after a failed attempt, `held` while its webhook is paused."""

    PENDING = "pending"
    RETRYING = "retrying"
    HELD = "held"
    DELIVERED = "delivered"
    FAILED = "failed"


#: statuses that a message in the queue still works on
OPEN = frozenset({DeliveryStatus.PENDING, DeliveryStatus.RETRYING, DeliveryStatus.HELD})


class AttemptError(StrEnum):
    """Why an attempt got no 2xx."""

    STATUS = "status"
    REDIRECT = "redirect"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TLS = "tls"
    UNRESOLVED_HOST = "unresolved_host"
    FORBIDDEN_ADDRESS = "forbidden_address"
    PROTOCOL = "protocol"
    DISABLED = "webhook_disabled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a status and the beginning of the body, or an error and words about it.

    `retry_after` are the seconds for which the receiver asks for a pause (RFC 9110, section 10.2.3).
    """

    duration_ms: int
    status_code: int | None = None
    body: str | None = None
    error: AttemptError | None = None
    detail: str | None = None
    retry_after: int | None = None

    @property
    def pause(self) -> timedelta:
        """The pause that is owed to a receiver that has too much to do, an hour at most; else none."""
        if self.retry_after is None or self.status_code not in _OVERLOADED:
            return timedelta()
        return min(timedelta(seconds=self.retry_after), LONGEST_DELAY)

    @property
    def succeeded(self) -> bool:
        """A 2xx; everything else is a failure, redirects too."""
        return self.status_code is not None and HTTP_OK <= self.status_code < HTTP_REDIRECT

    @property
    def is_gone(self) -> bool:
        """The receiver asks never to be called again."""
        return self.status_code == HTTP_GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request, numbered from 1."""

    number: int
    at: datetime
    url: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event for a webhook. `payload` is the exact text of every request's body.

    `made` counts attempts, `spent` those that count against the retry policy: while a receiver is down as a
    whole, probes of it cost its deliveries nothing. `round` counts redeliveries asked for by a caller, `version`
    the steps recorded.
    """

    webhook_id: WebhookId
    event_id: EventId
    event_type: str
    payload: str
    created_at: datetime
    status: DeliveryStatus = DeliveryStatus.PENDING
    made: int = 0
    spent: int = 0
    round: int = 1
    version: int = 0
    round_started_at: datetime | None = None
    next_attempt_at: datetime | None = None
    concluded_at: datetime | None = None
    error: AttemptError | None = None
    attempts: tuple[Attempt, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be delivered."""
        return self.status in OPEN

    def expired(self, now: datetime) -> bool:
        """Tell whether it has been tried for the whole window."""
        return now - (self.round_started_at or self.created_at) >= LONGEST_WINDOW


def attempted(delivery: Delivery, attempt: Attempt, *, policy: RetryPolicy, counts: bool, chance: float) -> Delivery:
    """Record an attempt: delivered, to be retried, or failed for good.

    Args:
        delivery: as it was read.
        attempt: what happened.
        policy: the webhook's.
        counts: whether a failure counts against the policy (False for a probe of a broken receiver).
        chance: a random number from 0 to 1 that spreads retries over the second half of their delay.
    """
    spent = delivery.spent + counts
    recorded = replace(
        delivery,
        made=attempt.number,
        spent=spent,
        version=delivery.version + 1,
        attempts=(*delivery.attempts, attempt)[-ATTEMPTS_KEPT:],
        next_attempt_at=None,
    )
    if attempt.answer.succeeded:
        return replace(recorded, status=DeliveryStatus.DELIVERED, concluded_at=attempt.at, error=None)
    exhausted = counts and not policy.allows(spent)
    if attempt.answer.is_gone or exhausted or delivery.expired(attempt.at):
        return replace(recorded, status=DeliveryStatus.FAILED, concluded_at=attempt.at, error=attempt.answer.error)
    delay = max(jittered(policy.delay_after(max(spent, 1)), chance), attempt.answer.pause)
    return replace(recorded, status=DeliveryStatus.RETRYING, next_attempt_at=attempt.at + delay)


def failed(delivery: Delivery, now: datetime, *, error: AttemptError | None) -> Delivery:
    """Give a delivery up."""
    return replace(
        delivery,
        status=DeliveryStatus.FAILED,
        version=delivery.version + 1,
        concluded_at=now,
        next_attempt_at=None,
        error=error,
    )


def held(delivery: Delivery) -> Delivery:
    """Keep a delivery back, without an attempt."""
    return replace(delivery, status=DeliveryStatus.HELD, version=delivery.version + 1, next_attempt_at=None)


def renewed(delivery: Delivery, now: datetime) -> Delivery:
    """Begin another round with a fresh retry policy: the same event, the same id, the same bytes."""
    return replace(
        delivery,
        status=DeliveryStatus.RETRYING,
        spent=0,
        round=delivery.round + 1,
        version=delivery.version + 1,
        round_started_at=now,
        next_attempt_at=now,
        concluded_at=None,
        error=None,
    )


def trial(webhook: Webhook, ulid: str, now: datetime, *, asked_by: str) -> Delivery:
    """A delivery of an event that tells of nothing but that it was asked for; it is in no log."""
    identity = event_id(ulid)
    body = {
        "event_id": identity,
        "event_type": TEST_TYPE,
        "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {"webhook_id": webhook.id, "requested_by": asked_by},
        "metadata": {"project_id": None, "correlation_id": None},
    }
    return Delivery(
        webhook_id=webhook.id,
        event_id=identity,
        event_type=TEST_TYPE,
        payload=json.dumps(body, separators=(",", ":"), ensure_ascii=False),
        created_at=now,
    )


def jittered(delay: timedelta, chance: float) -> timedelta:
    """A delay between half and all of the given one."""
    return delay * (0.5 + chance / 2)


def counted(before: Delivery, after: Delivery) -> Stats:
    """What a step adds to the webhook's counts; a redelivery that succeeds turns a failed one into a successful."""
    return Stats(
        attempts=after.made - before.made,
        successful=_is(after, DeliveryStatus.DELIVERED) - _is(before, DeliveryStatus.DELIVERED),
        failed=_is(after, DeliveryStatus.FAILED) - _is(before, DeliveryStatus.FAILED),
        last_triggered=after.attempts[-1].at if after.made > before.made else None,
    )


def _is(delivery: Delivery, status: DeliveryStatus) -> int:
    return int(delivery.status is status)
