"""What happens beside activities that go on: compiled machines, their dispatcher and the record together."""

import json
from time import sleep

import pytest

from orchestrator.domain.instance import InstanceStatus
from orchestrator.services.publications.signals import NewSignal
from tests.builders import ADA
from tests.contract.test_machines import HEAD, TAIL, World, flow, waits, world_of


def beside(definition: str) -> str:
    return f'<boundaryEvent id="b" attachedToRef="a" cancelActivity="false">{definition}</boundaryEvent>'


def model(definition: str) -> str:
    return (
        HEAD.replace("<process", '<message id="m" name="ping"/><signal id="g" name="alarm"/><process')
        + '<startEvent id="s"/><userTask id="a"/>' + beside(definition) + '<userTask id="h"/><userTask id="c"/>'
        + '<endEvent id="e"/><endEvent id="e2"/>'
        + flow("s", "a") + flow("a", "c") + flow("c", "e") + flow("b", "h") + flow("h", "e2") + TAIL
    )  # fmt: skip


def cycle(text: str) -> str:
    return model(f"<timerEventDefinition><timeCycle>{text}</timeCycle></timerEventDefinition>")


MESSAGE = model('<messageEventDefinition messageRef="m"/>')
SIGNAL = model('<signalEventDefinition signalRef="g"/>')


def handled(world: World, instance: str) -> list[str]:
    """The open tasks that the event has begun."""
    return [t.id for t in world.runtime.instance_store.load_open_work(instance).tasks if t.element_id == "h"]


def told(world: World, instance: str, kind: str) -> int:
    return [event["type"] for event in world.runtime.events(instance)].count(kind)


def lost(world: World) -> None:
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)


def test_a_cycle_begins_a_task_each_time_and_none_twice_when_all_runs_are_lost() -> None:
    with world_of(0.01) as world:
        instance = world.runtime.started(world.runtime.published(cycle("R3/PT20S")))
        world.wait(lambda: len(handled(world, instance)) == 3, "three reminders")
        before = handled(world, instance)
        lost(world)
        sleep(0.3)
        assert handled(world, instance) == before
        assert told(world, instance, "timer_triggered") == 3
        world.complete(instance, "a", x=1)
        world.wait(lambda: "c" in world.open(instance), "what follows")
        lost(world)
        world.complete(instance, "c", y=1)
        for number, task in enumerate(before):
            world.runtime.complete(task, told=number)
        record = world.ended(instance)
        assert record.instance.status is InstanceStatus.COMPLETED
        assert record.output_variables == {"x": 1, "y": 1, "told": 2}
        assert told(world, instance, "timer_triggered") == 3


def test_an_endless_cycle_is_withdrawn_with_its_activity() -> None:
    with world_of(0.01) as world:
        runtime = world.runtime
        instance = runtime.started(runtime.published(cycle("R/PT1H")))
        world.wait_for(instance, "a")
        world.wait(lambda: len(runtime.thread_store.running(instance)) == 2, "the watch")
        world.complete(instance, "a")
        world.wait_for(instance, "c")
        world.wait(lambda: len(runtime.thread_store.running(instance)) == 1, "its end")
        world.complete(instance, "c")
        assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
        assert told(world, instance, "timer_triggered") == 0


@pytest.fixture
def world():
    with world_of(1.0) as found:
        yield found


def waiting(world: World, instance: str) -> None:
    world.wait(lambda: waits(world, instance).count("b") == 1, "the wait for the next")


def test_every_message_begins_a_task_and_a_late_one_stays_in_the_buffer(world: World) -> None:
    runtime = world.runtime
    instance = runtime.started(runtime.published(MESSAGE))
    for number in (1, 2):
        waiting(world, instance)
        runtime.publish_message("ping", variables={"n": number})
        world.wait(lambda number=number: len(handled(world, instance)) == number, "its task")
        lost(world)
    inputs = [runtime.tasks.get(ADA, task).input_data for task in handled(world, instance)]
    assert sorted(given["n"] for given in inputs) == [1, 2]
    waiting(world, instance)
    world.complete(instance, "a")
    world.wait(lambda: waits(world, instance).count("b") == 0, "the withdrawal")
    assert runtime.publish_message("ping").received_by == ()
    for task in handled(world, instance):
        runtime.complete(task)
    world.complete(instance, "c")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
    assert told(world, instance, "message_received") == 2


