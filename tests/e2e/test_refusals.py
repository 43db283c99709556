"""What a caller can do wrong, over HTTP: each gets the spec's error body, and nothing changes."""

import concurrent.futures
import json
from typing import Any

import pytest
import requests

from tests.e2e.api import Api, Json
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

TWO_TASKS = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test">'
    '<process id="p" isExecutable="true"><startEvent id="s"/><userTask id="a"/><userTask id="b"/><endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>'
    '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/></process></definitions>'
)
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1/evil.dtd"><x/>'
DEEP = "<a>" * 10_000 + "</a>" * 10_000


def new_definition(bpmn: str, **fields: Any) -> Json:
    return {"name": "n", "version": "1.0.0", "bpmn_content": bpmn, "bpmn_format": "xml", **fields}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (new_definition("<not closed"), "bpmn_content"),
        (new_definition(LAUGHS), "bpmn_content"),
        (new_definition(EXTERNAL), "bpmn_content"),
        (new_definition(DEEP), "bpmn_content"),
        (new_definition("<html/>"), "bpmn_content"),
        (new_definition(""), "bpmn_content"),
        (new_definition("\x00"), "bpmn_content"),
        (new_definition(TWO_TASKS, bpmn_format="json"), "bpmn_format"),
        (new_definition(TWO_TASKS, version="one"), "version"),
        (new_definition(TWO_TASKS, surprise=1), "surprise"),
        (new_definition(TWO_TASKS, name=5), "name"),
        (new_definition(TWO_TASKS, metadata={"tags": "x"}), "metadata.tags"),
        ({"name": "n", "version": "1.0.0"}, "bpmn_content"),
    ],
)
def test_a_bad_definition_is_refused_naming_the_field(api: Api, body: Json, field: str) -> None:
    before = api.ok("GET", "/workflow-definitions")["pagination"]["total"]
    response = api.call("POST", "/workflow-definitions", body=body)
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    assert error["code"] == "INVALID_REQUEST"
    assert error["details"]["field"] == field
    assert error["details"]["reason"]
    assert api.ok("GET", "/workflow-definitions")["pagination"]["total"] == before


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b'{"a":NaN}', b"\xff\xfe", b'{"name":"\\ud800"}', b"null"])
def test_what_is_no_json_object_is_refused(api: Api, raw: bytes) -> None:
    response = requests.post(
        f"{api.url}/workflow-definitions",
        data=raw,
        headers={"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"},
        timeout=30,
    )
    assert response.status_code == 400, response.text
    assert response.json()["error"]["code"] == "INVALID_REQUEST"


@pytest.mark.parametrize(
    ("method", "path", "resource"),
    [
        ("GET", "/workflow-definitions/wf-def-none", "workflow_definition"),
        ("DELETE", "/workflow-definitions/wf-def-none", "workflow_definition"),
        ("POST", "/workflow-definitions/wf-def-none/publish", "workflow_definition"),
        ("GET", "/workflow-instances/wf-inst-none", "workflow_instance"),
        ("GET", "/workflow-instances/wf-inst-none/status", "workflow_instance"),
        ("POST", "/workflow-instances/wf-inst-none/start", "workflow_instance"),
        ("GET", "/tasks/task-none", "task"),
        ("POST", "/tasks/task-none/start", "task"),
        ("POST", "/tasks/task-none/complete", "task"),
    ],
)
def test_an_unknown_id_is_not_found(api: Api, method: str, path: str, resource: str) -> None:
    response = api.call(method, path, body={} if method == "POST" else None)
    assert response.status_code == 404, response.text
    error = response.json()["error"]
    assert error["code"] == "RESOURCE_NOT_FOUND"
    assert error["details"] == {"resource_type": resource, "resource_id": path.split("/")[2]}


def test_an_unknown_path_is_not_found(api: Api) -> None:
    response = api.call("GET", "/nowhere")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    "parameter", [{"limit": "0"}, {"limit": "x"}, {"offset": "-1"}, {"status": "odd"}, {"no": "1"}]
)
def test_a_bad_query_parameter_is_named(api: Api, parameter: dict[str, str]) -> None:
    response = api.call("GET", "/workflow-definitions", **parameter)
    assert response.status_code == 400, response.text
    assert response.json()["error"]["details"]["field"] == next(iter(parameter))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."])
