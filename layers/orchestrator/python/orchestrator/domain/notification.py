"""Who is to be told of an event, and as what: it says so itself, and webhooks that name the recipient get it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from orchestrator.domain.assignment import Assignee, Assignment, AssignmentMethod
from orchestrator.domain.documents import JsonObject

#: the field of an event's `data`; absent where nobody in particular is to be told
FIELD: Final = "notifications"


class NotificationType(StrEnum):
    """What an event is to its recipient (spec: reassign, `notifications_sent`)."""

    TASK_ASSIGNED = "task_assigned"
    TASK_UNASSIGNED = "task_unassigned"
    WORKFLOW_COMPLETED = "workflow_completed"
    WORKFLOW_FAILED = "workflow_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """`recipient` is the id of an agent, a person or a team."""

    recipient: str
    type: NotificationType


def noted(notifications: Iterable[Notification]) -> dict[str, Any]:
    """The field of an event's `data`, each notification once; nothing without recipients."""
    once = dict.fromkeys(notifications)
    return {FIELD: [{"recipient": it.recipient, "type": it.type} for it in once]} if once else {}


def in_event(data: JsonObject) -> tuple[Notification, ...]:
    """What `noted` wrote into an event."""
    return tuple(
        Notification(recipient=it["recipient"], type=NotificationType(it["type"])) for it in data.get(FIELD, ())
    )


def of_instance(wishes: Mapping[str, Any], kind: NotificationType) -> dict[str, Any]:
    """The field for the end of an instance; `wishes` are those of its start (`on_completion`, `on_failure`)."""
    wish = "on_completion" if kind is NotificationType.WORKFLOW_COMPLETED else "on_failure"
    return noted(Notification(recipient=name, type=kind) for name in wishes.get(wish, ()))


def of_assignment(given: Assignment) -> dict[str, Any]:
    """The field for a task that has a performer now; who took it by itself knows, and services are called."""
    if given.assignment_method is AssignmentMethod.SELF:
        return {}
    return noted(_to(given.assigned_to, NotificationType.TASK_ASSIGNED))


def of_reassignment(
    previous: Assignee | None, new: Assignee, *, notify_previous: bool, notify_new: bool
) -> dict[str, Any]:
    """The field for a task that changes hands, as the caller wants it; nobody loses a task to themselves."""
    lost = previous if notify_previous and previous is not None and previous.key != new.key else None
    gained = new if notify_new else None
    return noted(
        [*_to(lost, NotificationType.TASK_UNASSIGNED), *_to(gained, NotificationType.TASK_ASSIGNED)],
    )


def _to(performer: Assignee | None, kind: NotificationType) -> list[Notification]:
    if performer is None or performer.agent_id is None:
        return []
    return [Notification(recipient=performer.agent_id, type=kind)]
