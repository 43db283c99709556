"""The table's stream: new events go to the bus, in order; from the first that fails on, they come again."""

from collections.abc import Mapping
from typing import Any

from orchestrator.bootstrap import outbox
from orchestrator.observability import logger

Record = Mapping[str, Any]


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Relay a batch of stream records; answers which one to begin with again (partial batch response)."""
    records = [record for record in event["Records"] if outbox.is_new_event(record)]
    failed = outbox.outbox_relay().relay([outbox.event_in(record) for record in records])
    if failed is None:
        return {"batchItemFailures": []}
    sequence_number = records[failed]["dynamodb"]["SequenceNumber"]
    logger.warning("the bus refused an event", sequence_number=sequence_number)
    return {"batchItemFailures": [{"itemIdentifier": sequence_number}]}
