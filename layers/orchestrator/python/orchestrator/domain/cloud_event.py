"""Events as they leave the service: the spec's webhook body, in a CloudEvents 1.0 envelope on the bus.

`sequence` orders the events of one instance without gaps (as an attribute in the form of the CloudEvents
extension of that name); `priority` and `projectid` are extension attributes that rules can match.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from orchestrator.domain import notification
from orchestrator.domain.events import Event
from orchestrator.domain.ids import EventId
from orchestrator.domain.webhooks.webhook import Occurrence

#: `source` of everything we put on the bus, and of our CloudEvents
SOURCE: Final = "task-orchestrator"
_SEQUENCE_DIGITS: Final = 10


def body_of(event: Event) -> dict[str, Any]:
    """What receivers of webhooks get: the spec's shape, and `sequence`; absent ids are left out."""
    about = event.subject
    ids = {
        "workflow_instance_id": about.instance_id,
        "workflow_definition_id": about.definition_id,
        "task_id": event.task_id,
    }
    return {
        "event_id": event.id,
        "event_type": event.type.value,
        "timestamp": _instant(event.timestamp),
        **{name: value for name, value in ids.items() if value is not None},
        "sequence": event.sequence,
        "data": dict(event.data),
        "metadata": {"project_id": about.project_id, "correlation_id": about.correlation_id},
    }


def cloud_event(event: Event) -> dict[str, Any]:
    """The `detail` on the bus (CloudEvents 1.0, structured mode)."""
    about = event.subject
    extensions = {"priority": about.priority, "projectid": about.project_id}
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": SOURCE,
        "type": event.type.value,
        "subject": about.instance_id or about.definition_id or _named_in(event),
        "time": _instant(event.timestamp),
        "datacontenttype": "application/json",
        "sequence": f"{event.sequence:0{_SEQUENCE_DIGITS}}",
        **{name: str(value) for name, value in extensions.items() if value is not None},
        "data": body_of(event),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An event as it came off the bus: what webhooks are chosen by, and the text that they get."""

    event_id: EventId
    occurrence: Occurrence
    payload: str


def arrival(detail: Mapping[str, Any]) -> Arrival:
    """Read a CloudEvent of ours.

    Raises:
        KeyError, ValueError: it is none: a bug of the sender, which is us.
    """
    body: Mapping[str, Any] = detail["data"]
    return Arrival(
        event_id=EventId(detail["id"]),
        occurrence=Occurrence(
            event_type=detail["type"],
            at=datetime.fromisoformat(detail["time"]),
            project_id=detail.get("projectid"),
            definition_id=body.get("workflow_definition_id"),
            priority=detail.get("priority"),
            recipients=frozenset(it.recipient for it in notification.in_event(body["data"])),
        ),
        payload=json.dumps(body, separators=(",", ":"), ensure_ascii=False),
    )


def _named_in(event: Event) -> str:
    """What an event without instance and definition is about."""
    names = (event.data.get(field) for field in ("webhook_id", "agent_id", "service_name"))
    return next((str(name) for name in names if name), event.id)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
