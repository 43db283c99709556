"""Failures, retries, cancellations, reassignments, status and logs of tasks through the API."""

import pytest

from orchestrator.adapters.dynamodb.tasks import ADDED_LINES
from tests.api.edge import Edge
from tests.api.service import Service

SENIOR = {"agent_id": "agent-senior-analyst-002", "agent_type": "human"}


def test_a_task_fails_is_retried_and_completes(service: Service, ada: Edge) -> None:
    instance = service.started(configuration={"retry_policy": {"max_retries": 1, "backoff_strategy": "fixed"}})
    task = service.arrive(instance, amount=5)
    report = {"error_code": "DOWN", "error_message": "no answer", "error_details": {"host": "h"}}
    again = ada.ok("POST", f"/tasks/{task}/fail", report)
    assert (again["status"], again["workflow_status"]) == ("pending", "running")
    assert again["retry_policy"]["current_attempt"] == 2
    assert again["retry_policy"]["next_retry_at"] > again["last_updated"]
    failed = ada.ok("POST", f"/tasks/{task}/fail", report)
    assert (failed["status"], failed["workflow_status"]) == ("failed", "failed")
    assert failed["error"] == {"error_code": "DOWN", "message": "no answer"}
    shown = ada.ok("GET", f"/workflow-instances/{instance}")
    assert (shown["failed_task_id"], shown["retry_possible"]) == (task, True)
    back = ada.ok("POST", f"/tasks/{task}/retry", {"variables": {"amount": 6}, "reason": "repaired"})
    assert (back["status"], back["workflow_status"]) == ("pending", "running")
    assert ada.ok("GET", f"/tasks/{task}")["input_data"] == {"amount": 6}
    assert ada.ok("POST", f"/tasks/{task}/complete", {})["status"] == "completed"
    assert ada.ok("GET", f"/tasks/{task}/status")["status"] == "completed"


def test_the_log_tells_each_step_and_is_filtered_and_paged(service: Service, ada: Edge) -> None:
    task = service.task()
    ada.ok("POST", f"/tasks/{task}/start")
    ada.ok("POST", f"/tasks/{task}/fail", {"error_code": "DOWN", "error_message": "no answer"})
    log = ada.ok("GET", f"/tasks/{task}/logs")
    assert [(line["level"], line["message"]) for line in log["logs"]] == [
        ("info", "Task created"),
        ("info", "Task assigned"),
        ("info", "Task execution started"),
        ("warning", "no answer"),
        ("info", "Task is tried again"),
    ]
    assert ada.ok("GET", f"/tasks/{task}/logs", level="warning")["pagination"]["total"] == 1
    page = ada.ok("GET", f"/tasks/{task}/logs", limit="2", offset="1")
    assert page["logs"] == log["logs"][1:3]
    assert page["pagination"]["has_more"]
    assert ada.ok("GET", f"/tasks/{task}/logs", since="2999-01-01T00:00:00Z")["logs"] == []


def test_callers_add_to_the_log_and_displace_nothing(service: Service, ada: Edge) -> None:
    task = service.task()
    added = ada.ok("POST", f"/tasks/{task}/logs", {"message": "Called the customer", "details": {"n": 1.10}})
    assert (added["task_id"], added["level"], added["logged_by"]) == (task, "info", "ada")
    ada.ok("POST", f"/tasks/{task}/complete", {})
    ada.ok("POST", f"/tasks/{task}/logs", {"message": "Filed", "level": "debug"})
    logs = ada.ok("GET", f"/tasks/{task}/logs")["logs"]
    assert [(line["message"], line["logged_by"]) for line in logs] == [
        ("Task created", None),
        ("Called the customer", "ada"),
        ("Task completed", None),
        ("Filed", "ada"),
    ]
    assert ada.ok("GET", f"/tasks/{task}", include_logs="true")["execution_logs"] == logs
    for _ in range(ADDED_LINES - 2):
        ada.ok("POST", f"/tasks/{task}/logs", {"message": "more"})
    full = ada.call("POST", f"/tasks/{task}/logs", {"message": "too much"})
    assert (full.status, full.error["details"]["task_id"]) == (409, task)
    assert ada.ok("GET", f"/tasks/{task}/logs")["pagination"]["total"] == ADDED_LINES + 2


def test_a_cancelled_task_says_what_it_means(service: Service, ada: Edge) -> None:
    task = service.task()
    done = ada.ok("POST", f"/tasks/{task}/cancel", {"reason": "order withdrawn"})
    assert (done["status"], done["workflow_status"]) == ("failed", "failed")
    assert done["error"] == {"error_code": "TASK_CANCELLED", "message": "order withdrawn"}


def test_reassigning_answers_as_the_spec_does(service: Service, ada: Edge) -> None:
    task = service.task()
    first = ada.ok("POST", f"/tasks/{task}/reassign", {"new_assignment": {"agent_id": "bob", "agent_type": "human"}})
    assert first["previous_assignment"] is None
    body = {
        "new_assignment": {
            **SENIOR, "assignment_reason": "Original assignee unavailable", "priority_adjustment": "high",
        },
        "transition_options": {
            "preserve_progress": True, "notify_previous_assignee": True, "notify_new_assignee": True,
        },
    }  # fmt: skip
    ada.ok("POST", f"/tasks/{task}/start")
    began = ada.ok("GET", f"/tasks/{task}")["started_at"]
    second = ada.ok("POST", f"/tasks/{task}/reassign", body)
    assert second["status"] == "assigned"
    assert second["previous_assignment"].items() >= {"agent_id": "bob", "agent_type": "human"}.items()
    assert second["current_assignment"].items() >= {**SENIOR, "assignment_method": "manual_reassignment"}.items()
    assert second["previous_assignment"]["unassigned_at"] == second["current_assignment"]["assigned_at"]
    assert second["notifications_sent"] == []
    shown = ada.ok("GET", f"/tasks/{task}")
    assert (shown["priority"], shown["started_at"]) == ("high", began)
    assert [one["id"] for one in ada.ok("GET", "/tasks", assignee=SENIOR["agent_id"])["tasks"]] == [task]
    assert ada.ok("GET", "/tasks", assignee="bob")["pagination"]["total"] == 0
    restarted = {**body, "transition_options": {"preserve_progress": False}}
    ada.ok("POST", f"/tasks/{task}/reassign", restarted)
    assert ada.ok("GET", f"/tasks/{task}")["started_at"] is None


