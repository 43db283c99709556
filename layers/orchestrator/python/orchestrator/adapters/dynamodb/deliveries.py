"""Deliveries in the table. They expire thirty days after they were made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from orchestrator.adapters.dynamodb import keys, lists, webhook_counts, webhook_keys
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.schema import GSI1, GSI2
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.webhooks import read as read_webhook
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, put
from orchestrator.domain.webhooks.delivery import Delivery, DeliveryStatus, counted
from orchestrator.domain.webhooks.health import Health
from orchestrator.domain.webhooks.webhook import WebhookId
from orchestrator.ports.events import DeliveryUnit
from orchestrator.ports.paging import Listing, Page

KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DynamoDBDeliveries:
    """`ports.events.DeliveryStore`."""

    table: Table

    def create(self, delivery: Delivery) -> None:
        """One conditional write."""
        try:
            self.table.transact([put(_item(delivery), Condition(text=ABSENT))])
        except TransactionRefused:
            return

    def load(self, webhook_id: str, event_id: str) -> DeliveryUnit:
        """One BatchGetItem."""
        head = (webhook_keys.WEBHOOKS, webhook_keys.head(webhook_id))
        health = (webhook_keys.aggregate(webhook_id), webhook_keys.HEALTH)
        delivery = (webhook_keys.delivery(webhook_id, event_id), keys.HEAD)
        found = self.table.get_many([head, health, delivery])
        return DeliveryUnit(
            webhook=read_webhook(found[head]) if head in found else None,
            delivery=_read(found[delivery]) if delivery in found else None,
            health=decode(Health, found[health]) if health in found else Health(),
        )

    def save(self, before: Delivery, after: Delivery) -> None:
        """One transaction: the delivery, and the counts of its webhook."""
        unmoved = Condition(text="#v = :v", names={"v": "version"}, values={"v": before.version})
        counts = webhook_counts.writes(after, counted(before, after))
        self.table.transact([put(_item(after), unmoved), *counts])

    def save_health(self, webhook_id: WebhookId, health: Health) -> None:
        """One conditional write."""
        first = " OR attribute_not_exists(#v)" if health.version == 1 else ""
        unmoved = Condition(text=f"#v = :v{first}", names={"v": "version"}, values={"v": health.version - 1})
        key = {"pk": webhook_keys.aggregate(webhook_id), "sk": webhook_keys.HEALTH}
        self.table.transact([put({**key, **encode(health)}, unmoved)])

    def forget_health(self, webhook_id: WebhookId) -> None:
        """One DeleteItem."""
        self.table.delete_all([(webhook_keys.aggregate(webhook_id), webhook_keys.HEALTH)])

    def list(self, webhook_id: str, *, status: DeliveryStatus | None, page: Page) -> Listing[Delivery]:
        """One Query of the list of the webhook or of its deliveries in a status, and a counting one."""
        if status is not None and status in webhook_keys.SOUGHT:
            source = lists.Source(partition=webhook_keys.deliveries_in(webhook_id, status), index=GSI2)
        else:
            narrowing = lists.Narrowing()
            narrowing.equal("status", status)
            source = lists.Source(
                partition=webhook_keys.deliveries(webhook_id), index=GSI1, filters=narrowing.filters()
            )
        return lists.page_of(self.table, source, page, _read)

    def held(self, webhook_id: str) -> Iterator[Delivery]:
        """Queries of the list by status."""
        return self._in(webhook_id, DeliveryStatus.HELD, lists.LOWEST)

    def failed_since(self, webhook_id: str, since: datetime) -> Iterator[Delivery]:
        """Queries of the list by status."""
        return self._in(webhook_id, DeliveryStatus.FAILED, lists.since(since))

    def _in(self, webhook_id: str, status: DeliveryStatus, low: str) -> Iterator[Delivery]:
        partition = webhook_keys.deliveries_in(webhook_id, status)
        found = self.table.all(partition, index=GSI2, low=low, consistent=False)
        return map(_read, found)


def _item(delivery: Delivery) -> dict[str, Any]:
    sought = delivery.status in webhook_keys.SOUGHT
    return {
        "pk": webhook_keys.delivery(delivery.webhook_id, delivery.event_id),
        "sk": keys.HEAD,
        "ttl": int((delivery.created_at + KEPT).timestamp()),
        **keys.listed(
            keys.position(delivery.created_at, delivery.event_id),
            webhook_keys.deliveries(delivery.webhook_id),
            webhook_keys.deliveries_in(delivery.webhook_id, delivery.status) if sought else None,
        ),
        **encode(delivery),
    }


def _read(item: Plain) -> Delivery:
    return decode(Delivery, item)
