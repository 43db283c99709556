"""Rows that no schema tells of: states, and things that bodies name."""

import json
from typing import Any

from tests.api.bad_input.row import Row
from tests.api.bad_input.schemas import Kind

Table = dict[tuple[str, str], tuple[Row, ...]]
FAILED = {"error_message": "no answer"}
TO_ANN = {"new_assignment": {"agent_type": "human", "agent_id": "ann"}}
THEIRS = {"worker_id": "w-2", "task_id": "$LOCKED", "lock_duration": 5}
OTHERS = {"execution_options": {"batch_id": "$BATCH"}, "workflows": [{"workflow_definition_id": "$DRAFT"}]}
SAME_AGENT = {"agent_id": "$AGENT", "agent_type": "human", "name": "Ann"}
SAME_SERVICE = {"service_name": "$SERVICE", "delivery": "claim"}
BEGUN = {"elements": [{"element_id": "ask"}]}
TOO_MUCH = {"resource_type": "project", "resource_id": "p9", "reserved_workflows": 1_000}


def _conflict(path: str, text: str | None) -> Row:
    return Row(kind=Kind.WRONG_STATE, path=path, text=text, status=409, code="RESOURCE_CONFLICT")


def _unknown(path: str, text: str | None) -> Row:
    return Row(kind=Kind.UNKNOWN_ID, path=path, text=text, status=404, code="RESOURCE_NOT_FOUND")


def _foreign(path: str, text: str | None, *, status: int = 404, code: str = "RESOURCE_NOT_FOUND") -> Row:
    return Row(kind=Kind.OTHER_PROJECT, path=path, text=text, status=status, code=code, projects="p2")