def test_a_signal_happens_beside(world: World) -> None:
    runtime = world.runtime
    instance = runtime.started(runtime.published(SIGNAL))
    waiting(world, instance)
    for _ in range(2):
        runtime.signals.publish(ADA, NewSignal(name="alarm"))
    world.wait(lambda: len(handled(world, instance)) == 2, "a task for each, as there is no moment without a watch")
    assert told(world, instance, "signal_received") == 2
    for task in handled(world, instance):
        runtime.complete(task)
    world.complete(instance, "a")
    world.wait_for(instance, "c")
    world.complete(instance, "c")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED


BESIDE_SCOPE = (
    HEAD.replace("<process", '<message id="m" name="ping"/><process')
    + '<startEvent id="s"/><subProcess id="q"><userTask id="a"/><subProcess id="pings" triggeredByEvent="true">'
    '<startEvent id="b" isInterrupting="false"><messageEventDefinition messageRef="m"/></startEvent>'
    '<userTask id="h"/>' + flow("b", "h") + '</subProcess></subProcess><userTask id="c"/><endEvent id="e"/>'
    + flow("s", "q") + flow("q", "c") + flow("c", "e") + TAIL
)  # fmt: skip


def test_an_event_sub_process_holds_its_scope_open_as_long_as_it_works(world: World) -> None:
    runtime = world.runtime
    instance = runtime.started(runtime.published(BESIDE_SCOPE))
    for number in (1, 2):
        waiting(world, instance)
        runtime.publish_message("ping", variables={"n": number})
        world.wait(lambda number=number: len(handled(world, instance)) == number, "its task")
        lost(world)
    waiting(world, instance)
    world.complete(instance, "a")
    first, second = handled(world, instance)
    runtime.complete(first, done=1)
    world.wait(lambda: len(runtime.thread_store.running(instance)) == 2, "one thread and the watch")
    runtime.publish_message("ping", variables={"n": 3})
    world.wait(lambda: len(handled(world, instance)) == 2, "another, as the scope is not over")
    for task in handled(world, instance):
        runtime.complete(task, done=2)
    world.wait_for(instance, "c")
    assert waits(world, instance) == []
    world.complete(instance, "c")
    assert world.ended(instance).output_variables == {"n": 3, "done": 2}
    assert told(world, instance, "message_received") == 3
    assert second != first


ESCALATED = (
    HEAD.replace("<process", '<escalation id="x" name="Late" escalationCode="LATE"/><process')
    + '<startEvent id="s"/><subProcess id="q"><userTask id="a"/>'
    '<intermediateThrowEvent id="t"><escalationEventDefinition escalationRef="x"/></intermediateThrowEvent>'
    '<userTask id="c"/>' + flow("a", "t") + flow("t", "c") + "</subProcess>"
    '<boundaryEvent id="b" attachedToRef="q"{}><escalationEventDefinition escalationRef="x"/></boundaryEvent>'
    '<userTask id="h"/><endEvent id="e"/><endEvent id="e2"/>'
    + flow("s", "q") + flow("q", "e") + flow("b", "h") + flow("h", "e2") + TAIL
)  # fmt: skip


def test_an_escalation_is_told_once_and_handled_beside(world: World) -> None:
    runtime = world.runtime
    instance = runtime.started(runtime.published(ESCALATED.format(' cancelActivity="false"')))
    world.wait_for(instance, "a")
    world.complete(instance, "a", x=1)
    tasks = world.wait_for(instance, "c", "h")
    assert runtime.tasks.get(ADA, tasks["h"]).input_data == {"x": 1}
    lost(world)
    world.complete(instance, "c", y=1)
    lost(world)
    assert world.wait_for(instance, "h") == {"h": tasks["h"]}
    world.complete(instance, "h", z=1)
    record = world.ended(instance)
    assert (record.instance.status, record.output_variables) == (InstanceStatus.COMPLETED, {"x": 1, "y": 1, "z": 1})
    (event,) = [event for event in runtime.events(instance) if event["type"] == "escalation_triggered"]
    assert json.loads(event["data"]) == {"element_name": None, "escalation_code": "LATE", "caught_by": "b"}


def test_an_escalation_interrupts_and_does_so_again_in_a_second_run(world: World) -> None:
    runtime = world.runtime
    instance = runtime.started(runtime.published(ESCALATED.format("")))
    world.wait_for(instance, "a")
    world.complete(instance, "a")
    task = world.wait_for(instance, "h")
    lost(world)
    assert world.wait_for(instance, "h") == task
    world.complete(instance, "h")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
    assert told(world, instance, "escalation_triggered") == 1
