"""What a caller can do wrong: the spec's error, naming the field and the reason; nothing has changed."""

import base64
import json
from typing import Any

import pytest

from tests.api.edge import Answer, Edge, rest_event
from tests.api.service import NOT_RUNNABLE, TWO_TASKS, Service

DEFINITION = {"name": "n", "version": "1.0.0", "bpmn_content": TWO_TASKS, "bpmn_format": "xml"}
INSTANCE = {"workflow_definition_id": "DEFINITION"}
#: method, path (names in capitals are replaced by real ids), body, field that the answer names
BODIES: list[tuple[str, str, Any, str]] = [
    ("POST", "/workflow-definitions", {}, "name"),
    ("POST", "/workflow-definitions", DEFINITION | {"surprise": 1}, "surprise"),
    ("POST", "/workflow-definitions", DEFINITION | {"name": 5}, "name"),
    ("POST", "/workflow-definitions", DEFINITION | {"name": ""}, "name"),
    ("POST", "/workflow-definitions", DEFINITION | {"name": "x" * 201}, "name"),
    ("POST", "/workflow-definitions", DEFINITION | {"name": None}, "name"),
    ("POST", "/workflow-definitions", DEFINITION | {"description": ["x"]}, "description"),
    ("POST", "/workflow-definitions", DEFINITION | {"version": "one"}, "version"),
    ("POST", "/workflow-definitions", DEFINITION | {"version": 1.0}, "version"),
    ("POST", "/workflow-definitions", DEFINITION | {"version": "01.0.0"}, "version"),
    ("POST", "/workflow-definitions", DEFINITION | {"version": "9999999.0.0"}, "version"),
    ("POST", "/workflow-definitions", DEFINITION | {"version": "1.0.0\n"}, "version"),
    ("POST", "/workflow-definitions", DEFINITION | {"version": "\N{ARABIC-INDIC DIGIT ONE}.0.0"}, "version"),
    ("POST", "/workflow-definitions", DEFINITION | {"bpmn_format": "json"}, "bpmn_format"),
    ("POST", "/workflow-definitions", DEFINITION | {"bpmn_content": ""}, "bpmn_content"),
    ("POST", "/workflow-definitions", DEFINITION | {"bpmn_content": "<a"}, "bpmn_content"),
    ("POST", "/workflow-definitions", DEFINITION | {"bpmn_content": "\x00"}, "bpmn_content"),
    ("POST", "/workflow-definitions", DEFINITION | {"bpmn_content": {"a": 1}}, "bpmn_content"),
    ("POST", "/workflow-definitions", DEFINITION | {"metadata": {"tags": "x"}}, "metadata.tags"),
    ("POST", "/workflow-definitions", DEFINITION | {"metadata": {"tags": ["x", 1]}}, "metadata.tags.1"),
    ("POST", "/workflow-definitions", DEFINITION | {"metadata": {"owner": "x"}}, "metadata.owner"),
    ("POST", "/workflow-definitions", DEFINITION | {"metadata": {"category": ""}}, "metadata.category"),
    (
        "POST",
        "/workflow-definitions",
        DEFINITION | {"metadata": {"estimated_duration": "60"}},
        "metadata.estimated_duration",
    ),
    (
        "POST",
        "/workflow-definitions",
        DEFINITION | {"metadata": {"estimated_duration": -1}},
        "metadata.estimated_duration",
    ),
    (
        "POST",
        "/workflow-definitions",
        DEFINITION | {"metadata": {"complexity_score": True}},
        "metadata.complexity_score",
    ),
    (
        "POST",
        "/workflow-definitions",
        DEFINITION | {"metadata": {"complexity_score": 10**400}},
        "metadata.complexity_score",
    ),
    ("PUT", "/workflow-definitions/DEFINITION", {"status": "draft"}, "status"),
    ("PUT", "/workflow-definitions/DEFINITION", {"id": "x"}, "id"),
    ("PUT", "/workflow-definitions/DEFINITION", {"version": "2"}, "version"),
    ("PUT", "/workflow-definitions/DEFINITION", {"bpmn_content": "<a"}, "bpmn_content"),
    (
        "POST",
        "/workflow-definitions/DEFINITION/validate",
        {"validation_options": {"strict_mode": "yes"}},
        "validation_options.strict_mode",
    ),
    ("POST", "/workflow-definitions/DEFINITION/validate", {"validation_options": 1}, "validation_options"),
    ("POST", "/workflow-definitions/DEFINITION/validate", {"strict_mode": True}, "strict_mode"),
    ("POST", "/workflow-definitions/DEFINITION/publish", {"force": True}, "force"),
    ("POST", "/workflow-instances", {}, "workflow_definition_id"),
    ("POST", "/workflow-instances", {"workflow_definition_id": ""}, "workflow_definition_id"),
    ("POST", "/workflow-instances", INSTANCE | {"input_variables": []}, "input_variables"),
    ("POST", "/workflow-instances", INSTANCE | {"input_variables": "x"}, "input_variables"),
    ("POST", "/workflow-instances", INSTANCE | {"priority": "urgent"}, "priority"),
    (
        "POST",
        "/workflow-instances",
        INSTANCE | {"configuration": {"auto_start": "true"}},
        "configuration.auto_start",
    ),
    (
        "POST",
        "/workflow-instances",
        INSTANCE | {"configuration": {"retry_policy": {"max_retries": -1}}},
        "configuration.retry_policy.max_retries",
    ),
    (
        "POST",
        "/workflow-instances",
        INSTANCE | {"configuration": {"retry_policy": {"max_retries": 1.5}}},
        "configuration.retry_policy.max_retries",
    ),
    (
        "POST",
        "/workflow-instances",
        INSTANCE | {"configuration": {"retry_policy": {"backoff_strategy": "never"}}},
        "configuration.retry_policy.backoff_strategy",
    ),
    ("POST", "/workflow-instances", INSTANCE | {"execution_context": {"tenant": "t"}}, "execution_context.tenant"),
    (
        "POST",
        "/workflow-instances",
        INSTANCE | {"execution_context": {"project_id": 1}},
        "execution_context.project_id",
    ),
    ("POST", "/workflow-instances/CREATED/start", {"start_options": {"priority": "x"}}, "start_options.priority"),
    (
        "POST",
        "/workflow-instances/CREATED/start",
        {"start_options": {"initial_assignments": {"collect": {"agent_type": "human"}}}},
        "start_options.initial_assignments.collect",
    ),
    (
        "POST",
        "/workflow-instances/CREATED/start",
        {"start_options": {"initial_assignments": {"collect": {"agent_id": "a", "agent_type": "robot"}}}},
        "start_options.initial_assignments.collect.agent_type",
    ),
    (
        "POST",
        "/workflow-instances/CREATED/start",
        {"start_options": {"notifications": {"on_completion": "ada"}}},
        "start_options.notifications.on_completion",
    ),
    ("POST", "/tasks/TASK/start", {"now": True}, "now"),
    ("POST", "/tasks/TASK/logs", {}, "message"),
    ("POST", "/tasks/TASK/logs", {"message": "x" * 501}, "message"),
    ("POST", "/tasks/TASK/logs", {"message": "x", "level": "fatal"}, "level"),
    ("POST", "/tasks/TASK/logs", {"message": "x", "logged_by": "eve"}, "logged_by"),
    ("POST", "/tasks/TASK/complete", {"result": {}}, "result"),
    ("POST", "/tasks/TASK/complete", {"result_data": [1]}, "result_data"),
    ("POST", "/tasks/TASK/complete", {"result_data": None}, "result_data"),
    ("POST", "/tasks/TASK/complete", {"completion_notes": 5}, "completion_notes"),
    ("POST", "/tasks/TASK/complete", {"next_actions": [{"task_id": "x"}]}, "next_actions.0.action"),
]


