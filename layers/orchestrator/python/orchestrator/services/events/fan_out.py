"""Use case of the fan-out: one event to all who want it."""

from dataclasses import dataclass

from orchestrator.domain.cloud_event import Arrival
from orchestrator.domain.webhooks.delivery import Delivery
from orchestrator.ports.environment import Clock
from orchestrator.ports.events import DeliveryStore, WebhookStore
from orchestrator.services.events.delivery_queue import DeliveryScheduler


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutService:
    """Writes deliveries and queues their first step. May be repeated: a delivery that is there stays as it is."""

    webhooks: WebhookStore
    deliveries: DeliveryStore
    scheduler: DeliveryScheduler
    clock: Clock

    def distribute(self, arrival: Arrival) -> int:
        """The number of webhooks that get the event."""
        wanted = [it for it in self.webhooks.all() if it.wants(arrival.occurrence)]
        now = self.clock.now()
        deliveries = [
            Delivery(
                webhook_id=webhook.id,
                event_id=arrival.event_id,
                event_type=arrival.occurrence.event_type,
                payload=arrival.payload,
                created_at=now,
            )
            for webhook in wanted
        ]
        for delivery in deliveries:
            self.deliveries.create(delivery)
        self.scheduler.release(deliveries)
        return len(deliveries)
