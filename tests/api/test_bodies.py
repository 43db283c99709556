"""What a body may be; every fault is a 400 that names the field, and nothing is a 500."""

import json

import pytest

from tests.api.edge import Edge, shared  # noqa: F401 - a fixture

TINY = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"><process id="p" '
    'isExecutable="true"><startEvent id="s"/><userTask id="a" name="A"/><endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>'
    "</process></definitions>"
)
GOOD = {"name": "n", "version": "1.0.0", "bpmn_content": TINY}


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ("", "body"),
        ("{", "body"),
        ("[]", "body"),
        ("null", "body"),
        ('"text"', "body"),
        ('{"name": NaN}', "body"),
        ('{"name": "a", "name": "b"}', "name"),
        ('{"name": "\\ud800"}', "name"),
        ('{"metadata": ' + '{"a":' * 100 + "1" + "}" * 101, None),
        ("[" * 100_000, "body"),
    ],
)
def test_what_is_no_proper_json_object(shared: Edge, raw: str, field: str | None) -> None:
    answer = shared.call("POST", "/workflow-definitions", raw=raw)
    assert answer.status == 400, answer
    assert answer.error["code"] == "INVALID_REQUEST"
    assert field is None or answer.error["details"]["field"] == field


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"name": None}, "name", "valid string"),
        ({"name": 5}, "name", "valid string"),
        ({"name": ""}, "name", "at least 1"),
        ({"name": "x" * 500}, "name", "at most"),
        ({"version": "1"}, "version", "pattern"),
        ({"version": 1.0}, "version", "valid string"),
        ({"bpmn_format": "json"}, "bpmn_format", "xml"),
        ({"surprise": True}, "surprise", "unknown field"),
        ({"metadata": {"tags": "a"}}, "metadata.tags", "valid list"),
        ({"metadata": {"tags": [1]}}, "metadata.tags.0", "valid string"),
        ({"metadata": {"estimated_duration": "5"}}, "metadata.estimated_duration", "valid integer"),
        ({"metadata": {"other": 1}}, "metadata.other", "unknown field"),
    ],
)
def test_wrong_fields_are_named(shared: Edge, change: dict, field: str, reason: str) -> None:
    before = shared.ok("GET", "/workflow-definitions")["pagination"]["total"]
    answer = shared.call("POST", "/workflow-definitions", {**GOOD, **change})
    assert answer.status == 400, answer
    assert answer.error["details"]["field"] == field
    assert reason in answer.error["details"]["reason"]
    assert shared.ok("GET", "/workflow-definitions")["pagination"]["total"] == before


@pytest.mark.parametrize("missing", ["name", "bpmn_content"])
def test_missing_fields_are_named(shared: Edge, missing: str) -> None:
    body = {name: value for name, value in GOOD.items() if name != missing}
    answer = shared.call("POST", "/workflow-definitions", body)
    assert answer.status == 400
    assert answer.error["details"] == {"field": missing, "reason": "is required"}


def test_bad_xml_names_the_line(shared: Edge) -> None:
    answer = shared.call("POST", "/workflow-definitions", {**GOOD, "bpmn_content": "<definitions>\n\n<oops"})
    assert answer.status == 400
    assert answer.error["details"]["field"] == "bpmn_content"
    assert answer.error["details"]["line"] == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "1000"}, "limit"),
        ({"limit": "1e2"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"status": "odd"}, "status"),
        ({"category": ""}, "category"),
        ({"unknown": "x"}, "unknown"),
        ({"cursor": "rubbish"}, "cursor"),
    ],
)
def test_bad_parameters_are_named(shared: Edge, query: dict, field: str) -> None:
    answer = shared.call("GET", "/workflow-definitions", **query)
    assert answer.status == 400, answer
    assert answer.error["details"]["field"] == field


def test_every_answer_carries_request_and_correlation_id(shared: Edge) -> None:
    answer = shared.call("GET", "/workflow-definitions", headers={"X-Correlation-Id": "mine-1"})
    assert answer.headers["X-Correlation-Id"] == "mine-1"
    assert answer.headers["X-Request-Id"] == "request-1"
    hostile = shared.call("GET", "/workflow-definitions", headers={"X-Correlation-Id": "a\nSet-Cookie: x"})
    assert hostile.headers["X-Correlation-Id"] == "request-1"


def test_an_answer_is_json(shared: Edge) -> None:
    created = shared.call("POST", "/workflow-definitions", GOOD)
    assert created.status == 201
    assert created.headers["Location"] == f"/workflow-definitions/{created.body['id']}"
    assert json.loads(json.dumps(created.body)) == created.body