@pytest.fixture
def ids(service: Service) -> dict[str, str]:
    definition = service.published()
    return {
        "DEFINITION": definition,
        "CREATED": service.created(definition),
        "TASK": service.arrive(service.started(definition)),
    }


def real(value: Any, ids: dict[str, str]) -> Any:
    text = json.dumps(value)
    for name, identity in ids.items():
        text = text.replace(name, identity)
    return json.loads(text)


def test_each_bad_body_is_refused_naming_the_field(service: Service, ada: Edge, ids: dict[str, str]) -> None:
    before = service.snapshot()
    for method, path, body, field in BODIES:
        answer = ada.call(method, real(path, ids), real(body, ids))
        assert (answer.status, answer.error["code"]) == (400, "INVALID_REQUEST"), (path, body, answer)
        assert answer.field == field, (path, body)
        assert answer.error["details"]["reason"], (path, body)
    assert service.snapshot() == before


QUERIES = [
    ("/workflow-definitions?limit=0", "limit", "1 to 200"),
    ("/workflow-definitions?limit=201", "limit", "1 to 200"),
    ("/workflow-definitions?limit=x", "limit", "whole number"),
    ("/workflow-definitions?limit=1.0", "limit", "whole number"),
    ("/workflow-definitions?limit=", "limit", "whole number"),
    ("/workflow-definitions?limit=\N{ARABIC-INDIC DIGIT ONE}", "limit", "whole number"),
    ("/workflow-definitions?limit=1&limit=2", "limit", "more than once"),
    ("/workflow-definitions?offset=-1", "offset", "0 to 10000"),
    ("/workflow-definitions?offset=99999999999999999999", "offset", "0 to 10000"),
    ("/workflow-definitions?status=odd", "status", "draft, validated, published, deprecated, archived"),
    ("/workflow-definitions?cursor=rubbish", "cursor", ""),
    ("/workflow-definitions?category=", "category", "empty"),
    ("/workflow-definitions?Status=draft", "Status", "unknown"),
    ("/workflow-instances?status=odd", "status", "created, queued, running"),
    ("/workflow-instances?priority=5", "priority", "low, medium, high, critical"),
    ("/workflow-instances?created_after=yesterday", "created_after", "ISO 8601"),
    ("/workflow-instances?created_before=2026-13-01", "created_before", "ISO 8601"),
    ("/workflow-instances/CREATED?include=x", "include", "unknown"),
    ("/workflow-instances/CREATED/status?include_tasks=1", "include_tasks", "true or false"),
    ("/workflow-instances/CREATED/status?include_metrics=", "include_metrics", "true or false"),
    ("/tasks?status=open", "status", "pending, assigned, running"),
    ("/tasks?due_before=5", "due_before", "ISO 8601"),
    ("/tasks/TASK?include_logs=yes", "include_logs", "true or false"),
]


