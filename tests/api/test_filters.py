"""Each filter of the lists of instances and tasks, as the query of a request."""

from typing import Any

from tests.api.edge import Edge
from tests.api.service import TWO_TASKS, Service

MODEL = TWO_TASKS.replace(
    '<userTask id="collect" name="Data Collection">',
    '<userTask id="collect" name="Data" xmlns:to="urn:task-orchestrator:bpmn" to:assignee="=who" to:priority="=level"'
    ' to:dueDate="=due">',
).replace('<userTask id="decide"', '<serviceTask id="decide"')


def newest_first(edge: Edge, path: str, rows: str, expected: dict[str, list[str]]) -> None:
    """`expected`: queries, as they stand in a URL, and the ids that they list."""
    found = {query: edge.read(f"{path}?{query}") for query in expected}
    assert {query: [row["id"] for row in answer.body[rows]] for query, answer in found.items()} == expected
    assert all(answer.body["pagination"]["total"] == len(expected[query]) for query, answer in found.items())


def test_instances(service: Service) -> None:
    ada, eve = service.api, Edge(subject="eve")
    mine = service.published()
    theirs = service.published(name="Another")
    context: dict[str, Any] = {"execution_context": {"project_id": "p1"}}
    first = service.created(mine, priority="high", **context)
    second = service.started(mine, business_key="order-7")
    body = {"workflow_definition_id": theirs, "execution_context": {"project_id": "p2"}}
    third = eve.ok("POST", "/workflow-instances", body)["id"]
    at = {one: ada.ok("GET", f"/workflow-instances/{one}")["created_at"] for one in (first, second, third)}
    newest_first(ada, "/workflow-instances", "workflow_instances", {
        "": [third, second, first],
        "status=running": [second],
        "status=created": [third, first],
        f"workflow_definition_id={mine}": [second, first],
        "priority=high": [first],
        "project_id=p1": [first],
        "created_by=eve": [third],
        "business_key=order-7": [second],
        f"created_after={at[second]}": [third, second],
        f"created_before={at[second]}": [second, first],
        f"created_after={at[second]}&created_before={at[second]}": [second],
        f"workflow_definition_id={mine}&status=created&priority=high&project_id=p1&created_by=ada": [first],
        "project_id=p2&created_by=ada": [],
        "business_key=order-7&status=created": [],
    })  # fmt: skip


def test_tasks(service: Service) -> None:
    definition = service.published(bpmn=MODEL)
    one, two = service.started(definition), service.started(definition)
    first = service.arrive(one, who="ann", level="high", due="2026-03-01T00:00:00Z")
    second = service.arrive(two, who="bob", level="low", due="2026-05-01T00:00:00Z")
    third = service.arrive(two, "decide")
    service.api.ok("POST", f"/tasks/{first}/start")
    newest_first(service.api, "/tasks", "tasks", {
        "": [third, second, first],
        "status=running": [first],
        "status=assigned": [second],
        "type=user_task": [second, first],
        "type=service_task": [third],
        "type=receive_task": [],
        "assignee=bob": [second],
        f"workflow_instance_id={two}": [third, second],
        "priority=high": [first],
        "due_before=2026-04-01T00:00:00Z": [first],
        "due_before=2026-06-01T00:00:00Z": [second, first],
        f"assignee=bob&status=assigned&priority=low&due_before=2026-06-01T00:00:00Z&workflow_instance_id={two}": [second],
        "assignee=bob&priority=high": [],
    })  # fmt: skip
