"""`POST /messages` and `POST /signals` at the edge."""

from collections import Counter

import pytest

from orchestrator.workers.task_dispatch import handler
from tests.api.edge import Edge, edge, shared  # noqa: F401 - fixtures
from tests.api.service import Service

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
MODEL = (
    HEAD + '<message id="m" name="paid"/><signal id="g" name="alarm"/><process id="p" isExecutable="true">'
    '<startEvent id="s"/><intermediateCatchEvent id="w"><messageEventDefinition messageRef="m"/>'
    '<signalEventDefinition signalRef="g"/></intermediateCatchEvent><endEvent id="e"/>'
    '<sequenceFlow id="a" sourceRef="s" targetRef="w"/><sequenceFlow id="b" sourceRef="w" targetRef="e"/>'
    "</process></definitions>"
)
STARTED = MODEL.replace(
    '<startEvent id="s"/>', '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
)


def waiting(edge: Edge) -> str:
    """An instance whose token waits for the message or the signal, as its machine says."""
    service = Service(Counter(), edge)
    definition = service.published(bpmn=MODEL)
    instance = service.started(definition)
    subscriptions = [
        {"element_id": "w", "kind": "message", "name": "paid", "correlation_key": None},
        {"element_id": "w", "kind": "signal", "name": "alarm"},
    ]
    call = {
        "operation": "activate", "instance_id": instance, "thread": "root", "execution": instance, "scope": "",
        "clock": 0, "trail": ["s"], "element_id": "w", "occurrence": 0, "token": "t", "input": {},
        "subscriptions": subscriptions,
    }  # fmt: skip
    handler(call, None)
    return instance


def test_a_message_is_received_once(edge: Edge) -> None:
    instance = waiting(edge)
    answer = edge.ok("POST", "/messages", {"name": "paid", "variables": {"amount": 1}, "message_id": "m-1"})
    assert [receiver["workflow_instance_id"] for receiver in answer["received_by"]] == [instance]
    assert (answer["is_duplicate"], answer["correlation_key"]) == (False, None)
    again = edge.ok("POST", "/messages", {"name": "paid", "message_id": "m-1"})
    assert (again["is_duplicate"], again["received_by"], again["id"]) == (True, [], answer["id"])
    history = edge.ok("GET", f"/workflow-instances/{instance}/history")
    assert "message_received" in str(history)


def test_a_signal_reaches_all_who_wait(edge: Edge) -> None:
    instances = {waiting(edge), waiting(edge)}
    answer = edge.ok("POST", "/signals", {"name": "alarm"})
    assert {receiver["workflow_instance_id"] for receiver in answer["received_by"]} == instances
    assert edge.ok("POST", "/signals", {"name": "alarm"})["received_by"] == []


def test_a_message_starts_an_instance_and_nobody_else_does(edge: Edge) -> None:
    service = Service(Counter(), edge)
    definition = service.published(bpmn=STARTED)
    answer = edge.ok("POST", "/messages", {"name": "paid", "variables": {"amount": 1}})
    (receiver,) = answer["received_by"]
    assert (receiver["workflow_definition_id"], receiver["element_id"], receiver["started"]) == (definition, "s", True)
    instance = edge.ok("GET", f"/workflow-instances/{receiver['workflow_instance_id']}")
    assert (instance["status"], instance["input_variables"]) == ("running", {"amount": 1})
    body = {"workflow_definition_id": definition, "instance_name": "by hand"}
    refused = edge.call("POST", "/workflow-instances", body)
    assert refused.status == 409
    assert refused.error["details"]["start_events"] == [
        {"element_id": "s", "kind": "message", "name": "paid", "time": None}
    ]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/messages", {}, "name"),
        ("/messages", {"name": ""}, "name"),
        ("/messages", {"name": "x", "time_to_live": -1}, "time_to_live"),
        ("/messages", {"name": "x", "correlation_key": ""}, "correlation_key"),
        ("/messages", {"name": "x", "variables": []}, "variables"),
        ("/messages", {"name": "x", "key": "y"}, "key"),
        ("/signals", {"variables": {}}, "name"),
    ],
)
def test_what_is_no_message_is_refused(shared: Edge, path: str, body: dict, field: str) -> None:
    answer = shared.call("POST", path, body)
    assert (answer.status, answer.error["code"]) == (400, "INVALID_REQUEST")
    assert answer.error["details"]["field"].startswith(field)
