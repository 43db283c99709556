"""Services over the API: registration, secrets that stay secret, every refusal with its field."""

import json
from typing import Any

import pytest

from tests.api.edge import Edge
from tests.api.service import Service

PATH = "/resources/services"
ONE = f"{PATH}/model-manager"
MODEL_MANAGER = {
    "service_name": "model-manager",
    "endpoint": "https://models.example.com/execute",
    "authentication": {"auth_type": "bearer_token", "credentials": {"token": "very-secret"}},
    "max_concurrent_requests": 4,
}


def test_register_look_change_remove(service: Service) -> None:
    ada = service.api
    answer = ada.call("POST", PATH, MODEL_MANAGER)
    assert (answer.status, answer.headers["Location"]) == (201, ONE)
    assert ada.ok("GET", ONE) == answer.body
    assert (answer.body["status"], answer.body["authentication"]) == ("available", {"auth_type": "bearer_token"})
    assert answer.body["current_load"] == {
        "current_requests": 0,
        "active_tasks": 0,
        "queue_length": 0,
        "utilization_percentage": 0,
    }
    changed = ada.ok("PUT", ONE, {"timeout_seconds": 3, "authentication": {"auth_type": "none"}})
    assert (changed["timeout_seconds"], changed["authentication"]["auth_type"]) == (3, "none")
    assert changed["endpoint"] == MODEL_MANAGER["endpoint"]
    events = ada.ok("GET", "/events", event_type="service_updated")["events"]
    assert events[0]["data"]["changed"] == ["authentication", "timeout_seconds"]
    assert "very-secret" not in json.dumps([answer.body, changed, events]) + str(service.snapshot())
    assert ada.call("DELETE", ONE).status == 204
    assert ada.call("GET", ONE).status == 404


def test_a_name_is_taken_once(ada: Edge) -> None:
    ada.ok("POST", PATH, MODEL_MANAGER)
    again = ada.call("POST", PATH, MODEL_MANAGER)
    assert (again.status, again.error["details"]["service_name"]) == (409, "model-manager")


def test_the_list_and_its_summary(ada: Edge) -> None:
    ada.ok("POST", PATH, MODEL_MANAGER)
    ada.ok("POST", PATH, {"service_name": "batch", "delivery": "claim"})
    listed = ada.ok("GET", PATH)
    assert [row["service_name"] for row in listed["services"]] == ["batch", "model-manager"]
    summary = {"total_services": 2, "available_services": 2, "busy_services": 0, "unavailable_services": 0}
    assert listed["summary"] == summary
    assert ada.ok("GET", PATH, status="busy") == {"services": [], "summary": summary}


def test_one_with_open_tasks_stays(service: Service) -> None:
    ada = service.api
    ada.ok("POST", PATH, MODEL_MANAGER)
    task = service.task()
    performer = {"service_name": "model-manager", "agent_type": "service"}
    moved = ada.ok("POST", f"/tasks/{task}/reassign", {"new_assignment": performer})
    assert moved["current_assignment"]["endpoint"] == MODEL_MANAGER["endpoint"]
    assert ada.ok("GET", ONE)["current_load"]["queue_length"] == 1
    refused = ada.call("DELETE", ONE)
    assert (refused.status, refused.error["details"]["open_tasks"]) == (409, 1)


BAD: list[tuple[str, str, Any, str]] = [
    ("POST", PATH, {}, "service_name"),
    ("POST", PATH, MODEL_MANAGER | {"service_name": "two words"}, "service_name"),
    ("POST", PATH, MODEL_MANAGER | {"delivery": "pigeon"}, "delivery"),
    ("POST", PATH, MODEL_MANAGER | {"delivery": "claim"}, "endpoint"),
    ("POST", PATH, {"service_name": "x"}, "endpoint"),
    ("POST", PATH, MODEL_MANAGER | {"endpoint": "ftp://example.com"}, "endpoint"),
    ("POST", PATH, MODEL_MANAGER | {"endpoint": "http://169.254.169.254/latest"}, "endpoint"),
    ("POST", PATH, MODEL_MANAGER | {"endpoint": "http://10.0.0.1/"}, "endpoint"),
    ("POST", PATH, MODEL_MANAGER | {"endpoint": "https://user:password@example.com/"}, "endpoint"),
    ("POST", PATH, MODEL_MANAGER | {"authentication": {"auth_type": "magic"}}, "authentication.auth_type"),
    (
        "POST",
        PATH,
        MODEL_MANAGER | {"authentication": {"auth_type": "bearer_token"}},
        "authentication.credentials.token",
    ),
    ("POST", PATH, MODEL_MANAGER | {"max_concurrent_requests": 0}, "max_concurrent_requests"),
    ("POST", PATH, MODEL_MANAGER | {"timeout_seconds": 26}, "timeout_seconds"),
    ("POST", PATH, MODEL_MANAGER | {"callback_seconds": "1"}, "callback_seconds"),
    ("POST", PATH, MODEL_MANAGER | {"colour": "red"}, "colour"),
    ("POST", PATH, {"service_name": "x", "delivery": "sqs"}, "queue"),
    ("POST", PATH, {"service_name": "x", "delivery": "sqs", "queue": "theirs"}, "queue"),
    ("POST", PATH, MODEL_MANAGER | {"queue": "work"}, "queue"),
    ("POST", PATH, MODEL_MANAGER | {"delivery": "sqs", "queue": "work"}, "endpoint"),
    (
        "POST",
        PATH,
        {
            "service_name": "x",
            "delivery": "sqs",
            "queue": "work",
            "authentication": {"auth_type": "bearer_token", "credentials": {"token": "t"}},
        },
        "authentication.auth_type",
    ),
    ("PUT", f"{PATH}/here", {"queue": "work"}, "queue"),
    ("PUT", f"{PATH}/here", {"service_name": "x"}, "service_name"),
    ("PUT", f"{PATH}/here", {"delivery": "http"}, "endpoint"),
    ("PUT", f"{PATH}/here", {"endpoint": "https://example.com/"}, "endpoint"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), BAD, ids=[f"{row[1]} {row[3]}" for row in BAD])
def test_what_a_caller_can_do_wrong(service: Service, method: str, path: str, body: Any, field: str) -> None:
    service.api.ok("POST", PATH, {"service_name": "here", "delivery": "claim"})
    before = service.snapshot()
    answer = service.api.call(method, path, body)
    assert (answer.status, answer.field) == (400, field), answer
    assert service.snapshot() == before


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_is_not_registered(ada: Edge, method: str) -> None:
    answer = ada.call(method, f"{PATH}/nobody", {})
    assert (answer.status, answer.error["details"]["resource_type"]) == (404, "service")


def test_a_query_that_makes_no_sense(ada: Edge) -> None:
    assert ada.call("GET", PATH, status="asleep").field == "status"