def test_each_bad_query_is_refused_naming_the_parameter(ada: Edge, ids: dict[str, str]) -> None:
    for url, field, reason in QUERIES:
        answer = ada.read(real(url, ids))
        assert (answer.status, answer.body["error"]["code"]) == (400, "INVALID_REQUEST"), (url, answer)
        assert answer.field == field, url
        assert reason in answer.error["details"]["reason"], url


#: texts that are no JSON object that we take, and the field that the answer names
TEXTS = [
    ("", "body"),
    ("{", "body"),
    ("[]", "body"),
    ('"x"', "body"),
    ("null", "body"),
    ("name=x&version=1", "body"),
    ('{"name":NaN}', "body"),
    ('{"name":-Infinity}', "body"),
    ('{"name":"a","name":"b"}', "name"),
    ('{"name":"\\ud800"}', "name"),
    ('{"\\udfff":1}', "body"),
    ('{"metadata":{"complexity_score":1e999}}', "metadata.complexity_score"),
    ('{"name":' + "9" * 5000 + "}", "body"),
    ('{"name":' + "[" * 100_000 + "]" * 100_000 + "}", "body"),
    ('{"name":' * 100_000, "body"),
    ("\ufeff{}", "body"),
    ("\x00", "body"),
    ("<xml/>", "body"),
]


def test_each_text_that_is_no_json_object_is_refused(service: Service, ada: Edge) -> None:
    before = service.snapshot()
    for text, field in TEXTS:
        answer = ada.call("POST", "/workflow-definitions", raw=text)
        assert (answer.status, answer.body["error"]["code"]) == (400, "INVALID_REQUEST"), (text[:50], answer)
        assert answer.field == field, text[:50]
    assert service.snapshot() == before


