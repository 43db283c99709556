"""From an event to the receiver of its webhook on a local stack, one instance at a time."""

import json
from datetime import UTC, datetime
from typing import Any

from benchmarks.requests_ import MODEL, running_stack
from benchmarks.table import spread
from tests.contract.events.receiver import Received, receiving, status
from tests.e2e.stack import wait_until

INSTANCES = 30


def measure() -> list[dict[str, Any]]:
    """One row, in milliseconds: from the event's timestamp to the request at the receiver."""
    lags: list[float] = []
    ended: set[str] = set()

    def note(handler: Any, got: Received) -> None:
        event = json.loads(got.body)
        lags.append((datetime.now(UTC) - datetime.fromisoformat(event["timestamp"])).total_seconds() * 1000)
        if event["event_type"] == "workflow_completed":
            ended.add(event["workflow_instance_id"])
        status(200)(handler, got)

    with running_stack() as api, receiving(note) as receiver:
        api.ok("POST", "/events/webhook", body={"url": receiver.url})
        definition = api.publish(MODEL, name="bench")
        for _ in range(INSTANCES):
            instance = api.start(definition)
            api.drive(instance, lambda _task: {})
            wait_until(lambda instance=instance: instance in ended, seconds=30, what=f"the end of {instance}")
        return [{"step": "event to webhook", "events": len(lags)} | {f"{k}_ms": v for k, v in spread(lags).items()}]
