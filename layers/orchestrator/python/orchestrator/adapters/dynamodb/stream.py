"""Events in records of the table's stream."""

from collections.abc import Mapping
from typing import Any

from orchestrator.adapters.dynamodb import keys, outbox
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.domain.events import Event

StreamRecord = Mapping[str, Any]


def is_new_event(record: StreamRecord) -> bool:
    """Tell whether the record is the insertion of an event."""
    sort_key: str = record["dynamodb"]["Keys"]["sk"]["S"]
    return record["eventName"] == "INSERT" and sort_key.startswith(keys.EVENT)


def event_in(record: StreamRecord) -> Event:
    """The event that was inserted."""
    return outbox.read(unmarshal(record["dynamodb"]["NewImage"]))
