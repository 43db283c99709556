"""The event bus."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.adapters.failures import unavailable

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE: Final = "task-orchestrator"


@dataclass(frozen=True, slots=True)
class CustomBus:
    """`ports.environment.EventBus`."""

    client: "EventBridgeClient"
    name: str

    def publish(self, events: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
        """PutEvents: the detail type is the CloudEvent's type."""
        entries = [self._entry(event) for event in events]
        with unavailable("the event bus"):
            answer = self.client.put_events(Entries=entries)  # pyright: ignore[reportArgumentType]
        return tuple(place for place, entry in enumerate(answer["Entries"]) if "ErrorCode" in entry)

    def _entry(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "EventBusName": self.name,
            "Source": SOURCE,
            "DetailType": event["type"],
            "Time": event["time"],
            "Resources": [],
            "Detail": json.dumps(event, separators=(",", ":"), ensure_ascii=False),
        }
