"""The outbox relay: from the event log to the bus, in order, at least once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from orchestrator.domain.cloud_event import cloud_event
from orchestrator.domain.events import Event
from orchestrator.ports.environment import EventBus

#: entries of one PutEvents
BATCH: Final = 10


@dataclass(frozen=True, slots=True)
class OutboxRelay:
    """Publishes events of the log."""

    bus: EventBus

    def relay(self, events: Sequence[Event]) -> int | None:
        """Publish in order; the place of the first event that was refused (all later ones are to be sent again)."""
        for start in range(0, len(events), BATCH):
            refused = self.bus.publish([cloud_event(event) for event in events[start : start + BATCH]])
            if refused:
                return start + min(refused)
        return None
