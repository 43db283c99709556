"""The event endpoints: the spec's examples, the additions, and every refusal with its field."""

import json
import re

from tests.api.edge import Edge, edge  # noqa: F401 - a fixture
from tests.contract.events.receiver import receiving, status

#: the example of the spec
REGISTRATION = {
    "url": "https://your-app.com/dadms-webhooks",
    "event_types": ["workflow_started", "workflow_completed", "workflow_failed", "task_completed", "task_failed"],
    "filters": {
        "project_ids": ["project-aviation-safety"],
        "workflow_definition_ids": ["wf-def-001", "wf-def-002"],
        "priority_levels": ["high", "critical"],
    },
    "authentication": {"auth_type": "bearer_token", "credentials": {"token": "your-webhook-token"}},
    "retry_policy": {"max_retries": 3, "backoff_strategy": "exponential"},
}
SHORT = {
    "url": "https://your-app.com/dadms-webhooks",
    "event_types": ["workflow_completed", "task_failed"],
    "filters": {"project_ids": ["project-aviation-safety"]},
}


def registered(edge: Edge, **fields) -> str:
    return edge.ok("POST", "/events/webhook", {**SHORT, **fields})["webhook_id"]


def test_the_specs_registration(edge: Edge) -> None:
    answer = edge.call("POST", "/events/webhook", REGISTRATION)
    assert answer.status == 201
    assert "your-webhook-token" not in json.dumps(answer.body)
    assert edge.ok("GET", f"/events/webhook/{answer.body['webhook_id']}")["configuration"] == {
        "event_types": REGISTRATION["event_types"],
        "filters": REGISTRATION["filters"],
        "authentication": {"auth_type": "bearer_token"},
        "retry_policy": REGISTRATION["retry_policy"],
    }


def test_the_specs_answer(edge: Edge) -> None:
    answer = edge.call("POST", "/events/webhook", SHORT)
    body = answer.body
    assert re.fullmatch(r"webhook-[0-9a-z]{26}", body["webhook_id"])
    assert answer.headers["Location"] == f"/events/webhook/{body['webhook_id']}"
    assert (body["url"], body["status"], body["last_triggered"]) == (SHORT["url"], "active", None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["created_at"])
    stats = {"total_deliveries": 0, "successful_deliveries": 0, "failed_deliveries": 0, "success_rate": 0}
    assert stats.items() <= body["delivery_stats"].items()
    expected = {"event_types": SHORT["event_types"], "filters": SHORT["filters"]}
    assert expected.items() <= body["configuration"].items()


def test_the_signing_secret_is_shown_once(edge: Edge) -> None:
    made = edge.ok("POST", "/events/webhook", SHORT)
    assert made["signing_secret"].startswith("whsec_")
    path = f"/events/webhook/{made['webhook_id']}"
    for answer in (edge.ok("GET", path), edge.ok("GET", "/events/webhook"), edge.ok("PUT", path, {"description": "x"})):
        assert "whsec_" not in json.dumps(answer)
    rotated = edge.ok("POST", f"{path}/rotate-secret", {"overlap_seconds": 60})
    assert rotated["signing_secret"] != made["signing_secret"]


BAD_REGISTRATIONS = [
    ({"url": "not a url"}, "url"),
    ({"url": "ftp://example.com/"}, "url"),
    ({"url": "https://192.168.1.1/hook"}, "url"),
    ({"url": "http://169.254.169.254/latest/"}, "url"),
    ({"url": "https://example.com/" + "x" * 3000}, "url"),
    ({"url": 5}, "url"),
    ({"url": None}, "url"),
    ({"event_types": ["task_exploded"]}, "event_types[0]"),
    ({"event_types": []}, "event_types"),
    ({"event_types": "task_failed"}, "event_types"),
    ({"event_types": ["task_failed"] * 101}, "event_types"),
    ({"filters": {"project_ids": "p1"}}, "filters.project_ids"),
    ({"filters": {"priority_levels": ["urgent"]}}, "filters.priority_levels.0"),
    ({"filters": {"colour": ["red"]}}, "filters.colour"),
    ({"authentication": {"auth_type": "kerberos"}}, "authentication.auth_type"),
    ({"authentication": {"auth_type": "bearer_token"}}, "authentication.credentials.token"),
    ({"authentication": {"auth_type": "basic", "credentials": {"username": "u"}}}, "authentication.credentials.password"),
    ({"authentication": {"auth_type": "api_key", "credentials": {"key": "k", "header": "Host"}}}, "authentication.credentials.header"),
    ({"authentication": {}}, "authentication.auth_type"),
    ({"retry_policy": {"max_retries": 101}}, "retry_policy.max_retries"),
    ({"retry_policy": {"max_retries": -1}}, "retry_policy.max_retries"),
    ({"retry_policy": {"backoff_strategy": "random"}}, "retry_policy.backoff_strategy"),
    ({"signing_secret": "mine"}, "signing_secret"),
    ({"unknown": 1}, "unknown"),
]  # fmt: skip


