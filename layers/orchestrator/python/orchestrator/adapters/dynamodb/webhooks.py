"""Webhooks in the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestrator.adapters.dynamodb import outbox, webhook_counts, webhook_keys
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, Write, delete, put, update
from orchestrator.domain.errors import NotFound
from orchestrator.domain.webhooks.webhook import RESOURCE, Stats, Webhook, WebhookId
from orchestrator.ports.events import WebhookTransition


@dataclass(slots=True)
class _Known:
    """All webhooks as of a version of the registry."""

    version: int = -1
    webhooks: tuple[Webhook, ...] = ()


@dataclass(frozen=True, slots=True)
class DynamoDBWebhooks:
    """`ports.events.WebhookStore`."""

    table: Table
    retention_days: int
    _known: _Known = field(default_factory=_Known, repr=False)

    def load(self, webhook_id: str) -> Webhook:
        """One GetItem."""
        item = self.table.get(webhook_keys.WEBHOOKS, webhook_keys.head(webhook_id))
        if item is None:
            raise NotFound(RESOURCE, webhook_id)
        return read(item)

    def stats(self, webhook_ids: Sequence[WebhookId]) -> Mapping[WebhookId, Stats]:
        """One BatchGetItem for a dozen webhooks."""
        return webhook_counts.read(self.table, webhook_ids)

    def all(self) -> tuple[Webhook, ...]:
        """One GetItem of the registry's version, and a Query when it has changed since the last call."""
        item = self.table.get(webhook_keys.WEBHOOKS, webhook_keys.REGISTRY_VERSION)
        version = item["version"] if item else 0
        if version != self._known.version:
            found = self.table.all(webhook_keys.WEBHOOKS, low=webhook_keys.head(""))
            self._known.webhooks = tuple(map(read, found))
            self._known.version = version
        return self._known.webhooks

    def commit(self, transition: WebhookTransition) -> None:
        """One transaction: webhook, registry version, events, counters."""
        webhook = transition.after or transition.before
        if webhook is None:
            raise ValueError("a transition of nothing")
        tally = Tally(aggregate=webhook.id)
        partition = webhook_keys.aggregate(webhook.id)
        written = outbox.writes(partition, transition.events, retention_days=self.retention_days, tally=tally)
        raised = Condition(text="ADD #v :one", names={"v": "version"}, values={"one": 1})
        version = update(webhook_keys.WEBHOOKS, webhook_keys.REGISTRY_VERSION, raised)
        self.table.transact([_change(transition), version, *written, *tally.writes()])


def read(item: Plain) -> Webhook:
    """The webhook in an item."""
    return decode(Webhook, item)


def _change(transition: WebhookTransition) -> Write:
    before, after = transition.before, transition.after
    unmoved = Condition(text=ABSENT)
    if before is not None:
        unmoved = Condition(text="#s = :s", names={"s": "sequence"}, values={"s": before.sequence})
    if after is not None:
        return put(_item(after), unmoved)
    return delete(webhook_keys.WEBHOOKS, webhook_keys.head(before.id if before else ""), unmoved)


def _item(webhook: Webhook) -> dict[str, Any]:
    return {"pk": webhook_keys.WEBHOOKS, "sk": webhook_keys.head(webhook.id), **encode(webhook)}
