"""Messages and signals that end a scope: compiled machines, their dispatcher and the record together."""

from collections.abc import Iterator

import pytest

from orchestrator.domain.errors import Conflict
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.task_failure import Report
from orchestrator.services.publications.signals import NewSignal
from orchestrator.services.tasks.task_failures import TaskFailure
from tests.builders import ADA
from tests.contract.test_calls import CHILD, child_of, process
from tests.contract.test_machines import HEAD, TAIL, World, flow, waits, world_of

NAMED = HEAD.replace("<process", '<message id="m" name="stop"/><signal id="g" name="alarm"/><process')
ON_MESSAGE = '<messageEventDefinition messageRef="m"/>'
ON_SIGNAL = '<signalEventDefinition signalRef="g"/>'
SPLIT = (
    '<startEvent id="is"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
    '<endEvent id="ie"/>'
    + flow("is", "f") + flow("f", "a") + flow("f", "b") + flow("a", "j") + flow("b", "j") + flow("j", "ie")
)  # fmt: skip
REPEATED = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"


def bounded(host: str, event: str = ON_MESSAGE, head: str = NAMED) -> str:
    """A process whose activity `x` the event ends."""
    return (
        head + f'<startEvent id="s"/>{host}<boundaryEvent id="stop" attachedToRef="x">{event}</boundaryEvent>'
        '<userTask id="h"/><userTask id="c"/><endEvent id="e"/>'
        + flow("s", "x") + flow("x", "c") + flow("c", "e") + flow("stop", "h") + flow("h", "e") + TAIL
    )  # fmt: skip


SUB = bounded(f'<subProcess id="x">{SPLIT}</subProcess>')
EACH = bounded(f'<userTask id="x">{REPEATED}</userTask>', ON_SIGNAL)
GUARDED = (
    NAMED + SPLIT + '<subProcess id="esp" triggeredByEvent="true"><startEvent id="stop">' + ON_MESSAGE
    + '</startEvent><userTask id="h"/><endEvent id="he"/>' + flow("stop", "h") + flow("h", "he") + "</subProcess>" + TAIL
)  # fmt: skip
MODELS = {"sub-process": SUB, "multi-instance": EACH, "event sub-process": GUARDED}


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def publish(world: World) -> int:
    """What the name reached."""
    found = world.runtime.publish_message("stop", variables={"why": "late"}).received_by
    return len(found) + len(world.runtime.signals.publish(ADA, NewSignal(name="alarm", variables={"why": "late"})))


def armed(world: World, instance: str, *, tasks: int = 2) -> list[str]:
    """The open tasks, once the event may happen."""
    world.wait(lambda: waits(world, instance) == ["stop"], "the watcher")
    world.wait(lambda: len(work(world, instance)) == tasks, "the tasks")
    return work(world, instance)


def work(world: World, instance: str) -> list[str]:
    return [task.id for task in world.runtime.instance_store.load_open_work(instance).tasks]


def fail(world: World, task: str) -> None:
    failure = TaskFailure(report=Report(code="E", message="no stock"), retryable=False)
    world.runtime.failures.fail(ADA, task, failure)


def lost(world: World) -> None:
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_all_that_is_open_in_the_scope_ends_at_once_and_a_second_run_goes_the_same_way(
    world: World, model: str
) -> None:
    instance = world.runtime.started(world.runtime.published(model))
    inside = armed(world, instance)
    assert publish(world) == 1
    for task in inside:
        assert world.runtime.tasks.get(ADA, task).task.interrupted_by == "stop"
        with pytest.raises(Conflict):
            world.runtime.complete(task)
    handling = world.wait_for(instance, "h")
    lost(world)
    assert world.wait_for(instance, "h") == handling
    assert world.runtime.tasks.get(ADA, handling["h"]).input_data["why"] == "late"
    world.complete(instance, "h", y=1)
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.output_variables == {"why": "late", "y": 1}
    types = [event["type"] for event in world.runtime.events(instance)]
    assert types.count("task_cancelled") == len(inside)
    assert types.count("message_received") + types.count("signal_received") == 1


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_an_execution_that_was_lost_before_the_message_follows_it(world: World, model: str) -> None:
    instance = world.runtime.started(world.runtime.published(model))
    armed(world, instance)
    world.lose_executions()
    assert publish(world) == 1
    world.runtime.watch.reconcile(lambda: True)
    world.wait_for(instance, "h")
    assert waits(world, instance) == []


def test_a_scope_that_is_done_is_not_ended(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(SUB))
    for task in armed(world, instance):
        world.runtime.complete(task)
    world.wait_for(instance, "c")
    assert publish(world) == 0
    world.complete(instance, "c")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED


def test_a_message_that_came_before_ends_the_scope_at_its_entry(world: World) -> None:
    world.runtime.publish_message("stop")
    instance = world.runtime.started(world.runtime.published(SUB))
    world.wait_for(instance, "h")


def test_an_incident_inside_ends_with_the_scope(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(SUB))
    task, *_ = armed(world, instance)
    fail(world, task)
    assert world.runtime.status(instance).status is InstanceStatus.FAILED
    assert publish(world) == 1
    world.wait(lambda: world.runtime.status(instance).status is InstanceStatus.RUNNING, "it goes on")
    world.wait_for(instance, "h")


def test_a_failed_task_is_ended_by_its_boundary_event(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(bounded('<userTask id="x"/>')))
    task = world.wait_for(instance, "x")["x"]
    fail(world, task)
    assert publish(world) == 1
    world.wait_for(instance, "h")
    assert world.runtime.status(instance).status is InstanceStatus.RUNNING


def test_a_called_instance_ends_with_its_call(world: World) -> None:
    runtime = world.runtime
    runtime.published(CHILD)
    head = process("parent", "").replace(TAIL, "").replace("<process", '<message id="m" name="stop"/><process')
    instance = runtime.started(runtime.published(bounded('<callActivity id="x" calledElement="child"/>', head=head)))
    called = child_of(world, instance)
    assert publish(world) == 1
    world.wait_for(instance, "h")
    world.wait(lambda: runtime.status(called).status is InstanceStatus.CANCELLED, "its end")
    lost(world)
    world.complete(instance, "h")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