def test_deep_and_odd_variables_are_refused_or_kept_exactly(service: Service, ada: Edge, ids: dict[str, str]) -> None:
    url = f"/tasks/{ids['TASK']}/complete"
    deep = ada.call("POST", url, raw='{"result_data":{"x":' + "[" * 70 + "]" * 70 + "}}")
    assert deep.field.startswith("result_data.x.0.0")
    odd = {"": 1, "a\u0000b": "\u0000", "$x": [None, True, 1e-300, 10**40, 0.1 + 0.2], "💥": "\u2028", "1": {"": {}}}
    assert ada.ok("POST", url, {"result_data": odd})["status"] == "completed"
    assert ada.ok("GET", f"/tasks/{ids['TASK']}")["result_data"] == odd


def test_bytes_that_are_no_text_are_refused(ada: Edge) -> None:
    for content in ("////", "!", "e30"):
        answer = ada.send(rest_event("POST", "/workflow-definitions", body=content, isBase64Encoded=True))
        assert (answer.status, answer.field) == (400, "body"), content


def test_bodies_may_come_encoded(ada: Edge) -> None:
    content = base64.b64encode(json.dumps(DEFINITION).encode()).decode()
    assert ada.send(rest_event("POST", "/workflow-definitions", body=content, isBase64Encoded=True)).status == 201


def test_hostile_models_name_reason_and_line(ada: Edge) -> None:
    for content, reason, line in [
        ("<definitions>\n<process>\n</definitions>", "mismatch", 3),
        ('<!DOCTYPE x [<!ENTITY a "ha">]>\n<x>&a;</x>', "DOCTYPE", None),
        ("\n<html/>", "BPMN", 2),
    ]:
        answer = ada.call("POST", "/workflow-definitions", DEFINITION | {"bpmn_content": content})
        assert answer.error["message"] == "Invalid workflow definition format"
        details = answer.error["details"]
        assert details["field"] == "bpmn_content"
        assert reason.lower() in details["reason"].lower(), details
        assert details.get("line") == line, details


def test_a_model_with_findings_becomes_a_draft_that_lists_them(service: Service, ada: Edge) -> None:
    created = ada.call("POST", "/workflow-definitions", DEFINITION | {"bpmn_content": NOT_RUNNABLE})
    assert (created.status, created.body["status"]) == (201, "draft")
    result = created.body["validation_result"]
    assert result["is_valid"] is False
    assert {finding["element_id"] for finding in result["errors"]} == {"decide"}
    published = ada.call("POST", f"/workflow-definitions/{created.body['id']}/publish")
    assert (published.status, published.error["code"]) == (409, "RESOURCE_CONFLICT")
    assert published.error["details"]["current_status"] == "draft"
    findings = published.error["details"]["findings"]
    assert [finding for finding in findings if finding["severity"] == "error"] == result["errors"]


STRANGE_IDS = [
    "none",
    "x" * 3000,
    "%20",
    "a#b",
    "ü",
    "..",
    "wf-inst-",
    "task-" + "0" * 26 + "-" + "a" * 16,
    "\x7f",
    "'",
]


@pytest.mark.parametrize(
    ("method", "path", "resource"),
    [
        ("GET", "/workflow-definitions/{}", "workflow_definition"),
        ("PUT", "/workflow-definitions/{}", "workflow_definition"),
        ("DELETE", "/workflow-definitions/{}", "workflow_definition"),
        ("POST", "/workflow-definitions/{}/validate", "workflow_definition"),
        ("POST", "/workflow-definitions/{}/publish", "workflow_definition"),
        ("GET", "/workflow-instances/{}", "workflow_instance"),
        ("POST", "/workflow-instances/{}/start", "workflow_instance"),
        ("GET", "/workflow-instances/{}/status", "workflow_instance"),
        ("GET", "/tasks/{}", "task"),
        ("POST", "/tasks/{}/start", "task"),
        ("POST", "/tasks/{}/complete", "task"),
    ],
)
def test_unknown_ids_are_not_found(ada: Edge, method: str, path: str, resource: str) -> None:
    for identity in STRANGE_IDS:
        answer = ada.call(method, path.format(identity), None if method in {"GET", "DELETE"} else {})
        assert (answer.status, answer.error["code"]) == (404, "RESOURCE_NOT_FOUND"), (identity[:30], answer)
        assert answer.error["details"] == {"resource_type": resource, "resource_id": identity}


