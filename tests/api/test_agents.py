"""Agents over the API: the spec's answer, what each change does, every refusal with its field."""

from typing import Any

import pytest

from orchestrator.domain.command import CommandKey
from orchestrator.workers.command_actions import carry_out
from tests.api.edge import Edge
from tests.api.service import Service

SARAH = {
    "agent_id": "agent-senior-analyst-002",
    "agent_type": "human",
    "name": "Dr. Sarah Johnson",
    "capabilities": ["data_analysis", "safety_assessment", "report_generation"],
    "expertise": {
        "domains": ["aviation", "safety", "compliance"],
        "experience_level": "senior",
        "certifications": ["FAA_Safety_Inspector", "Aviation_Risk_Analyst"],
    },
}
PATH = "/resources/agents"
ONE = f"{PATH}/agent-senior-analyst-002"


def events_of(ada: Edge, kind: str) -> list[dict[str, Any]]:
    return [event["data"] for event in ada.ok("GET", "/events", event_type=kind)["events"]]


def test_register_look_change_remove(ada: Edge) -> None:
    answer = ada.call("POST", PATH, SARAH)
    assert (answer.status, answer.headers["Location"]) == (201, ONE)
    assert answer.body["status"] == "available"
    assert answer.body["current_workload"] == {"active_tasks": 0, "queue_length": 0, "utilization_percentage": 0}
    seen = ada.ok("GET", ONE)
    assert {**seen, "availability": None} == {**answer.body, "availability": None}
    changed = ada.ok("PUT", ONE, {"max_concurrent_tasks": 3, "groups": ["review"]})
    assert (changed["max_concurrent_tasks"], changed["groups"]) == (3, ["review"])
    assert changed["capabilities"] == SARAH["capabilities"]
    assert ada.call("DELETE", ONE).status == 204
    assert ada.call("GET", ONE).status == 404
    assert events_of(ada, "agent_updated")[0]["changed"] == ["groups", "max_concurrent_tasks"]
    assert [len(events_of(ada, f"agent_{kind}")) for kind in ("registered", "removed")] == [1, 1]


def test_an_id_may_be_used_again(ada: Edge) -> None:
    for _ in range(2):
        ada.ok("POST", PATH, SARAH)
        assert ada.call("POST", PATH, SARAH).status == 409
        ada.ok("DELETE", ONE)
    assert len(events_of(ada, "agent_registered")) == 2


def test_the_list_and_its_summary(ada: Edge) -> None:
    ada.ok("POST", PATH, SARAH)
    made = ada.ok("POST", PATH, {"agent_type": "ai", "name": "Assistant", "status": "busy"})
    ada.ok("POST", PATH, {"agent_type": "service", "name": "Robot", "status": "offline"})
    assert made["agent_id"].startswith("agent-")
    summary = {"total_agents": 3, "available_agents": 1, "busy_agents": 1, "offline_agents": 1}
    by_type = {"human": 1, "ai": 1, "service": 1}
    for query, count in (
        ({}, 3),
        ({"agent_type": "human"}, 1),
        ({"status": "busy"}, 1),
        ({"status": "available", "agent_type": "ai"}, 0),
        ({"capabilities": "data_analysis,safety_assessment"}, 1),
        ({"capabilities": "data_analysis,cooking"}, 0),
    ):
        listed = ada.ok("GET", PATH, **query)
        assert (len(listed["agents"]), listed["summary"]) == (count, {**summary, "by_type": by_type}), query


def test_the_workload_is_that_of_the_tasks(service: Service) -> None:
    ada = service.api
    ada.ok("POST", PATH, {**SARAH, "max_concurrent_tasks": 2})
    tasks = [service.task() for _ in range(2)]
    assignment = {"new_assignment": {"agent_id": SARAH["agent_id"], "agent_type": "human"}}
    for task in tasks:
        ada.ok("POST", f"/tasks/{task}/reassign", assignment)
    ada.ok("POST", f"/tasks/{tasks[0]}/start")
    seen = ada.ok("GET", ONE)
    assert seen["current_workload"] == {"active_tasks": 1, "queue_length": 1, "utilization_percentage": 100}
    assert (seen["status"], seen["reported_status"]) == ("busy", "available")
    refused = ada.call("DELETE", ONE)
    assert (refused.status, refused.error["details"]["open_tasks"]) == (409, 2)
    for task in tasks:
        ada.ok("POST", f"/tasks/{task}/complete")
    assert ada.ok("GET", ONE)["current_workload"]["utilization_percentage"] == 0


