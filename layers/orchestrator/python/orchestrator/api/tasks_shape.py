"""Tasks on the wire, as several groups show them."""

from typing import Any

from orchestrator.api.responses import stamp
from orchestrator.domain.assignment import Assignee, Assignment
from orchestrator.domain.task import Task


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
