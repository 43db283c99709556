"""Call activities on an interpreter, their dispatcher and the record together."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from orchestrator.compiler.pipeline import compile_process
from orchestrator.domain.errors import NotFound
from orchestrator.domain.instance import InstanceStatus
from orchestrator.services.definitions.validation import ValidationOptions
from tests.builders import ADA, Runtime
from tests.contract.test_machines import TAIL, World, flow, timer, world_of


def process(id_: str, inside: str) -> str:
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t" '
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><error id="bad" errorCode="BAD"/>'
        f'<process id="{id_}" isExecutable="true">{inside}{TAIL}'
    )


def caller(call: str = '<callActivity id="call" calledElement="child"/>', more: str = "") -> str:
    return process(
        "parent",
        f'<startEvent id="s"/>{call}<userTask id="last"/><endEvent id="e"/>'
        + flow("s", "call") + flow("call", "last") + flow("last", "e") + more,
    )  # fmt: skip


CHILD = process(
    "child", '<startEvent id="s"/><userTask id="work"/><endEvent id="e"/>' + flow("s", "work") + flow("work", "e")
)
FAILING = process(
    "child",
    '<startEvent id="s"/><userTask id="work"/><endEvent id="e"><errorEventDefinition errorRef="bad"/></endEvent>'
    + flow("s", "work") + flow("work", "e"),
)  # fmt: skip
CAUGHT = caller(
    more='<boundaryEvent id="oops" attachedToRef="call"><errorEventDefinition errorRef="bad"/></boundaryEvent>'
    '<userTask id="mend"/>' + flow("oops", "mend") + flow("mend", "e")
)
TIMED = caller(more=timer("call", "PT1M") + '<userTask id="mend"/>' + flow("late", "mend") + flow("mend", "e"))
EACH = caller(
    '<callActivity id="call" calledElement="child"><multiInstanceLoopCharacteristics><extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="results" '
    'outputElement="=result"/></extensionElements></multiInstanceLoopCharacteristics></callActivity>'
)
MAPPED = caller(
    '<callActivity id="call" calledElement="${target}" camunda:calledElementBinding="latest"><extensionElements>'
    '<camunda:in source="a" target="x"/><camunda:out source="y" target="b"/></extensionElements></callActivity>'
)


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def called(world: World, instance: str) -> list[str]:
    """The instances that it called; the link is there before the instance is."""
    found = []
    for link in world.runtime.relatives.links.of(instance):
        with suppress(NotFound):
            found.append(world.runtime.instance_store.load(link.instance_id).id)
    return found


def child_of(world: World, instance: str) -> str:
    world.wait(lambda: called(world, instance), "a called instance")
    (child,) = called(world, instance)
    world.wait_for(child, "work")
    return child


def started(world: World, model: str, child: str = CHILD, **more) -> tuple[str, str]:
    world.runtime.published(child)
    instance = world.runtime.started(world.runtime.published(model), **more)
    return instance, child_of(world, instance)


def status(world: World, instance: str) -> InstanceStatus:
    return world.runtime.status(instance).status


def test_a_called_instance_answers_its_caller(world: World) -> None:
    instance, child = started(world, caller(), input_variables={"a": 1}, business_key="order-7")
    record = world.runtime.instances.get(ADA, child)
    assert record.input_variables == {"a": 1}
    assert record.instance.parent is not None
    assert (record.instance.parent.instance_id, record.instance.business_key) == (instance, "order-7")
    assert record.instance.correlation_id == world.runtime.status(instance).correlation_id
    world.complete(child, "work", b=2)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    assert world.ended(instance).output_variables == {"a": 1, "b": 2}
    assert not called(world, instance)
    done = [event["element_id"] for event in world.runtime.events(instance) if "element_id" in event]
    assert "call" in done


def test_only_mapped_variables_travel(world: World) -> None:
    model = MAPPED.replace('xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" ', "")
    instance, child = started(world, model, input_variables={"a": 1, "target": "child"})
    assert world.runtime.instances.get(ADA, child).input_variables == {"x": 1}
    world.complete(child, "work", y=2, z=3)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    assert world.ended(instance).output_variables == {"a": 1, "target": "child", "b": 2}


def test_a_second_run_finds_the_called_instance(world: World) -> None:
    instance, child = started(world, caller())
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    world.complete(child, "work", b=2)
    world.wait_for(instance, "last")
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    assert world.ended(instance).output_variables == {"b": 2}


def test_an_error_that_the_called_process_does_not_catch_is_raised_at_the_call(world: World) -> None:
    instance, child = started(world, CAUGHT, FAILING)
    world.complete(child, "work")
    world.wait_for(instance, "mend")
    assert status(world, child) is InstanceStatus.FAILED
    assert status(world, instance) is InstanceStatus.RUNNING


def test_what_nobody_catches_fails_the_caller_until_it_calls_anew(world: World) -> None:
    instance, child = started(world, caller(), FAILING)
    world.complete(child, "work")
    world.wait(lambda: status(world, instance) is InstanceStatus.FAILED, "the failure")
    failure = world.runtime.status(instance).failure
    assert failure.error_code == "CALLED_INSTANCE_FAILED"
    world.runtime.failures.retry(ADA, failure.failed_task_id, variables={"again": True}, reason=None)
    second = child_of(world, instance)
    assert second != child
    assert world.runtime.instances.get(ADA, second).input_variables == {"again": True}
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    assert child_of(world, instance) == second
    assert status(world, instance) is InstanceStatus.RUNNING


def test_an_unknown_process_is_an_incident_that_a_retry_answers(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(caller()))
    world.wait(lambda: status(world, instance) is InstanceStatus.FAILED, "the incident")
    failure = world.runtime.status(instance).failure
    assert failure.error_code == "CALLED_ELEMENT_UNKNOWN"
    world.runtime.published(CHILD)
    world.runtime.failures.retry(ADA, failure.failed_task_id, variables={}, reason=None)
    child = child_of(world, instance)
    world.complete(child, "work")
    world.wait_for(instance, "last")


def test_endless_recursion_ends(world: World) -> None:
    self_calling = process("child", '<startEvent id="s"/><callActivity id="c" calledElement="child"/>' + flow("s", "c"))
    object.__setattr__(world.runtime.call_service, "deepest", 3)
    instance = world.runtime.started(world.runtime.published(self_calling))
    deepest = [instance]

    def at_the_bottom() -> bool:
        while more := called(world, deepest[-1]):
            deepest.append(more[0])
        return status(world, deepest[-1]) is InstanceStatus.FAILED

    world.wait(at_the_bottom, "the limit")
    assert world.runtime.status(deepest[-1]).failure.error_code == "CALLS_TOO_DEEP"
    assert len(deepest) == 4
    world.runtime.control.cancel(ADA, instance, None)
    assert {status(world, each) for each in deepest} == {InstanceStatus.CANCELLED}


def test_pause_resume_and_termination_travel_down(world: World) -> None:
    instance, child = started(world, caller())
    world.runtime.control.hold(ADA, instance, None)
    assert status(world, child) is InstanceStatus.PAUSED
    world.runtime.control.resume(ADA, instance, None)
    assert status(world, child) is InstanceStatus.RUNNING
    world.runtime.control.terminate(ADA, instance, None)
    assert status(world, child) is InstanceStatus.TERMINATED


def test_a_called_instance_that_is_cancelled_alone_is_an_incident_of_its_caller(world: World) -> None:
    instance, child = started(world, caller())
    world.runtime.control.cancel(ADA, child, "not this one")
    assert status(world, instance) is InstanceStatus.FAILED
    assert world.runtime.status(instance).failure.error_code == "CALLED_INSTANCE_FAILED"


def test_each_item_has_an_instance_of_its_own(world: World) -> None:
    world.runtime.published(CHILD)
    instance = world.runtime.started(world.runtime.published(EACH), input_variables={"items": [1, 2]})
    world.wait(lambda: len(called(world, instance)) == 2, "two called instances")
    for child in called(world, instance):
        world.wait_for(child, "work")
        item = world.runtime.instances.get(ADA, child).input_variables["item"]
        world.complete(child, "work", result=item * 10)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    assert world.ended(instance).output_variables["results"] == [10, 20]


def test_a_call_that_is_interrupted_cancels_its_instance() -> None:
    with world_of(0.02) as world:
        world.runtime.published(CHILD)
        instance = world.runtime.started(world.runtime.published(TIMED))
        child = child_of(world, instance)
        world.wait_for(instance, "mend")
        world.wait(lambda: status(world, child) is InstanceStatus.CANCELLED, "the cancellation")


def test_validation_warns_of_a_process_that_nobody_has_published(runtime: Runtime) -> None:
    object.__setattr__(runtime.definitions, "compiler", compile_process)
    definition = runtime.defined(caller())

    def codes() -> set[str]:
        return {finding.code for finding in runtime.definitions.validate(ADA, definition, ValidationOptions()).warnings}

    assert "CALLED_ELEMENT_UNKNOWN" in codes()
    runtime.published(CHILD)
    assert "CALLED_ELEMENT_UNKNOWN" not in codes()


def test_bindings_choose_among_published_versions(runtime: Runtime) -> None:
    object.__setattr__(runtime.definitions, "compiler", compile_process)
    find = runtime.call_service.definitions.find
    assert find("child") is None
    first = runtime.published(CHILD)
    parent = runtime.started(runtime.published(caller()))
    runtime.clock.forward(minutes=1)
    second = runtime.published(CHILD, version="2.0.0")
    assert find("child").definition_id == second
    assert find("child", version="1.0.0").definition_id == first
    assert find(first).definition_id == first
    assert find("child", version="9.9.9") is None
    assert find("child", known_to=runtime.status(parent)).definition_id == first
    runtime.definitions.delete(ADA, second)
    assert find("child").definition_id == first