def test_bad_registrations(edge: Edge) -> None:
    for fields, field in BAD_REGISTRATIONS:
        answer = edge.call("POST", "/events/webhook", {**SHORT, **fields})
        assert answer.status == 400, fields
        assert answer.error["code"] == "INVALID_REQUEST"
        assert answer.error["details"]["field"] == field
        assert answer.error["details"]["reason"]
    assert edge.ok("GET", "/events/webhook")["webhooks"] == []


OF_ONE_WEBHOOK = [
    ("DELETE", "/events/webhook/webhook-999", None),
    ("GET", "/events/webhook/webhook-999", None),
    ("PUT", "/events/webhook/webhook-999", {"description": "x"}),
    ("POST", "/events/webhook/webhook-999/pause", {}),
    ("POST", "/events/webhook/webhook-999/resume", {}),
    ("POST", "/events/webhook/webhook-999/test", {}),
    ("POST", "/events/webhook/webhook-999/rotate-secret", {}),
    ("POST", "/events/webhook/webhook-999/redeliver", {"since": "2026-01-01T00:00:00Z"}),
    ("GET", "/events/webhook/webhook-999/deliveries", None),
    ("GET", "/events/webhook/webhook-999/deliveries/event-1", None),
    ("POST", "/events/webhook/webhook-999/deliveries/event-1/redeliver", {}),
]


def test_unknown_webhooks(edge: Edge) -> None:
    for method, path, body in OF_ONE_WEBHOOK:
        answer = edge.call(method, path, body)
        assert answer.status == 404, path
        assert answer.error["details"] == {"resource_type": "webhook", "resource_id": "webhook-999"}


def test_a_removed_webhook_is_gone(edge: Edge) -> None:
    path = f"/events/webhook/{registered(edge)}"
    assert edge.call("DELETE", path).status == 204
    assert edge.call("DELETE", path).status == 404
    assert edge.ok("GET", "/events/webhook")["webhooks"] == []


def test_pausing_twice_is_a_conflict(edge: Edge) -> None:
    path = f"/events/webhook/{registered(edge)}"
    assert edge.ok("POST", f"{path}/pause", {})["status"] == "paused"
    answer = edge.call("POST", f"{path}/pause", {})
    assert (answer.status, answer.error["details"]["current_status"]) == (409, "paused")
    assert edge.ok("POST", f"{path}/resume", {})["status"] == "active"


def test_a_test_shows_request_and_response(edge: Edge) -> None:
    with receiving(status(202, b"noted")) as receiver:
        identity = registered(edge, url=receiver.url)
        shown = edge.ok("POST", f"/events/webhook/{identity}/test", {})
    (attempt,) = shown["attempts"]
    assert attempt["response"] == {"status_code": 202, "body": "noted"}
    assert shown["request_body"] == json.loads(receiver.received[0].body)


def test_unknown_deliveries(edge: Edge) -> None:
    identity = registered(edge)
    answer = edge.call("GET", f"/events/webhook/{identity}/deliveries/event-1")
    assert answer.error["details"] == {"resource_type": "delivery", "resource_id": "event-1"}
    assert edge.ok("GET", f"/events/webhook/{identity}/deliveries", status="failed")["deliveries"] == []


def test_events_have_the_shape_of_the_spec(edge: Edge) -> None:
    edge.call("POST", "/events/webhook", SHORT, headers={"X-Correlation-Id": "corr-12345"})
    listed = edge.ok("GET", "/events", event_type="webhook_registered")
    (event,) = listed["events"]
    named = {"id", "workflow_instance_id", "event_type", "timestamp", "source", "data", "correlation_id", "metadata"}
    assert named <= set(event)
    assert event["source"]["component"] == "task-orchestrator"
    assert set(event["metadata"]) == {"user_id", "project_id"}
    assert (event["correlation_id"], event["metadata"]["user_id"]) == ("corr-12345", "ada")
    expected = {"total": 1, "limit": 100, "offset": 0, "has_more": False}
    assert expected.items() <= listed["pagination"].items()


BAD_QUERIES = [
    ({"event_type": "task_exploded"}, "event_type"),
    ({"start_time": "yesterday"}, "start_time"),
    ({"end_time": "2026-13-01"}, "end_time"),
    ({"start_time": "2026-02-01T00:00:00Z", "end_time": "2026-01-01T00:00:00Z"}, "end_time"),
    ({"limit": "0"}, "limit"),
    ({"limit": "x"}, "limit"),
    ({"offset": "-1"}, "offset"),
    ({"cursor": "%%%"}, "cursor"),
    ({"workflow_instance_id": ""}, "workflow_instance_id"),
    ({"colour": "red"}, "colour"),
]


def test_bad_event_queries(edge: Edge) -> None:
    for query, field in BAD_QUERIES:
        answer = edge.call("GET", "/events", **query)
        assert (answer.status, answer.error["details"]["field"]) == (400, field), query