def test_notifications_sent_are_those_that_a_webhook_gets(service: Service, ada: Edge) -> None:
    task = service.task()
    hook = {"url": "https://your-app.com/ann", "filters": {"recipients": ["ann", "bob"]}}
    webhook = ada.ok("POST", "/events/webhook", hook)
    assert webhook["configuration"]["filters"] == hook["filters"]
    body = {"new_assignment": {"agent_id": "ann", "agent_type": "human"}}
    first = ada.ok("POST", f"/tasks/{task}/reassign", body)
    at = first["current_assignment"]["assigned_at"]
    assert first["notifications_sent"] == [{"recipient": "ann", "type": "task_assigned", "sent_at": at}]
    quiet = {"new_assignment": SENIOR, "transition_options": {"notify_previous_assignee": False}}
    assert ada.ok("POST", f"/tasks/{task}/reassign", quiet)["notifications_sent"] == []
    back = ada.ok("POST", f"/tasks/{task}/reassign", {"new_assignment": {"agent_id": "bob", "agent_type": "human"}})
    assert [note["recipient"] for note in back["notifications_sent"]] == ["bob"]
    told = ada.ok("GET", "/events", event_type="task_reassigned")["events"]
    assert [[note["recipient"] for note in event["data"].get("notifications", [])] for event in told] == [
        [SENIOR["agent_id"], "bob"], [SENIOR["agent_id"]], ["ann"],
    ]  # fmt: skip


BODIES = [
    ("fail", {}, "error_message"),
    ("fail", {"error_message": ""}, "error_message"),
    ("fail", {"error_message": "x", "error_type": "odd"}, "error_type"),
    ("fail", {"error_message": "x", "retryable": "no"}, "retryable"),
    ("fail", {"error_message": "x", "variables": [1]}, "variables"),
    ("escalate", {}, "escalation_code"),
    ("escalate", {"escalation_code": "X", "variables": [1]}, "variables"),
    ("retry", {"variables": 1}, "variables"),
    ("retry", {"reason": ""}, "reason"),
    ("cancel", {"why": "x"}, "why"),
    ("reassign", {}, "new_assignment"),
    ("reassign", {"new_assignment": {"agent_type": "human"}}, "new_assignment"),
    ("reassign", {"new_assignment": {"agent_id": "a", "agent_type": "robot"}}, "new_assignment.agent_type"),
    ("reassign", {"new_assignment": {**SENIOR, "priority_adjustment": "x"}}, "new_assignment.priority_adjustment"),
    (
        "reassign",
        {"new_assignment": {"service_name": "none", "agent_type": "service"}},
        "new_assignment.service_name",
    ),
]


def test_what_nothing_catches_is_told_and_the_task_goes_on(service: Service, ada: Edge) -> None:
    task = service.task()
    answer = ada.ok("POST", f"/tasks/{task}/escalate", {"escalation_code": "LATE"})
    assert answer["escalation"] == {"escalation_code": "LATE", "caught_by": None, "is_interrupting": False}
    assert answer["status"] in {"pending", "assigned", "running"}
    (event,) = ada.ok("GET", "/events", event_type="escalation_triggered")["events"]
    assert (event["data"]["escalation_code"], event["data"]["caught_by"]) == ("LATE", None)


def test_bad_bodies_name_the_field_and_change_nothing(service: Service, ada: Edge) -> None:
    task = service.task()
    before = service.snapshot()
    for action, body, field in BODIES:
        answer = ada.call("POST", f"/tasks/{task}/{action}", body)
        assert (answer.status, answer.field) == (400, field), (action, body, answer)
    for query, field in (("level=loud", "level"), ("since=x", "since"), ("limit=0", "limit"), ("cursor=x", "cursor")):
        answer = ada.read(f"/tasks/{task}/logs?{query}")
        assert (answer.status, answer.field) == (400, field)
    assert service.snapshot() == before


@pytest.mark.parametrize(
    ("action", "body"),
    [("fail", {"error_message": "x"}), ("retry", {}), ("cancel", {}), ("reassign", {"new_assignment": SENIOR})],
)
def test_closed_unknown_and_foreign_tasks(service: Service, ada: Edge, action: str, body: dict) -> None:
    task = service.arrive(service.started(execution_context={"project_id": "p1"}))
    assert Edge(projects="p2").call("POST", f"/tasks/{task}/{action}", body).status == 404
    assert ada.call("POST", f"/tasks/none/{action}", body).error["details"]["resource_type"] == "task"
    ada.ok("POST", f"/tasks/{task}/complete", {})
    before = service.snapshot()
    answer = ada.call("POST", f"/tasks/{task}/{action}", body)
    assert answer.status == 409
    assert answer.error["details"] == {"current_status": "completed", "task_id": task}
    assert service.snapshot() == before
