"""Use cases of deliveries: what owners of webhooks see and ask for."""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, NotFound
from orchestrator.domain.webhooks import delivery as deliveries_of
from orchestrator.domain.webhooks.delivery import Attempt, Delivery, DeliveryStatus
from orchestrator.domain.webhooks.webhook import RESOURCE, Webhook
from orchestrator.ports.conflicts import StaleRecord
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.events import DeliveryStore, WebhookStore
from orchestrator.ports.paging import Listing, Page
from orchestrator.services.events.delivery_queue import DeliveryScheduler
from orchestrator.services.events.signed_call import SignedCall
from orchestrator.services.unit_of_work import decided


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryService:
    """Deliveries as owners of webhooks see them."""

    webhooks: WebhookStore
    deliveries: DeliveryStore
    scheduler: DeliveryScheduler
    signed: SignedCall
    clock: Clock
    ids: Ids
    pause: Pause

    def list(self, caller: Caller, identity: str, *, status: DeliveryStatus | None, page: Page) -> Listing[Delivery]:
        """One page of a webhook's deliveries, newest first.

        Raises:
            NotFound: no such webhook that the caller may see.
        """
        return self.deliveries.list(self._webhook(caller, identity).id, status=status, page=page)

    def get(self, caller: Caller, identity: str, event: str) -> Delivery:
        """One delivery.

        Raises:
            NotFound: no such webhook that the caller may see, or no such delivery.
        """
        self._webhook(caller, identity)
        return self._delivery(identity, event)

    def redeliver(self, caller: Caller, identity: str, event: str) -> Delivery:
        """Send an event again, under its id and with a fresh retry policy.

        Raises:
            NotFound: no such webhook that the caller may see, or no such delivery.
            Conflict: it is still being delivered.
        """
        self._webhook(caller, identity)

        def commit() -> Delivery:
            before = self._delivery(identity, event)
            if before.is_open:
                raise Conflict("It is still being delivered", current_status=before.status, event_id=event)
            after = deliveries_of.renewed(before, self.clock.now())
            self.deliveries.save(before, after)
            return after

        after = decided(commit, self.pause)
        self.scheduler.release([after])
        return after

    def redeliver_failed(self, caller: Caller, identity: str, *, since: datetime) -> int:
        """Send again what failed since a time; how many deliveries that are.

        Raises:
            NotFound: no such webhook that the caller may see.
        """
        webhook = self._webhook(caller, identity)
        count = 0
        for before in self.deliveries.failed_since(webhook.id, since):
            after = deliveries_of.renewed(before, self.clock.now())
            try:
                self.deliveries.save(before, after)
            except StaleRecord:  # somebody else sends it again
                continue
            count += self.scheduler.release([after])
        return count

    def test(self, caller: Caller, identity: str) -> Delivery:
        """Send one signed request now and tell what came back; it is neither retried nor counted nor kept.

        Raises:
            NotFound: no such webhook that the caller may see.
        """
        webhook, now = self._webhook(caller, identity), self.clock.now()
        probe = deliveries_of.trial(webhook, self.ids.ulid(), now, asked_by=caller.subject)
        answer = self.signed.call(webhook, probe, at=now)
        attempt = Attempt(number=1, at=now, url=webhook.url, answer=answer)
        return replace(probe, made=1, attempts=(attempt,))

    def _webhook(self, caller: Caller, identity: str) -> Webhook:
        webhook = self.webhooks.load(identity)
        if not webhook.visible_to(caller):
            raise NotFound(RESOURCE, identity)
        return webhook

    def _delivery(self, identity: str, event: str) -> Delivery:
        unit = self.deliveries.load(identity, event)
        if unit.delivery is None:
            raise NotFound(deliveries_of.RESOURCE, event)
        return unit.delivery
