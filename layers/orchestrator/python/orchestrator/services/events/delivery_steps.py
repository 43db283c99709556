"""Use case of the delivery worker: one step of one delivery."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from orchestrator.domain.errors import NotFound
from orchestrator.domain.webhooks import delivery as deliveries_of
from orchestrator.domain.webhooks.delivery import Answer, Attempt, AttemptError, Delivery, DeliveryStatus
from orchestrator.domain.webhooks.health import Gate, Health
from orchestrator.domain.webhooks.webhook import DisabledReason, Webhook, WebhookStatus, disabled
from orchestrator.ports.conflicts import StaleRecord
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.events import Chance, DeliveryMessage, DeliveryStore, WebhookStore
from orchestrator.services.events.delivery_queue import DeliveryScheduler
from orchestrator.services.events.signed_call import SignedCall
from orchestrator.services.events.webhook_transition import webhook_transition
from orchestrator.services.unit_of_work import decided

#: how often a held delivery is looked at again, if nobody releases it before
HELD_CHECK: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryWorker:
    """Makes the steps of deliveries. Each is written before the next is queued, so that none is lost."""

    webhooks: WebhookStore
    deliveries: DeliveryStore
    scheduler: DeliveryScheduler
    signed: SignedCall
    clock: Clock
    ids: Ids
    chance: Chance
    pause: Pause

    def step(self, message: DeliveryMessage, *, redelivered: bool) -> Delivery | None:
        """Make one step: an attempt, or find that there is none to make (yet).

        Args:
            message: from the queue.
            redelivered: the queue hands it out again, so its first handling may have ended in the middle.

        Returns:
            The delivery as it was before the step; None where it is not due or has ended.
        """
        if message.due_at > self.clock.now():
            self.scheduler.postpone(message, until=message.due_at)
            return None
        unit = self.deliveries.load(message.webhook_id, message.event_id)
        webhook, delivery = unit.webhook, unit.delivery
        if webhook is None or delivery is None or not delivery.is_open:
            return None
        if message.attempt > delivery.made:
            self._proceed(message, webhook, delivery, unit.health)
        elif redelivered:
            self._repair(delivery)
        return delivery

    def _proceed(self, message: DeliveryMessage, webhook: Webhook, delivery: Delivery, health: Health) -> None:
        now = self.clock.now()
        if webhook.status is WebhookStatus.DISABLED:
            self._save(delivery, deliveries_of.failed(delivery, now, error=AttemptError.DISABLED))
        elif delivery.expired(now):
            self._save(delivery, deliveries_of.failed(delivery, now, error=AttemptError.EXPIRED))
        elif webhook.status is WebhookStatus.PAUSED:
            self._hold(message, delivery)
        else:
            self._pass_gate(message, webhook, delivery, health)

    def _hold(self, message: DeliveryMessage, delivery: Delivery) -> None:
        """Keep it until the webhook is resumed, which releases it; a later look makes up for a missed release."""
        if delivery.status is not DeliveryStatus.HELD:
            self._save(delivery, deliveries_of.held(delivery))
        self.scheduler.postpone(message, until=self.clock.now() + HELD_CHECK)

    def _repair(self, delivery: Delivery) -> None:
        """The attempt was recorded, but perhaps not what follows it."""
        self.scheduler.next_step(delivery, at=delivery.next_attempt_at or self.clock.now())

    def _pass_gate(self, message: DeliveryMessage, webhook: Webhook, delivery: Delivery, health: Health) -> None:
        now = self.clock.now()
        gate = health.gate(now)
        if gate is Gate.PROBE:
            health = health.probing(now)
            gate = gate if self._save_health(webhook, health) else Gate.WAIT
        if gate is Gate.WAIT:
            spread = deliveries_of.jittered(timedelta(seconds=2), self.chance.fraction())
            self.scheduler.postpone(message, until=(health.open_until or now) + spread)
            return
        self._attempt(webhook, delivery, health, probe=gate is Gate.PROBE)

    def _attempt(self, webhook: Webhook, delivery: Delivery, health: Health, *, probe: bool) -> None:
        at = self.clock.now()
        answer = self.signed.call(webhook, delivery, at=at)
        attempt = Attempt(number=delivery.made + 1, at=at, url=webhook.url, answer=answer)
        after = deliveries_of.attempted(
            delivery, attempt, policy=webhook.retry_policy, counts=not probe, chance=self.chance.fraction()
        )
        recorded = self._save(delivery, after)
        self._learn(webhook, health, answer, probe=probe)
        if recorded and after.is_open:
            self.scheduler.next_step(after, at=after.next_attempt_at or self.clock.now())

    def _learn(self, webhook: Webhook, health: Health, answer: Answer, *, probe: bool) -> None:
        """What an answer tells about the receiver."""
        if answer.succeeded:
            if not health.is_well:
                self._save_health(webhook, health.after_success())
            return
        now = self.clock.now()
        worse = health.after_failure(now, probe=probe)
        self._save_health(webhook, worse)
        if answer.is_gone or worse.is_hopeless(now):
            self._disable(webhook, DisabledReason.GONE if answer.is_gone else DisabledReason.FAILING)

    def _disable(self, webhook: Webhook, reason: DisabledReason) -> None:
        def commit() -> None:
            try:
                before = self.webhooks.load(webhook.id)
            except NotFound:
                return
            if before.status is not WebhookStatus.DISABLED:
                after, told = disabled(before, self.clock.now(), reason=reason)
                self.webhooks.commit(webhook_transition(before, after, told, ids=self.ids))

        decided(commit, self.pause)

    def _save(self, before: Delivery, after: Delivery) -> bool:
        """False: somebody else made this step at the same time, and does what follows."""
        try:
            self.deliveries.save(before, after)
        except StaleRecord:
            return False
        return True

    def _save_health(self, webhook: Webhook, health: Health) -> bool:
        """False: somebody else learned something at the same time; one lesson more or less does not matter."""
        try:
            self.deliveries.save_health(webhook.id, health)
        except StaleRecord:
            return False
        return True