def test_an_instance_of_nothing_is_not_found(ada: Edge) -> None:
    for identity in ("wf-def-none", "x" * 200, "a#b"):
        answer = ada.call("POST", "/workflow-instances", {"workflow_definition_id": identity})
        assert answer.error["details"] == {"resource_type": "workflow_definition", "resource_id": identity}


def test_filters_may_be_anything(ada: Edge) -> None:
    long = "x" * 3000
    for url in (
        f"/workflow-definitions?category={long}",
        f"/workflow-definitions?tags={long}",
        f"/workflow-definitions?created_by={long}",
        f"/workflow-instances?workflow_definition_id={long}",
        f"/workflow-instances?project_id={long}",
        f"/workflow-instances?business_key={long}",
        f"/workflow-instances?created_by={long}",
        f"/tasks?assignee={long}",
        f"/tasks?type={long}",
        f"/tasks?workflow_instance_id={long}",
    ):
        answer = ada.read(url)
        assert answer.status in {200, 400}, (url[:60], answer)


def conflict(answer: Answer, **details: str) -> None:
    assert (answer.status, answer.error["code"]) == (409, "RESOURCE_CONFLICT"), answer
    assert answer.error["details"] == details


def test_wrong_states_are_conflicts_that_name_the_state(service: Service, ada: Edge, ids: dict[str, str]) -> None:
    running = service.started(ids["DEFINITION"])
    again = ada.call("POST", f"/workflow-instances/{running}/start")
    conflict(again, current_status="running", instance_id=running)
    assert again.error["message"] == "Workflow instance is already running"
    ada.ok("POST", f"/tasks/{ids['TASK']}/complete", {"result_data": {"first": 1}})
    draft = service.defined()
    before = service.snapshot()
    for action in ("complete", "start"):
        answer = ada.call("POST", f"/tasks/{ids['TASK']}/{action}", {})
        conflict(answer, current_status="completed", task_id=ids["TASK"])
    answer = ada.call("POST", "/workflow-instances", {"workflow_definition_id": draft})
    conflict(answer, current_status="draft", definition_id=draft)
    answer = ada.call("DELETE", f"/workflow-definitions/{ids['DEFINITION']}")
    assert (answer.status, answer.error["details"]["active_instances"]) == (409, 3)
    assert service.snapshot() == before


def test_payloads_over_the_limit_are_too_large(service: Service, ada: Edge, ids: dict[str, str]) -> None:
    before = service.snapshot()
    large = {"x": "ü" * 200_000}
    for url, body, field in (
        (
            "/workflow-instances",
            {"workflow_definition_id": ids["DEFINITION"], "input_variables": large},
            "input_variables",
        ),
        (f"/tasks/{ids['TASK']}/complete", {"result_data": large}, "result_data"),
    ):
        answer = ada.call("POST", url, body)
        assert (answer.status, answer.error["code"]) == (413, "PAYLOAD_TOO_LARGE")
        assert answer.error["details"]["field"] == field
        assert answer.error["details"]["size"] > answer.error["details"]["limit"]
    assert service.snapshot() == before


def test_other_projects_do_not_exist(service: Service, ada: Edge) -> None:
    instance = service.started(execution_context={"project_id": "p1"})
    task = service.arrive(instance)
    eve = Edge(subject="eve", projects="p2")
    for method, url in (
        ("GET", f"/workflow-instances/{instance}"),
        ("GET", f"/workflow-instances/{instance}/status"),
        ("POST", f"/workflow-instances/{instance}/start"),
        ("GET", f"/tasks/{task}"),
        ("POST", f"/tasks/{task}/start"),
        ("POST", f"/tasks/{task}/complete"),
    ):
        assert eve.call(method, url).status == 404, url
    assert eve.ok("GET", "/workflow-instances")["workflow_instances"] == []
    assert eve.ok("GET", "/tasks")["tasks"] == []
    assert Edge(projects="p1").ok("GET", f"/tasks/{task}")["id"] == task
    body = {"workflow_definition_id": service.published(), "execution_context": {"project_id": "p1"}}
    assert eve.call("POST", "/workflow-instances", body).status == 403
