"""When the next step of a delivery is due, as messages in the queue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from orchestrator.domain.webhooks.delivery import Delivery
from orchestrator.ports.environment import Clock
from orchestrator.ports.events import DeliveryMessage, DeliveryQueue

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryScheduler:
    """Queues steps."""

    queue: DeliveryQueue
    clock: Clock

    def next_step(self, delivery: Delivery, *, at: datetime) -> None:
        """Make the next attempt at this time."""
        self.queue.send([_message(delivery, at)], now=self.clock.now())

    def postpone(self, message: DeliveryMessage, *, until: datetime) -> None:
        """The same step, later."""
        later = DeliveryMessage(
            webhook_id=message.webhook_id, event_id=message.event_id, attempt=message.attempt, due_at=until
        )
        self.queue.send([later], now=self.clock.now())

    def release(self, deliveries: Iterable[Delivery]) -> int:
        """Make the next attempt of each at once; how many there were."""
        count = 0
        for some in _chunks(deliveries):
            now = self.clock.now()
            self.queue.send([_message(delivery, now) for delivery in some], now=now)
            count += len(some)
        return count


def _message(delivery: Delivery, at: datetime) -> DeliveryMessage:
    return DeliveryMessage(
        webhook_id=delivery.webhook_id, event_id=delivery.event_id, attempt=delivery.made + 1, due_at=at
    )


def _chunks(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    rest = iter(deliveries)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