#: method, path as in the catalogue, path of the thing that is in the wrong state, body
CONFLICTS: list[tuple[str, str, str, Any]] = [
    ("PUT", "/workflow-definitions/{id}", "$DRAFT", {"status": "deprecated"}),
    ("PUT", "/workflow-definitions/{id}", "$ARCHIVED", {"name": "n"}),
    ("DELETE", "/workflow-definitions/{id}", "$DEFINITION", None),
    ("POST", "/workflow-definitions/{id}/validate", "$ARCHIVED", {}),
    ("POST", "/workflow-definitions/{id}/publish", "$DRAFT", {}),
    ("POST", "/workflow-definitions/{id}/publish", "$ARCHIVED", {}),
    ("POST", "/workflow-instances", "", {"workflow_definition_id": "$DRAFT"}),
    ("POST", "/workflow-instances", "", {"workflow_definition_id": "$ARCHIVED"}),
    ("POST", "/workflow-instances/{id}/start", "$RUNNING", {}),
    ("POST", "/workflow-instances/{id}/start", "$CANCELLED", {}),
    ("POST", "/workflow-instances/{id}/pause", "$PAUSED", {}),
    ("POST", "/workflow-instances/{id}/pause", "$CREATED", {}),
    ("POST", "/workflow-instances/{id}/resume", "$RUNNING", {}),
    ("POST", "/workflow-instances/{id}/ad-hoc-activities/{element_id}/activate", "$RUNNING", BEGUN),
    ("POST", "/workflow-instances/{id}/ad-hoc-activities/{element_id}/activate", "$CANCELLED", BEGUN),
    ("POST", "/workflow-instances/{id}/ad-hoc-activities/{element_id}/complete", "$RUNNING", {}),
    ("POST", "/workflow-instances/{id}/cancel", "$TERMINATED", {}),
    ("POST", "/workflow-instances/{id}/terminate", "$CANCELLED", {}),
    ("POST", "/tasks/{id}/start", "$DONE", {}),
    ("POST", "/tasks/{id}/start", "$LOCKED", {}),
    ("POST", "/tasks/{id}/complete", "$DONE", {}),
    ("POST", "/tasks/{id}/complete", "$LOCKED", {"worker_id": "w-2"}),
    ("POST", "/tasks/{id}/fail", "$DONE", FAILED),
    ("POST", "/tasks/{id}/fail", "$LOCKED", FAILED),
    ("POST", "/tasks/{id}/escalate", "$DONE", {"escalation_code": "LATE"}),
    ("POST", "/tasks/{id}/escalate", "$LOCKED", {"escalation_code": "LATE"}),
    ("POST", "/tasks/{id}/retry", "$TASK", {}),
    ("POST", "/tasks/{id}/reassign", "$DONE", TO_ANN),
    ("POST", "/tasks/{id}/cancel", "$DONE", {}),
    ("POST", "/tasks/{id}/logs", "$TASK", {"message": "m"}),
    ("POST", "/tasks/{id}/callback/{token}", "$DONE", {}),
    ("PUT", "/tasks/claim", "", THEIRS),
    ("PUT", "/tasks/claim", "", THEIRS | {"task_id": "$TASK"}),
    ("POST", "/execution/batch-start", "", OTHERS),
    ("POST", "/events/webhook/{id}/pause", "$HELD", {}),
    ("POST", "/events/webhook/{id}/resume", "$HOOK", {}),
    ("POST", "/events/webhook/{id}/deliveries/{event_id}/redeliver", "$HOOK", {}),
    ("POST", "/resources/agents", "", SAME_AGENT),
    ("DELETE", "/resources/agents/{id}", "$AGENT", None),
    ("POST", "/resources/services", "", SAME_SERVICE),
    ("DELETE", "/resources/services/{id}", "$SERVICE", None),
    ("POST", "/resources/allocation", "", TOO_MUCH),
]
#: things that bodies name and that are not there
UNKNOWN: list[tuple[str, str, Any]] = [
    ("POST", "/workflow-instances", {"workflow_definition_id": "none"}),
    ("PUT", "/tasks/claim", THEIRS | {"task_id": "none"}),
    ("POST", "/execution/batch-cancel", {"batch_id": "none"}),
    ("POST", "/execution/priority", {"batch_id": "none", "priority": "low"}),
]
#: things that bodies name and that belong to another project than the caller
FOREIGN: list[tuple[str, str, Any]] = [
    ("PUT", "/tasks/claim", THEIRS | {"worker_id": "w-1"}),
    ("POST", "/execution/batch-cancel", {"batch_id": "$BATCH"}),
    ("POST", "/execution/priority", {"batch_id": "$BATCH", "priority": "low"}),
]
#: attempts to act in a project that is not the caller's
TRESPASSES: list[tuple[str, str, Any]] = [
    (
        "POST",
        "/workflow-instances",
        {"workflow_definition_id": "$DEFINITION", "execution_context": {"project_id": "p1"}},
    ),
    ("POST", "/messages", {"name": "m", "project_id": "p1"}),
    ("POST", "/signals", {"name": "s", "project_id": "p1"}),
    ("POST", "/conditions", {"variables": {}, "project_id": "p1"}),
    ("POST", "/events/webhook", {"url": "http://127.0.0.1:9/hook", "filters": {"project_ids": ["p1"]}}),
]


def _tables() -> Table:
    found: Table = {}

    def add(method: str, path: str, row: Row) -> None:
        found[method, path] = (*found.get((method, path), ()), row)

    for method, path, thing, body in CONFLICTS:
        there = path.replace("{id}", thing).replace("{event_id}", "$EVENT").replace("{token}", "$SECRET")
        there = there.replace("{element_id}", "case")
        add(method, path, _conflict(there, None if body is None else json.dumps(body)))
    for method, path, body in UNKNOWN:
        add(method, path, _unknown(path, json.dumps(body)))
    for method, path, body in FOREIGN:
        add(method, path, _foreign(path, json.dumps(body)))
    for method, path, body in TRESPASSES:
        add(method, path, _foreign(path, json.dumps(body), status=403, code="FORBIDDEN"))
    return found


MEANT = _tables()