def test_heartbeats(ada: Edge) -> None:
    ada.ok("POST", PATH, {**SARAH, "heartbeat_seconds": 60})
    assert ada.ok("POST", f"{ONE}/heartbeat")["last_heartbeat_at"] is not None
    assert events_of(ada, "agent_status_changed") == []
    assert ada.ok("POST", f"{ONE}/heartbeat", {"status": "offline"})["status"] == "offline"
    assert ada.ok("POST", f"{ONE}/heartbeat")["status"] == "available"
    assert [event["previous_status"] for event in events_of(ada, "agent_status_changed")] == ["offline", "available"]


def test_the_command_is_the_same_as_the_request(ada: Edge) -> None:
    ada.ok("POST", PATH, SARAH)
    key = CommandKey(source="desk", id="c-1")
    carry_out("AgentHeartbeat", {"agent_id": SARAH["agent_id"], "status": "busy"}, key, False)
    assert ada.ok("GET", ONE)["status"] == "busy"


BAD: list[tuple[str, str, Any, str]] = [
    ("POST", PATH, {}, "agent_type"),
    ("POST", PATH, SARAH | {"agent_type": "robot"}, "agent_type"),
    ("POST", PATH, SARAH | {"name": ""}, "name"),
    ("POST", PATH, SARAH | {"agent_id": "a b"}, "agent_id"),
    ("POST", PATH, SARAH | {"status": "asleep"}, "status"),
    ("POST", PATH, SARAH | {"max_concurrent_tasks": 0}, "max_concurrent_tasks"),
    ("POST", PATH, SARAH | {"max_concurrent_tasks": True}, "max_concurrent_tasks"),
    ("POST", PATH, SARAH | {"heartbeat_seconds": 1}, "heartbeat_seconds"),
    ("POST", PATH, SARAH | {"capabilities": "x"}, "capabilities"),
    ("POST", PATH, SARAH | {"working_hours": {"timezone": "Nowhere"}}, "working_hours.timezone"),
    ("POST", PATH, SARAH | {"working_hours": {"schedule": "always"}}, "working_hours.schedule"),
    ("POST", PATH, SARAH | {"working_hours": {"days": ["someday"]}}, "working_hours.days.0"),
    ("POST", PATH, SARAH | {"fallback_agents": [SARAH["agent_id"]]}, "fallback_agents"),
    ("POST", PATH, SARAH | {"salary": 1}, "salary"),
    ("PUT", f"{PATH}/here", {"agent_id": "other"}, "agent_id"),
    ("PUT", f"{PATH}/here", {"name": None}, "name"),
    ("PUT", f"{PATH}/here", {"fallback_agents": ["here"]}, "fallback_agents"),
    ("POST", f"{PATH}/here/heartbeat", {"status": "fine"}, "status"),
    ("POST", f"{PATH}/here/heartbeat", {"at": "now"}, "at"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), BAD, ids=[f"{row[1]} {row[3]}" for row in BAD])
def test_what_a_caller_can_do_wrong(service: Service, method: str, path: str, body: Any, field: str) -> None:
    service.api.ok("POST", PATH, {"agent_id": "here", "agent_type": "human", "name": "Here"})
    before = service.snapshot()
    answer = service.api.call(method, path, body)
    assert (answer.status, answer.field) == (400, field), answer
    assert service.snapshot() == before


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/heartbeat")])
def test_who_is_not_registered(ada: Edge, method: str, path: str) -> None:
    answer = ada.call(method, f"{PATH}/nobody{path}", {})
    assert (answer.status, answer.error["details"]["resource_type"]) == (404, "agent")


def test_a_query_that_makes_no_sense(ada: Edge) -> None:
    assert ada.call("GET", PATH, status="asleep").field == "status"
    assert ada.call("GET", PATH, colour="red").field == "colour"
