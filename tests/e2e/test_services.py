"""Service tasks on a running stack: an answer at once, one after a failure, one by callback."""

import json
import threading
from http.server import BaseHTTPRequestHandler

import pytest
import requests

from tests.contract.events.receiver import Received, receiving, status
from tests.e2e.api import Api
from tests.e2e.stack import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test">
  <process id="p" name="Score" isExecutable="true" xmlns:to="urn:task-orchestrator:bpmn">
    <startEvent id="s"/><endEvent id="e"/>
    <serviceTask id="one" name="One" to:taskType="{service}"/>
    <serviceTask id="two" name="Two" to:taskType="{service}"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="one"/>
    <sequenceFlow id="f2" sourceRef="one" targetRef="two"/>
    <sequenceFlow id="f3" sourceRef="two" targetRef="e"/>
  </process>
</definitions>"""
SECONDS = 90


def test_services_do_their_tasks(api: Api) -> None:
    """The first task fails once and is answered at the second attempt, the second task is answered by callback."""
    callbacks: list[threading.Thread] = []

    def answer(handler: BaseHTTPRequestHandler, got: Received) -> None:
        sent = json.loads(got.body)
        if sent["element_id"] == "two":
            status(202)(handler, got)
            body = {"result_data": {"second": sent["input_data"]["first"] + 1}}
            url = sent["callback"]["url"]
            later = threading.Thread(target=lambda: requests.post(url, json=body, timeout=30))
            callbacks.append(later)
            later.start()
        elif sent["attempt"] == 1:
            status(503)(handler, got)
        else:
            status(200, b'{"first": 1}')(handler, got)

    with receiving(answer) as receiver:
        service = {"service_name": "scorer", "endpoint": receiver.url}
        api.ok("POST", "/resources/services", body=service)
        instance = api.start(api.publish(MODEL.format(service="scorer")))
        wait_until(
            lambda: api.status(instance)["status"] == "completed",
            seconds=SECONDS,
            what="the services' answers",
        )
        for thread in callbacks:
            thread.join()
    ended = api.ok("GET", f"/workflow-instances/{instance}")
    assert ended["output_variables"] == {"first": 1, "second": 2}
    attempts = [json.loads(got.body)["attempt"] for got in receiver.received]
    assert attempts == [1, 2, 1]
