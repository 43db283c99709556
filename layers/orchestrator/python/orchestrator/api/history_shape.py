"""The history of an instance on the wire."""

from typing import Any

from orchestrator.api.responses import stamp
from orchestrator.domain.events import Event


def history_entry(event: Event) -> dict[str, Any]:
    """One entry; `actor` is who did it, None for the engine itself."""
    return {
        "id": event.id,
        "sequence": event.sequence,
        "timestamp": stamp(event.timestamp),
        "event_type": event.type,
        "element_id": event.element_id,
        "element_type": event.element_type,
        "element_name": event.data.get("element_name") or event.data.get("task_name"),
        "task_id": event.task_id,
        "actor": event.actor,
        "data": dict(event.data),
    }
