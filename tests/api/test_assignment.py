"""Who gets a task: capabilities, fallbacks, agents that go away; seen over the API."""

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.bootstrap import aws as aws_bootstrap
from orchestrator.bootstrap import tasks as tasks_bootstrap
from orchestrator.ports.tasks import TaskQuery
from tests.api.service import TWO_TASKS, Service

CAPABLE = TWO_TASKS.replace(
    '<userTask id="collect" name="Data Collection">',
    '<userTask id="collect" name="Data" xmlns:to="urn:task-orchestrator:bpmn" to:capabilities="law, german">',
)


def agent(service: Service, identity: str, *capabilities: str, **fields: Any) -> None:
    body = {"agent_id": identity, "agent_type": "ai", "name": identity, "capabilities": list(capabilities), **fields}
    service.api.ok("POST", "/resources/agents", body)


def report(service: Service, identity: str, status: str) -> None:
    service.api.ok("POST", f"/resources/agents/{identity}/heartbeat", {"status": status})


def assigned(service: Service, task: str) -> tuple[str, str] | None:
    given = service.api.ok("GET", f"/tasks/{task}")["assignment"]
    return given and (given["assigned_to"]["agent_id"], given["assignment_method"])


def capable_task(service: Service, definition: str) -> str:
    return service.arrive(service.started(definition))


def test_tasks_are_spread_over_those_who_can(service: Service) -> None:
    agent(service, "ann", "law", "german", max_concurrent_tasks=2)
    agent(service, "bob", "law", "german", "maths", max_concurrent_tasks=1)
    agent(service, "eve", "law")
    definition = service.published(bpmn=CAPABLE)
    got = [assigned(service, capable_task(service, definition)) for _ in range(4)]
    assert got == [("ann", "capability_match"), ("bob", "capability_match"), ("ann", "capability_match"), None]
    report(service, "eve", "offline")
    assert tasks_bootstrap.assignment_sweep().run(lambda: True) == 0
    service.api.ok("PUT", "/resources/agents/ann", {"max_concurrent_tasks": 3})
    assert tasks_bootstrap.assignment_sweep().run(lambda: True) == 1
    assert service.api.ok("GET", "/resources/agents/ann")["current_workload"]["queue_length"] == 3
    assert tasks_bootstrap.assignment_sweep().run(lambda: True) == 0


@pytest.mark.parametrize(("status", "who"), [("available", "ann"), ("offline", "bob")])
def test_a_named_agent_that_is_away_is_stood_in_for(service: Service, status: str, who: str) -> None:
    agent(service, "bob")
    agent(service, "ann", fallback_agents=["nobody", "bob"])
    report(service, "ann", status)
    created = service.created()
    initial = {"collect": {"agent_id": "ann", "agent_type": "human"}}
    service.api.ok("POST", f"/workflow-instances/{created}/start", {"start_options": {"initial_assignments": initial}})
    given = service.api.ok("GET", f"/tasks/{service.arrive(created)}")["assignment"]
    assert given["assigned_to"] == {"agent_id": who, "agent_type": "ai"}


def test_tasks_of_an_agent_that_goes_away_change_hands(service: Service) -> None:
    agent(service, "ann", "law", "german")
    definition = service.published(bpmn=CAPABLE)
    task = capable_task(service, definition)
    agent(service, "bob", "law", "german")
    assert tasks_bootstrap.assignment_sweep().run(lambda: True) == 0
    report(service, "ann", "offline")
    assert tasks_bootstrap.assignment_sweep().run(lambda: True) == 1
    assert assigned(service, task) == ("bob", "capability_match")
    (event,) = service.api.ok("GET", "/events", event_type="task_reassigned")["events"]
    assert event["data"]["reason"] == "The agent is away"
    report(service, "bob", "offline")
    assert tasks_bootstrap.assignment_sweep().run(lambda: True) == 0
    assert assigned(service, task) == ("bob", "capability_match"), "nobody is there to take over"


def test_who_is_not_heard_of_is_offline(service: Service) -> None:
    agent(service, "ann", heartbeat_seconds=10)
    past = {":at": {"S": "2020-01-01T00:00:00.000Z"}}
    aws_bootstrap.client("dynamodb").update_item(
        TableName="record",
        Key={"pk": {"S": "AGENT"}, "sk": {"S": "ann"}},
        UpdateExpression="SET registered_at = :at",
        ExpressionAttributeValues=past,
    )
    assert service.api.ok("GET", "/resources/agents/ann")["status"] == "offline"
    tasks_bootstrap.assignment_sweep().run(lambda: True)
    tasks_bootstrap.assignment_sweep().run(lambda: True)
    (event,) = service.api.ok("GET", "/events", event_type="agent_status_changed")["events"]
    assert (event["data"]["status"], event["data"]["reason"]) == ("offline", "no heartbeat")
    assert service.api.ok("POST", "/resources/agents/ann/heartbeat")["status"] == "available"


def many(service: Service, count: int) -> list[str]:
    """Ann's tasks, the last the newest; some are done."""
    agent(service, "ann", "law", "german", max_concurrent_tasks=100)
    definition = service.published(bpmn=CAPABLE)
    tasks = [capable_task(service, definition) for _ in range(count)]
    service.api.ok("POST", f"/tasks/{tasks[-1]}/complete", {})
    report(service, "ann", "offline")
    return tasks[:-1]


def test_an_agent_that_goes_away_loses_all_its_tasks(service: Service) -> None:
    tasks = many(service, 8)
    agent(service, "bob", "law", "german", max_concurrent_tasks=100)
    sweep = tasks_bootstrap.assignment_sweep()
    walk = replace(sweep.walk, page=3)
    assert replace(sweep, walk=walk).run(lambda: True) == 7
    assert {assigned(service, task) for task in tasks} == {("bob", "capability_match")}
    assert service.api.ok("GET", "/resources/agents/ann")["current_workload"]["queue_length"] == 0


def test_a_sweep_goes_on_where_time_ran_out(service: Service) -> None:
    tasks = many(service, 8)
    sweep = tasks_bootstrap.assignment_sweep()
    walk = replace(sweep.walk, page=2)
    met: list[str] = []
    query = TaskQuery(assignee="ann")
    for _ in range(4):  # nobody takes over, so each walk would meet the same ones first
        left = iter([True] * 5)
        met += [task.id for task in walk.open("w", query, lambda left=left: next(left, False), most=7)]
    assert list(dict.fromkeys(met)) == list(reversed(tasks))
    assert len(met) < 4 * 5, "at most a page is met twice"
    assert [task.id for task in walk.open("other", query, lambda: True, most=1)] == [tasks[-1]]
