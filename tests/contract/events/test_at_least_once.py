"""Whatever fails between the log and the receiver: every event arrives, under one id, and is counted once."""

import heapq
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrator.domain.errors import Unavailable
from orchestrator.domain.retry import BackoffStrategy, RetryPolicy
from orchestrator.domain.webhooks.delivery import Answer, AttemptError, DeliveryStatus
from tests.contract.events.hooks import Hooks, hooks

VISIBILITY = timedelta(minutes=3)
POLICY = RetryPolicy(max_retries=100, backoff_strategy=BackoffStrategy.FIXED)


@dataclass
class Luck:
    """Fails as drawn, then never again: `before` a call, `after` it (done, but the caller never learns), or not."""

    drawn: list[str] = field(default_factory=list)

    def next(self) -> str:
        return self.drawn.pop(0) if self.drawn else ""


class Unreliable:
    """A store or queue of which each call may fail."""

    def __init__(self, real: Any, luck: Luck) -> None:
        self._real, self._luck = real, luck

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)

        def call(*arguments: Any, **named: Any) -> Any:
            fate = self._luck.next()
            if fate == "before":
                raise Unavailable("drawn")
            result = method(*arguments, **named)
            if fate == "after":
                raise Unavailable("drawn")
            return result

        return call


@dataclass
class Receivers:
    """A sender whose receivers fail as drawn, and note what they got."""

    luck: Luck
    got: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)

    def post(self, url: str, *, headers: dict[str, str], body: bytes) -> Answer:
        self.got.append(headers["webhook-id"])
        if self.luck.next():
            return Answer(duration_ms=1, status_code=503, error=AttemptError.STATUS)
        self.accepted.append(headers["webhook-id"])
        return Answer(duration_ms=1, status_code=200)


def unreliable(world: Hooks, luck: Luck) -> None:
    """Let stores and queue fail from now on, for the fan-out and the worker."""
    deliveries, webhooks = Unreliable(world.delivery_store, luck), Unreliable(world.webhook_store, luck)
    scheduler = replace(world.scheduler, queue=Unreliable(world.queue, luck))
    world.fan_out = replace(world.fan_out, webhooks=webhooks, deliveries=deliveries, scheduler=scheduler)
    world.worker = replace(world.worker, webhooks=webhooks, deliveries=deliveries, scheduler=scheduler)


def fan_out(world: Hooks, arrived: Any) -> None:
    """As the queue in front of the fan-out does: again until it succeeds."""
    while True:
        try:
            return world.fan_out.distribute(arrived)
        except Unavailable:
            world.clock.forward(seconds=1)


def deliver(world: Hooks) -> None:
    """As the queue of deliveries does: a message whose handling failed comes again after its visibility timeout."""
    failed: set[Any] = set()
    while world.queue.waiting:
        at, message = world.queue.take()
        world.clock.time = max(world.clock.time, at)
        try:
            world.worker.step(message, redelivered=message in failed)
        except Unavailable:
            failed.add(message)
            again = world.clock.now() + VISIBILITY
            heapq.heappush(world.queue.waiting, (again, next(world.queue.order), message))


fates = st.lists(st.sampled_from(["before", "after", "", ""]), min_size=24, max_size=60)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=st.integers(1, 3), repeats=st.integers(1, 2), stores=fates, receivers=fates)
def test_no_event_is_lost(events: int, repeats: int, stores: list[str], receivers: list[str]) -> None:
    sender = Receivers(Luck(receivers))
    with hooks(sender) as world:
        webhook = world.registered("https://hooks.example.com/", retry_policy=POLICY)
        unreliable(world, Luck(stores))
        sent = [world.event(sequence=number) for number in range(events)]
        for arrived in sent:
            for _ in range(repeats):  # the relay is at least once too
                fan_out(world, arrived)
        deliver(world)
        ids = {arrived.event_id for arrived in sent}
        assert set(sender.accepted) == set(sender.got) == ids
        listed = world.listed(webhook)
        assert sorted(delivery.event_id for delivery in listed) == sorted(ids)
        assert {delivery.status for delivery in listed} == {DeliveryStatus.DELIVERED}
        stats = world.of(webhook).stats
        assert (stats.total, stats.successful, stats.failed) == (events, events, 0)
