"""Ad-hoc sub-processes and their completion condition, decided by the record."""

from collections.abc import Iterator

import pytest

from orchestrator.domain.instance import InstanceStatus
from tests.contract.test_machines import HEAD, TAIL, World, flow, world_of

RESEARCH = (
    HEAD + '<startEvent id="s"/><adHocSubProcess id="x"><extensionElements>'
    '<z:adHoc xmlns:z="http://camunda.org/schema/zeebe/1.0" activeElementsCollection="=begin"/></extensionElements>'
    '<userTask id="read"/><userTask id="ask"/><userTask id="guess"/>'
    "<completionCondition>=read = 1 and ask = 1</completionCondition></adHocSubProcess>"
    '<userTask id="last"/><endEvent id="e"/>' + flow("s", "x") + flow("x", "last") + flow("last", "e") + TAIL
)


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def test_a_second_run_finds_the_same_activities_to_be_enough(world: World) -> None:
    definition = world.runtime.published(RESEARCH)
    instance = world.runtime.started(definition, input_variables={"begin": ["guess", "ask", "read"]})
    world.wait_for(instance, "guess", "ask", "read")
    world.complete(instance, "read", read=1)
    world.wait_for(instance, "guess", "ask")
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    world.wait_for(instance, "guess", "ask")
    world.complete(instance, "ask", ask=1)
    world.wait_for(instance, "last")
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.instance.progress.cancelled == 1
    assert record.output_variables == {"begin": ["guess", "ask", "read"], "read": 1, "ask": 1}