def test_without_a_good_token_nobody_gets_in(api: Api, token: str) -> None:
    response = Api(api.url, token).call("GET", "/workflow-definitions")
    assert response.status_code == 401, response.text
    assert response.json()["error"] == {
        "code": "UNAUTHORIZED",
        "message": "Invalid or expired authentication token",
    }


def test_a_missing_permission_is_named(api: Api, stack: Stack) -> None:
    reader = Api(api.url, stack.token("--permission", "workflow:read"))
    response = reader.call("POST", "/workflow-definitions", body=new_definition(TWO_TASKS))
    assert response.status_code == 403, response.text
    error = response.json()["error"]
    assert error["code"] == "FORBIDDEN"
    assert error["details"]["required_permission"] == "workflow:write"


def test_health_needs_no_token(api: Api) -> None:
    response = requests.get(f"{api.url}/health", timeout=10)
    assert response.status_code == 200
    assert response.json()["status"] == "healthy"


def test_starting_twice_is_a_conflict(api: Api) -> None:
    instance = api.start(api.publish(TWO_TASKS))
    response = api.call("POST", f"/workflow-instances/{instance}/start", body={})
    assert response.status_code == 409
    error = response.json()["error"]
    assert error["code"] == "RESOURCE_CONFLICT"
    assert error["details"] == {"current_status": "running", "instance_id": instance}


def test_an_unpublished_definition_starts_nothing(api: Api) -> None:
    definition = api.ok("POST", "/workflow-definitions", body=new_definition(TWO_TASKS))
    body = {"workflow_definition_id": definition["id"], "instance_name": "x"}
    response = api.call("POST", "/workflow-instances", body=body)
    assert response.status_code == 409, response.text
    assert response.json()["error"]["details"]["current_status"] == "draft"


def test_a_definition_with_active_instances_cannot_be_deleted(api: Api) -> None:
    definition = api.publish(TWO_TASKS)
    instance = api.start(definition)
    assert api.call("DELETE", f"/workflow-definitions/{definition}").status_code == 409
    api.drive(instance, lambda _: {})
    assert api.call("DELETE", f"/workflow-definitions/{definition}").ok
    assert api.call("GET", f"/workflow-definitions/{definition}").status_code == 404
    assert api.ok("GET", f"/workflow-instances/{instance}")["status"] == "completed"


def test_of_concurrent_completions_exactly_one_wins(api: Api) -> None:
    instance = api.start(api.publish(TWO_TASKS))
    task = api.wait_for_tasks(instance, "a")["a"]["id"]

    def complete(number: int) -> requests.Response:
        return api.call("POST", f"/tasks/{task}/complete", body={"result_data": {"winner": number}})

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(complete, range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert loser.json()["error"]["details"]["current_status"] == "completed"
    ended, _ = api.drive(instance, lambda _: {})
    assert ended["status"] == "completed"
    assert api.ok("GET", f"/workflow-instances/{instance}")["output_variables"] == {"winner": winner}


def test_a_payload_over_the_limit_is_refused_with_its_size(api: Api) -> None:
    instance = api.start(api.publish(TWO_TASKS))
    task = api.wait_for_tasks(instance, "a")["a"]["id"]
    response = api.call("POST", f"/tasks/{task}/complete", body={"result_data": {"x": "y" * 2_000_000}})
    assert response.status_code == 413, response.text
    error = response.json()["error"]
    assert error["code"] == "PAYLOAD_TOO_LARGE"
    assert error["details"]["size"] > error["details"]["limit"]
    api.complete(task, {"x": "y" * 1000})
    api.wait_for_tasks(instance, "b")


def test_a_model_that_cannot_run_is_refused_at_validation_and_publish(api: Api) -> None:
    bpmn = TWO_TASKS.replace('<userTask id="b"/>', '<complexGateway id="b"/>')
    definition = api.ok("POST", "/workflow-definitions", body=new_definition(bpmn))
    assert definition["validation_result"]["is_valid"] is False
    validated = api.ok("POST", f"/workflow-definitions/{definition['id']}/validate", body={})
    errors = validated["validation_result"]["errors"]
    assert any(error["element_id"] == "b" and error["code"] and error["message"] for error in errors), json.dumps(
        errors
    )
    published = api.call("POST", f"/workflow-definitions/{definition['id']}/publish", body={})
    assert published.status_code == 409
    assert api.ok("GET", f"/workflow-definitions/{definition['id']}")["status"] == "draft"
