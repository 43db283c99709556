"""The events of one execution, as GetExecutionHistory returns them."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from infra.local.step_functions.failures import ErrorName, StateFailure

Json = dict[str, Any]

#: "25,000 entries in the history of a single execution" (service quota); then the execution fails
EVENT_LIMIT = 25_000


@dataclass(slots=True)
class History:
    """All events of one execution, in the order in which they happened."""

    events: list[Json] = field(default_factory=list[Json])

    def trail(self) -> "Trail":
        """The trail of the execution's root."""
        return Trail(self, previous=0)


@dataclass(slots=True)
class Trail:
    """One branch's place in the history: each event names the one before it on its branch."""

    history: History
    previous: int

    def fork(self) -> "Trail":
        """The trail of a branch that starts here."""
        return Trail(self.history, previous=self.previous)

    def add(self, event_type: str, **details: Any) -> None:
        """Append an event; the details go under the name that the API gives them.

        Raises:
            StateFailure: States.Runtime beyond 25,000 events.
        """
        events = self.history.events
        if len(events) >= EVENT_LIMIT:
            raise StateFailure(ErrorName.RUNTIME, f"The execution reached the maximum of {EVENT_LIMIT} history events.")
        event: Json = {
            "id": len(events) + 1,
            "previousEventId": self.previous,
            "timestamp": time.time(),
            "type": event_type,
        }
        if details:
            event[_details_key(event_type)] = details
        self.previous = event["id"]
        events.append(event)


def text(value: Any) -> str:
    """Data as the API carries it: a JSON string."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _details_key(event_type: str) -> str:
    for shared in ("StateEntered", "StateExited"):
        if event_type.endswith(shared):
            event_type = shared
    return f"{event_type[0].lower()}{event_type[1:]}EventDetails"
