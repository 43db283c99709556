"""What each event tells: the fields of its `data`, as JSON Schema. docs/events.md and its schemas are made of this.

A row names the fields that are always there and, after `?`, those that may be absent. The meaning of a field does
not change from event to event, so its type stands once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from orchestrator.domain.events import EventType
from orchestrator.domain.notification import NotificationType
from orchestrator.domain.priority import Priority

Schema = dict[str, Any]
_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
_TEXTS: Final[Schema] = {"type": "array", "items": {"type": "string"}}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_SECONDS: Final[Schema] = {"type": ["number", "null"], "minimum": 0, "description": "seconds"}
_TIME: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}

FIELDS: Final[Mapping[str, Schema]] = {
    "ad_hoc_sub_process": {**_TEXT, "description": "its element id"},
    "agent_id": _TEXT,
    "agent_type": {"enum": ["human", "ai", "service"]},
    "allocation_id": _TEXT,
    "assigned_to": {**_TEXT_OR_NULL, "description": "agent id or service name"},
    "assignment_method": _TEXT,
    "attempt": _COUNT,
    "business_key": _TEXT_OR_NULL,
    "cause": _TEXT_OR_NULL,
    "changed": {**_TEXTS, "description": "names of the changed fields"},
    "command_id": _TEXT,
    "command_source": _TEXT,
    "command_type": _TEXT,
    "caught_by": {**_TEXT_OR_NULL, "description": "boundary event or event sub-process; null: nothing caught it"},
    "completed_tasks": _COUNT,
    "completion_notes": _TEXT_OR_NULL,
    "definition_version": _TEXT,
    "delivery": _TEXT,
    "due_at": _TIME,
    "element_name": _TEXT_OR_NULL,
    "endpoint": _TEXT_OR_NULL,
    "escalation_code": _TEXT_OR_NULL,
    "error_code": _TEXT,
    "error_details": {"type": "object", "properties": {"error_code": _TEXT, "message": _TEXT}},
    "errors": _COUNT,
    "estimated_completion": _TIME,
    "execution_time": _SECONDS,
    "failed_task_id": _TEXT_OR_NULL,
    "failed_task_name": _TEXT_OR_NULL,
    "failure_reason": _TEXT,
    "field": _TEXT_OR_NULL,
    "handlers": {**_COUNT, "description": "how many are to run"},
    "input_variables": {**_TEXTS, "description": "names only"},
    "instance_name": _TEXT,
    "is_valid": {"type": "boolean"},
    "condition": _TEXT,
    "correlation_key": _TEXT_OR_NULL,
    "message": _TEXT,
    "message_id": {**_TEXT_OR_NULL, "description": "the sender's id of the message"},
    "message_name": _TEXT,
    "name": _TEXT,
    "notifications": {
        "type": "array",
        "description": "who is told of this event, and as what",
        "items": {
            "type": "object",
            "properties": {"recipient": _TEXT, "type": {"enum": [str(kind) for kind in NotificationType]}},
            "required": ["recipient", "type"],
        },
    },
    "occurrence": {**_COUNT, "description": "of a timer, from 1"},
    "output_variables": {**_TEXTS, "description": "names only"},
    "previous_priority": {"enum": [str(priority) for priority in Priority]},
    "previous_status": _TEXT,
    "priority": {"enum": [str(priority) for priority in Priority]},
    "reason": _TEXT_OR_NULL,
    "requested_actions": {"type": "array", "items": {"type": "object"}},
    "reserved_workflows": _COUNT,
    "resource_id": _TEXT,
    "resource_type": _TEXT,
    "result_summary": {"type": "object"},
    "retry_possible": {"type": "boolean"},
    "run": {**_COUNT, "description": "number of the execution"},
    "signal_name": _TEXT,
    "service_name": _TEXT,
    "started_by": _TEXT,
    "state_machine_arn": _TEXT,
    "status": _TEXT,
    "suggested_actions": _TEXTS,
    "task_name": _TEXT,
    "task_type": _TEXT,
    "url": {"type": "string", "format": "uri"},
    "version": _TEXT,
    "waiting_time": _SECONDS,
    "warnings": _COUNT,
    "webhook_id": _TEXT,
}


@dataclass(frozen=True, slots=True)
class Description:
    """One type of event in words, and its fields."""

    summary: str
    always: tuple[str, ...] = ()
    sometimes: tuple[str, ...] = ()


def _row(summary: str, fields: str = "") -> Description:
    always, _, sometimes = fields.partition("?")
    return Description(summary, tuple(always.split()), tuple(sometimes.split()))


_WORK: Final = "task_name task_type priority"
_WHO: Final = "assigned_to agent_type"
_AGENT: Final = "agent_id agent_type name status"
_SERVICE: Final = "service_name delivery endpoint"
_ALLOCATION: Final = "allocation_id resource_type resource_id reserved_workflows"
_HOOK: Final = "webhook_id url status"
_E = EventType

CATALOGUE: Final[Mapping[EventType, Description]] = {
    _E.DEFINITION_CREATED: _row("A definition was drafted.", "name version"),
    _E.DEFINITION_UPDATED: _row("A definition was changed.", "changed name version status"),
    _E.DEFINITION_VALIDATED: _row("The current version was validated.", "version is_valid errors warnings"),
    _E.DEFINITION_PUBLISHED: _row(
        "A version has a state machine and takes new instances.", "version name ? state_machine_arn"
    ),
    _E.DEFINITION_DEPRECATED: _row("It takes no new instances.", "name version"),
    _E.DEFINITION_ARCHIVED: _row("It is out of use for good.", "name version"),
    _E.DEFINITION_DELETED: _row("It was removed, with its versions.", "name version"),
    _E.WORKFLOW_CREATED: _row(
        "An instance was created.", "instance_name definition_version priority input_variables ? business_key"
    ),
    _E.WORKFLOW_QUEUED: _row("It waits for a slot.", "instance_name priority reason"),
    _E.WORKFLOW_STARTED: _row("It runs.", "instance_name started_by priority ? estimated_completion waiting_time"),
    _E.WORKFLOW_PAUSED: _row("It was paused.", "? instance_name reason"),
    _E.WORKFLOW_RESUMED: _row("It goes on.", "? instance_name reason"),
    _E.WORKFLOW_COMPLETED: _row(
        "It has ended normally.", "instance_name completed_tasks output_variables ? execution_time notifications"
    ),
    _E.WORKFLOW_FAILED: _row(
        "It cannot go on.",
        "failure_reason error_details retry_possible suggested_actions ? failed_task_id failed_task_name notifications",
    ),
    _E.WORKFLOW_CANCELLING: _row(
        "What it has completed is compensated, then it is cancelled.", "handlers ? instance_name reason"
    ),
    _E.WORKFLOW_CANCELLED: _row("It was cancelled.", "? instance_name reason"),
    _E.WORKFLOW_TERMINATED: _row("It was terminated.", "? instance_name reason"),
    _E.WORKFLOW_REBUILT: _row("A lost execution was made again from the record.", "run cause"),
    _E.WORKFLOW_PRIORITY_CHANGED: _row("It has another priority.", "previous_priority priority ? reason"),
    _E.TASK_CREATED: _row("The machine reached an activity.", f"{_WORK} ? {_WHO}"),
    _E.TASK_ASSIGNED: _row("A task has a performer.", f"{_WORK} {_WHO} ? assignment_method notifications"),
    _E.TASK_STARTED: _row("Work began.", f"{_WORK} ? {_WHO} attempt waiting_time"),
    _E.TASK_COMPLETED: _row(
        "Work is done.", f"{_WORK} ? {_WHO} execution_time completion_notes result_summary requested_actions"
    ),
    _E.TASK_FAILED: _row("It needs help, or will be tried again.", f"{_WORK} error_code message ? {_WHO}"),
    _E.TASK_RETRIED: _row("It is tried again.", f"{_WORK} ? {_WHO} attempt reason"),
    _E.TASK_CANCELLED: _row("Nobody need do it any more.", f"{_WORK} ? {_WHO} reason"),
    _E.TASK_REASSIGNED: _row("It has another performer.", f"{_WORK} ? {_WHO} assignment_method reason notifications"),
    _E.ELEMENT_COMPLETED: _row("A token passed a flow node that is no task.", "element_name"),
    _E.TIMER_TRIGGERED: _row("A timer took over, or started an instance.", "? element_name reason due_at occurrence"),
    _E.MESSAGE_RECEIVED: _row(
        "A message arrived at a token that waited for it, or started an instance.",
        "? element_name message_name correlation_key message_id reason",
    ),
    _E.SIGNAL_RECEIVED: _row(
        "A signal arrived at a token that waited for it, or started an instance.", "? element_name signal_name reason"
    ),
    _E.CONDITION_MET: _row("A condition that a token waited for became true.", "? element_name condition"),
    _E.MESSAGE_SENT: _row("A process threw a message.", "element_name message_name correlation_key"),
    _E.SIGNAL_SENT: _row("A process threw a signal.", "element_name signal_name"),
    _E.MESSAGE_EXPIRED: _row(
        "Nobody waited for a message within its time to live.", "message_name correlation_key message_id"
    ),
    _E.ERROR_OCCURRED: _row("A BPMN error was raised.", "? element_name error_code message reason"),
    _E.ESCALATION_TRIGGERED: _row("A BPMN escalation was raised.", "element_name escalation_code caught_by"),
    _E.AD_HOC_ACTIVITY_BEGUN: _row(
        "Somebody began an activity of an ad-hoc sub-process.", "element_name ad_hoc_sub_process"
    ),
    _E.AD_HOC_COMPLETED: _row("An ad-hoc sub-process is done: nothing more begins in it.", "element_name reason"),
    _E.COMPENSATION_TRIGGERED: _row("Completed activities are undone.", "element_name"),
    _E.WEBHOOK_REGISTERED: _row("A webhook was registered.", _HOOK),
    _E.WEBHOOK_UPDATED: _row("A webhook was changed.", f"{_HOOK} changed"),
    _E.WEBHOOK_PAUSED: _row("Its events wait.", _HOOK),
    _E.WEBHOOK_RESUMED: _row("Its events are sent again.", _HOOK),
    _E.WEBHOOK_DISABLED: _row("Its receiver was given up.", f"{_HOOK} reason"),
    _E.WEBHOOK_REMOVED: _row("A webhook was removed.", _HOOK),
    _E.WEBHOOK_SECRET_ROTATED: _row("It signs with a new key.", _HOOK),
    _E.AGENT_REGISTERED: _row("An agent was registered.", _AGENT),
    _E.AGENT_UPDATED: _row("An agent was changed.", f"{_AGENT} changed"),
    _E.AGENT_STATUS_CHANGED: _row(
        "An agent reported another status, or was not heard of.", f"{_AGENT} previous_status reason"
    ),
    _E.AGENT_REMOVED: _row("An agent was removed.", _AGENT),
    _E.SERVICE_REGISTERED: _row("A service was registered.", _SERVICE),
    _E.SERVICE_UPDATED: _row("A service was changed.", f"{_SERVICE} changed"),
    _E.SERVICE_REMOVED: _row("A service was removed.", _SERVICE),
    _E.ALLOCATION_SET: _row("Slots are kept for a definition, a project or a service.", _ALLOCATION),
    _E.ALLOCATION_RELEASED: _row(
        "Slots are not kept any more; those in use are free when they are given back.", _ALLOCATION
    ),
    _E.COMMAND_REJECTED: _row(
        "A command of another service was not carried out.",
        "command_source command_id command_type error_code reason ? field",
    ),
}


def schema_of(event_type: EventType) -> Schema:
    """JSON Schema (2020-12) of what receivers of webhooks get, and what `data` of the CloudEvent on the bus is."""
    told = CATALOGUE[event_type]
    names = (*told.always, *told.sometimes)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:task-orchestrator:event:{event_type}",
        "title": str(event_type),
        "description": told.summary,
        "type": "object",
        "properties": {
            "event_id": _TEXT,
            "event_type": {"const": str(event_type)},
            "timestamp": {"type": "string", "format": "date-time"},
            "workflow_instance_id": _TEXT,
            "workflow_definition_id": _TEXT,
            "task_id": _TEXT,
            "sequence": {"type": "integer", "minimum": 1},
            "data": {
                "type": "object",
                "properties": {name: FIELDS[name] for name in names},
                "required": list(told.always),
            },
            "metadata": {
                "type": "object",
                "properties": {"project_id": _TEXT_OR_NULL, "correlation_id": _TEXT_OR_NULL},
                "required": ["project_id", "correlation_id"],
            },
        },
        "required": ["event_id", "event_type", "timestamp", "sequence", "data", "metadata"],
    }
