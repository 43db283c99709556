"""Events as items: the log of their aggregate, listed by time and by type, and the outbox of the stream relay."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.counters import ALL, Tally
from orchestrator.adapters.dynamodb.writes import Write, put
from orchestrator.domain.events import Event


def writes(partition: str, events: tuple[Event, ...], *, retention_days: int, tally: Tally) -> list[Write]:
    """One Put per event; counted by type."""
    for event in events:
        tally.add(ALL, "event", 1)
        tally.add(ALL, f"event.type.{event.type}", 1)
    return [put(_item(partition, event, retention_days)) for event in events]


def _item(partition: str, event: Event, retention_days: int) -> dict[str, Any]:
    at = keys.position(event.timestamp, event.id)
    expiry = int((event.timestamp + timedelta(days=retention_days)).timestamp()) if retention_days else None
    return {
        "pk": partition,
        "sk": keys.event(event.sequence),
        "ttl": expiry,
        **keys.listed(at, keys.EVENTS, keys.events_of_type(event.type)),
        **encode(event),
    }


def read(item: Mapping[str, Any]) -> Event:
    """The event in an item."""
    return decode(Event, item)
