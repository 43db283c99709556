"""Counts of a webhook's deliveries, raised in the transactions of the steps, spread so that these seldom meet."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any, Final

from orchestrator.adapters.dynamodb import keys, webhook_keys
from orchestrator.adapters.dynamodb.codec import instant
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.writes import Condition, Write, update
from orchestrator.domain.webhooks.delivery import Delivery
from orchestrator.domain.webhooks.webhook import Stats, WebhookId

SHARDS: Final = 8


def writes(delivery: Delivery, counted: Stats) -> list[Write]:
    """What a step adds; nothing where it adds nothing."""
    numbers = {"attempts": counted.attempts, "successful": counted.successful, "failed": counted.failed}
    changed = {name: number for name, number in numbers.items() if number}
    if not changed:
        return []
    text = "ADD " + ", ".join(f"#{name} :{name}" for name in changed)
    values: dict[str, Any] = dict(changed)
    names = {name: name for name in changed}
    if counted.last_triggered:
        text += " SET #last = :last"
        values["last"], names["last"] = instant(counted.last_triggered), "last_triggered"
    shard = _shard(zlib.crc32(delivery.event_id.encode()) % SHARDS)
    partition = keys.counter(webhook_keys.counts(delivery.webhook_id))
    return [update(partition, shard, Condition(text=text, values=values, names=names))]


def read(table: Table, webhook_ids: Sequence[WebhookId]) -> Mapping[WebhookId, Stats]:
    """The sums over all shards."""
    partitions = {identity: keys.counter(webhook_keys.counts(identity)) for identity in webhook_ids}
    wanted = [(partition, _shard(number)) for partition in partitions.values() for number in range(SHARDS)]
    found = table.get_many(wanted)
    return {
        identity: reduce(add, (_stats(found.get((partition, _shard(number)), {})) for number in range(SHARDS)))
        for identity, partition in partitions.items()
    }


def _stats(item: Mapping[str, Any]) -> Stats:
    last = item.get("last_triggered")
    return Stats(
        attempts=item.get("attempts", 0),
        successful=item.get("successful", 0),
        failed=item.get("failed", 0),
        last_triggered=datetime.fromisoformat(last) if last else None,
    )


def _shard(number: int) -> str:
    return f"{number:02}"
