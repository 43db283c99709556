"""A token that waits at an element, as machines report it."""

from collections.abc import Mapping
from typing import Any

from orchestrator.services.dispatch import Arrival, from_epoch_ms

Payload = Mapping[str, Any]


def arrival(event: Payload) -> Arrival:
    """The arrival in a call that is answered through its task token."""
    return Arrival(
        element_id=event["element_id"],
        occurrence=event["occurrence"],
        token=event["token"],
        input_data=event.get("input") or {},
        deadline=from_epoch_ms(event.get("deadline")),
    )
