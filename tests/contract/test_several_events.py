"""Events with several definitions: compiled machines, their dispatcher and the record together."""

from collections.abc import Iterator

import pytest

from orchestrator.domain.instance import InstanceStatus
from orchestrator.services.publications.signals import NewSignal
from tests.builders import ADA
from tests.contract.test_ended_scopes import NAMED, ON_MESSAGE, ON_SIGNAL, bounded, lost, publish, work
from tests.contract.test_machines import TAIL, World, flow, waits, world_of

AN_HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
AT_ONCE = "<timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition>"
INSIDE = '<startEvent id="is"/><userTask id="a"/><endEvent id="ie"/>' + flow("is", "a") + flow("a", "ie")
HOSTS = {
    "task": '<userTask id="x"/>',
    "sub-process": f'<subProcess id="x">{INSIDE}</subProcess>',
    "multi-instance": '<userTask id="x"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics></userTask>",
}
GUARDED = (
    NAMED + INSIDE + '<subProcess id="esp" triggeredByEvent="true"><startEvent id="stop">{}</startEvent>'
    '<userTask id="h"/><endEvent id="he"/>' + flow("stop", "h") + flow("h", "he") + "</subProcess>" + TAIL
)  # fmt: skip


def model(host: str, events: str) -> str:
    return GUARDED.format(events) if host == "event sub-process" else bounded(HOSTS[host], events)


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def types(world: World, instance: str) -> list[str]:
    return [event["type"] for event in world.runtime.events(instance)]


@pytest.mark.parametrize("host", [*HOSTS, "event sub-process"])
def test_what_is_published_is_first(world: World, host: str) -> None:
    instance = world.runtime.started(world.runtime.published(model(host, AN_HOUR + ON_MESSAGE)))
    world.wait(lambda: work(world, instance), "the work")
    world.wait(lambda: host == "task" or waits(world, instance) == ["stop"], "the watcher")
    publish(world)
    handling = world.wait_for(instance, "h")
    lost(world)
    assert world.wait_for(instance, "h") == handling
    world.complete(instance, "h")
    assert world.ended(instance).output_variables == {"why": "late"}
    assert types(world, instance).count("message_received") == 1
    assert "timer_triggered" not in types(world, instance)


@pytest.mark.parametrize("host", [*HOSTS, "event sub-process"])
def test_the_timer_is_first(world: World, host: str) -> None:
    instance = world.runtime.started(world.runtime.published(model(host, ON_MESSAGE + AN_HOUR + AT_ONCE)))
    handling = world.wait_for(instance, "h")
    assert publish(world) == 0
    lost(world)
    assert world.wait_for(instance, "h") == handling
    world.complete(instance, "h")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
    assert types(world, instance).count("timer_triggered") == 1
    assert "message_received" not in types(world, instance)


def test_beside_what_goes_on_each_happens_on_its_own(world: World) -> None:
    events = ON_MESSAGE + AT_ONCE
    given = bounded(HOSTS["task"], events).replace('attachedToRef="x"', 'attachedToRef="x" cancelActivity="false"')
    instance = world.runtime.started(world.runtime.published(given))
    world.wait(lambda: "timer_triggered" in types(world, instance), "the timer")
    world.wait(lambda: waits(world, instance).count("stop") == 1, "the watch for the message")
    publish(world)
    world.wait(lambda: len(work(world, instance)) == 3, "the task, and two of the handler")
    for task in work(world, instance):
        world.runtime.complete(task)
    world.wait_for(instance, "c")
    world.complete(instance, "c")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED


ALL = (
    NAMED + '<startEvent id="s"/><intermediateCatchEvent id="all" parallelMultiple="true">' + ON_MESSAGE + ON_SIGNAL
    + '</intermediateCatchEvent><userTask id="c"/>' + flow("s", "all") + flow("all", "c") + TAIL
)  # fmt: skip


def test_all_of_several_have_to_happen(world: World) -> None:
    runtime = world.runtime
    instance = runtime.started(runtime.published(ALL))
    world.wait(lambda: waits(world, instance) == ["all", "all"], "both waits")
    runtime.publish_message("stop", variables={"x": 1})
    world.wait(lambda: waits(world, instance) == ["all"], "one of them")
    assert runtime.publish_message("stop", variables={"x": 2}).received_by == ()
    lost(world)
    assert len(runtime.signals.publish(ADA, NewSignal(name="alarm", variables={"y": 2}))) == 1
    world.wait_for(instance, "c")
    world.complete(instance, "c")
    record = world.ended(instance)
    assert record.output_variables == {"x": 1, "y": 2}
    completed = [event["element_id"] for event in runtime.events(instance) if event["type"] == "element_completed"]
    assert completed == ["s", "all"]
