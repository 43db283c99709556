"""Throw and end events whose message a performer sends: a task definition or topic makes them work like a send task."""

from orchestrator.domain.instance import InstanceStatus
from tests.builders import ADA
from tests.contract.test_machines import HEAD, TAIL, flow, world

__all__ = ["world"]

SENT = (
    HEAD.replace("<process", '<message id="m" name="shipped"/><process')
    + '<startEvent id="s"/><intermediateThrowEvent id="told"><extensionElements>'
    '<z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" type="mailer"/></extensionElements>'
    '<messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
    '<endEvent id="e"><messageEventDefinition messageRef="m" xmlns:c="http://camunda.org/schema/1.0/bpmn"'
    ' c:type="external" c:topic="courier"/></endEvent>'
    + flow("s", "told") + flow("told", "e") + TAIL
)  # fmt: skip


def test_a_performer_sends_the_message_of_an_event(world) -> None:
    definition = world.runtime.published(SENT)
    instance = world.runtime.started(definition)
    (task,) = world.wait_for(instance, "told").values()
    shown = world.runtime.tasks.get(ADA, task).task
    assert (shown.type, shown.element_type) == ("send_task", "intermediateThrowEvent")
    assert world.runtime.instances.status(ADA, instance).instance.progress.planned == 2
    world.complete(instance, "told", receipt="r-1")
    world.wait_for(instance, "e")
    world.complete(instance, "e")
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.output_variables == {"receipt": "r-1"}
    events = [(event["type"], event.get("element_id")) for event in world.runtime.events(instance)]
    assert [element for type_, element in events if type_ == "task_completed"] == ["told", "e"]
    assert "message_sent" not in {type_ for type_, _ in events}
