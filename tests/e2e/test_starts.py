"""Start events on a running stack: what arrives or falls due starts instances, nobody asks for them."""

import pytest

from tests.e2e.api import Api
from tests.e2e.stack import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
<message id="m" name="started-{name}"/>
<process id="{name}" isExecutable="true">
  <startEvent id="s"/>
  <startEvent id="ordered"><messageEventDefinition messageRef="m"/></startEvent>
  <startEvent id="tick"><timerEventDefinition><timeCycle>R2/PT5M</timeCycle></timerEventDefinition></startEvent>
  <userTask id="work"/><endEvent id="e"/>
  <sequenceFlow id="1" sourceRef="s" targetRef="e"/><sequenceFlow id="2" sourceRef="ordered" targetRef="work"/>
  <sequenceFlow id="3" sourceRef="tick" targetRef="work"/><sequenceFlow id="4" sourceRef="work" targetRef="e"/>
</process></definitions>"""


def test_a_message_and_a_timer_start_instances(api: Api) -> None:
    definition = api.publish(MODEL.format(name="starts"))
    body = {"name": "started-starts", "correlation_key": "o-1", "variables": {"amount": 3}}
    answer = api.ok("POST", "/messages", body=body)
    (receiver,) = answer["received_by"]
    instance = receiver["workflow_instance_id"]
    assert receiver == {
        "workflow_instance_id": instance,
        "workflow_definition_id": definition,
        "element_id": "ordered",
        "started": True,
    }
    api.wait_for_tasks(instance, "work")
    assert api.ok("GET", f"/workflow-instances/{instance}")["input_variables"] == {"amount": 3}

    def all_started() -> bool:
        listed = api.ok("GET", "/workflow-instances", workflow_definition_id=definition)
        return listed["pagination"]["total"] == 3

    wait_until(all_started, seconds=60, what="two occurrences of the timer")
