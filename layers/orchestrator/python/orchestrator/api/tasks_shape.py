"""Tasks on the wire, as several groups show them."""

from typing import Any

from orchestrator.api.responses import stamp
from orchestrator.domain.assignment import Assignee, Assignment
from orchestrator.domain.task import LogLine, Task
from orchestrator.ports.tasks import TaskRecord, TaskUnit
from orchestrator.services.tasks.reassignment import Reassigned
from orchestrator.services.tasks.task_escalations import Escalated


def current_task(task: Task) -> dict[str, Any]:
    """A task in `current_tasks` (spec: start, status). An estimate exists where a deadline or due date is modelled."""
    return {
        "id": task.id,
        "name": task.name,
        "type": task.type,
        "status": task.status,
        "element_id": task.element_id,
        "assigned_to": assignee(task.assignment.assigned_to) if task.assignment else None,
        "candidate_groups": list(task.candidate_groups),
        "started_at": stamp(task.started_at),
        "created_at": stamp(task.created_at),
        "estimated_completion": stamp(task.deadline or task.due_date),
    }


def assignee(who: Assignee) -> dict[str, Any]:
    """A performer: an agent by id, a service by name and endpoint."""
    shape: dict[str, Any] = {"agent_type": who.agent_type}
    if who.agent_id is not None:
        shape["agent_id"] = who.agent_id
    if who.service_name is not None:
        shape["service_name"] = who.service_name
        shape["endpoint"] = who.endpoint
    return shape


def assignment(given: Assignment | None) -> dict[str, Any] | None:
    """A performer, how it was chosen, and when; None while there is none."""
    if given is None:
        return None
    return {
        "assigned_to": assignee(given.assigned_to),
        "assignment_method": given.assignment_method,
        "assigned_at": stamp(given.assigned_at),
    }


def task_head(task: Task) -> dict[str, Any]:
    """What every view of a task begins with."""
    return {
        "id": task.id,
        "workflow_instance_id": task.instance_id,
        "workflow_definition_id": task.definition_id,
        "name": task.name,
        "description": task.description,
        "type": task.type,
        "element_id": task.element_id,
        "status": task.status,
        "priority": task.priority,
        "created_at": stamp(task.created_at),
        "started_at": stamp(task.started_at),
        "completed_at": stamp(task.completed_at),
        "due_date": stamp(task.due_date),
        "candidate_users": list(task.candidate_users),
        "candidate_groups": list(task.candidate_groups),
        "assignment": assignment(task.assignment),
    }


def task_state(unit: TaskUnit) -> dict[str, Any]:
    """Where a task stands in its lifecycle, and its instance with it."""
    task = unit.task
    if task is None:
        raise ValueError("a unit without task has no state")
    return {
        "id": task.id,
        "workflow_instance_id": task.instance_id,
        "element_id": task.element_id,
        "status": task.status,
        "workflow_status": unit.instance.status,
        "priority": task.priority,
        "created_at": stamp(task.created_at),
        "started_at": stamp(task.started_at),
        "completed_at": stamp(task.completed_at),
        "last_updated": stamp(task.updated_at),
        "execution_time": task.execution_seconds,
        "assignment": assignment(task.assignment),
        "retry_policy": retry_policy(task),
        "error": error(task),
        "caught_by": task.caught_by,
        "interrupted_by": task.interrupted_by,
        "held": task.held,
    }


def escalation(done: Escalated) -> dict[str, Any]:
    """Where a task stands after an escalation, and what caught that."""
    catch = done.catch
    raised = {
        "escalation_code": done.code,
        "caught_by": None if catch is None else catch.handler_id,
        "is_interrupting": catch is not None and catch.handling is None,
    }
    return {**task_state(done.unit), "escalation": raised}


def claimed_task(record: TaskRecord) -> dict[str, Any]:
    """A task as its worker gets it."""
    task = record.task
    return {
        **task_head(task),
        "input_data": record.input_data,
        "retry_policy": retry_policy(task),
        "correlation_id": task.context.get("correlation_id"),
        "lock": _lock(task),
    }


def lock_state(task: Task) -> dict[str, Any]:
    """Who has a task, and until when."""
    return {"id": task.id, "status": task.status, "lock": _lock(task)}


def _lock(task: Task) -> dict[str, Any] | None:
    return {"worker_id": task.lock.worker_id, "locked_until": stamp(task.lock.until)} if task.lock else None


def retry_policy(task: Task) -> dict[str, Any]:
    """Where a task stands in its retries."""
    return {
        "max_retries": task.retry_policy.max_retries,
        "current_attempt": task.attempt,
        "backoff_strategy": task.retry_policy.backoff_strategy,
        "next_retry_at": stamp(task.next_retry_at),
    }


def error(task: Task) -> dict[str, Any] | None:
    """The last failure of a task."""
    incident = task.incident
    return {"error_code": incident.code, "message": incident.message} if incident else None


def log_line(line: LogLine) -> dict[str, Any]:
    """One line of an execution log."""
    return {
        "timestamp": stamp(line.timestamp),
        "level": line.level,
        "message": line.message,
        "details": dict(line.details),
        "logged_by": line.logged_by,
    }


def reassignment(done: Reassigned) -> dict[str, Any]:
    """The spec's answer to a reassignment."""
    after, previous, current = done.after, done.before.assignment, done.after.assignment
    return {
        "id": after.id,
        "status": after.status,
        "previous_assignment": previous
        and {**assignee(previous.assigned_to), "unassigned_at": stamp(after.updated_at)},
        "current_assignment": current
        and {
            **assignee(current.assigned_to),
            "assigned_at": stamp(current.assigned_at),
            "assignment_method": current.assignment_method,
        },
        "notifications_sent": [
            {
                "recipient": notice.notification.recipient,
                "type": notice.notification.type,
                "sent_at": stamp(notice.sent_at),
            }
            for notice in done.notices
        ],
    }
