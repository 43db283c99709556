"""Events: what happened, in the order of the aggregate's sequence. The event log is the outbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import DefinitionId, EventId, InstanceId, TaskId
from orchestrator.domain.priority import Priority


class EventType(StrEnum):
    """Every type the service emits."""

    DEFINITION_CREATED = "definition_created"
    DEFINITION_UPDATED = "definition_updated"
    DEFINITION_VALIDATED = "definition_validated"
    DEFINITION_PUBLISHED = "definition_published"
    DEFINITION_DEPRECATED = "definition_deprecated"
    DEFINITION_ARCHIVED = "definition_archived"
    DEFINITION_DELETED = "definition_deleted"
    WORKFLOW_CREATED = "workflow_created"
    WORKFLOW_QUEUED = "workflow_queued"
    WORKFLOW_STARTED = "workflow_started"
    WORKFLOW_PAUSED = "workflow_paused"
    WORKFLOW_RESUMED = "workflow_resumed"
    WORKFLOW_COMPLETED = "workflow_completed"
    WORKFLOW_FAILED = "workflow_failed"
    WORKFLOW_CANCELLING = "workflow_cancelling"
    WORKFLOW_CANCELLED = "workflow_cancelled"
    WORKFLOW_TERMINATED = "workflow_terminated"
    WORKFLOW_REBUILT = "workflow_rebuilt"
    WORKFLOW_PRIORITY_CHANGED = "workflow_priority_changed"
    TASK_CREATED = "task_created"
    TASK_ASSIGNED = "task_assigned"
    TASK_STARTED = "task_started"
    TASK_COMPLETED = "task_completed"
    TASK_FAILED = "task_failed"
    TASK_RETRIED = "task_retried"
    TASK_CANCELLED = "task_cancelled"
    TASK_REASSIGNED = "task_reassigned"
    ELEMENT_COMPLETED = "element_completed"
    TIMER_TRIGGERED = "timer_triggered"
    MESSAGE_RECEIVED = "message_received"
    SIGNAL_RECEIVED = "signal_received"
    CONDITION_MET = "condition_met"
    MESSAGE_SENT = "message_sent"
    MESSAGE_EXPIRED = "message_expired"
    SIGNAL_SENT = "signal_sent"
    ERROR_OCCURRED = "error_occurred"
    ESCALATION_TRIGGERED = "escalation_triggered"
    AD_HOC_ACTIVITY_BEGUN = "ad_hoc_activity_begun"
    AD_HOC_COMPLETED = "ad_hoc_completed"
    COMPENSATION_TRIGGERED = "compensation_triggered"
    WEBHOOK_REGISTERED = "webhook_registered"
    WEBHOOK_UPDATED = "webhook_updated"
    WEBHOOK_PAUSED = "webhook_paused"
    WEBHOOK_RESUMED = "webhook_resumed"
    WEBHOOK_DISABLED = "webhook_disabled"
    WEBHOOK_REMOVED = "webhook_removed"
    WEBHOOK_SECRET_ROTATED = "webhook_secret_rotated"  # noqa: S105 - the name of an event
    AGENT_REGISTERED = "agent_registered"
    AGENT_UPDATED = "agent_updated"
    AGENT_STATUS_CHANGED = "agent_status_changed"
    AGENT_REMOVED = "agent_removed"
    SERVICE_REGISTERED = "service_registered"
    SERVICE_UPDATED = "service_updated"
    SERVICE_REMOVED = "service_removed"
    ALLOCATION_SET = "allocation_set"
    ALLOCATION_RELEASED = "allocation_released"
    COMMAND_REJECTED = "command_rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What a transition says happened; it becomes an `Event` when it is numbered for the commit.

    `actor` is the user or agent that caused it, None for the engine itself.
    """

    type: EventType
    at: datetime
    data: JsonObject = field(default_factory=dict[str, Any])
    task_id: TaskId | None = None
    element_id: str | None = None
    element_type: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What events are about, and the metadata they share.

    Events of webhooks, agents, services, allocations and rejected commands have no definition.
    """

    definition_id: DefinitionId | None = None
    instance_id: InstanceId | None = None
    project_id: str | None = None
    user_id: str | None = None
    correlation_id: str | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One numbered event; `sequence` orders the events of one instance (or definition) without gaps."""

    id: EventId
    type: EventType
    timestamp: datetime
    sequence: int
    subject: Subject
    data: JsonObject
    task_id: TaskId | None = None
    element_id: str | None = None
    element_type: str | None = None
    actor: str | None = None


def number(
    happenings: Sequence[Happening], *, after: int, subject: Subject, new_id: Callable[[], EventId]
) -> tuple[Event, ...]:
    """Give happenings their ids and the sequence numbers `after + 1 ...`."""
    return tuple(
        Event(
            id=new_id(),
            type=happening.type,
            timestamp=happening.at,
            sequence=sequence,
            subject=subject,
            data=happening.data,
            task_id=happening.task_id,
            element_id=happening.element_id,
            element_type=happening.element_type,
            actor=happening.actor,
        )
        for sequence, happening in enumerate(happenings, start=after + 1)
    )
