"""Conditional events: compiled machines, their dispatcher and the record together."""

from collections.abc import Iterator

import pytest

from orchestrator.domain.errors import Conflict
from orchestrator.domain.instance import InstanceStatus
from tests.builders import ADA
from tests.contract.test_machines import HEAD, TAIL, World, flow, waits, world_of


def condition(feel: str) -> str:
    return f'<conditionalEventDefinition><condition xsi:type="tFormalExpression">={feel}</condition></conditionalEventDefinition>'


def catch(id_: str, feel: str) -> str:
    return f'<intermediateCatchEvent id="{id_}">{condition(feel)}</intermediateCatchEvent>'


BESIDE = (
    HEAD + '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="a2"/>'
    + catch("met", "x &gt; y and y &gt; 1")
    + '<userTask id="b"/><parallelGateway id="j"/><endEvent id="e"/>'
    + flow("s", "f") + flow("f", "a") + flow("a", "a2") + flow("a2", "j") + flow("f", "met") + flow("met", "b")
    + flow("b", "j") + flow("j", "e") + TAIL
)  # fmt: skip
SCOPE = (
    HEAD + '<startEvent id="s"/><subProcess id="x"><startEvent id="is"/><parallelGateway id="f"/><userTask id="a"/>'
    '<userTask id="b"/><parallelGateway id="j"/><endEvent id="ie"/>'
    + flow("is", "f") + flow("f", "a") + flow("f", "b") + flow("a", "j") + flow("b", "j") + flow("j", "ie")
    + f'</subProcess><boundaryEvent id="met" attachedToRef="x">{condition("bad = true")}</boundaryEvent>'
    '<userTask id="h"/><userTask id="c"/><endEvent id="e"/>'
    + flow("s", "x") + flow("x", "c") + flow("c", "e") + flow("met", "h") + flow("h", "e") + TAIL
)  # fmt: skip
GUARDED = (
    HEAD + '<startEvent id="s"/><userTask id="a"/><userTask id="b"/><endEvent id="e"/>'
    + flow("s", "a") + flow("a", "b") + flow("b", "e")
    + f'<subProcess id="esp" triggeredByEvent="true"><startEvent id="met">{condition("bad = true")}</startEvent>'
    '<userTask id="h"/><endEvent id="he"/>' + flow("met", "h") + flow("h", "he") + "</subProcess>" + TAIL
)  # fmt: skip
ATTACHED = (
    HEAD + '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
    f'<boundaryEvent id="met" attachedToRef="b">{condition("bad = true")}</boundaryEvent><userTask id="h"/>'
    '<exclusiveGateway id="m"/><endEvent id="e"/>'
    + flow("s", "f") + flow("f", "a") + flow("f", "b") + flow("a", "j") + flow("b", "m") + flow("met", "h")
    + flow("h", "m") + flow("m", "j") + flow("j", "e") + TAIL
)  # fmt: skip
CHOSEN = (
    HEAD + '<startEvent id="s"/><eventBasedGateway id="g"/>' + catch("low", "n &lt; 5") + catch("high", "n &gt; 5")
    + '<userTask id="l"/><userTask id="h"/><endEvent id="e"/>'
    + flow("s", "g") + flow("g", "low") + flow("g", "high") + flow("low", "l") + flow("high", "h") + flow("l", "e")
    + flow("h", "e") + TAIL
)  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def lost(world: World) -> None:
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)


def told(world: World, instance: str) -> int:
    return [event["type"] for event in world.runtime.events(instance)].count("condition_met")


def test_a_condition_sees_what_other_branches_have_written_one_after_the_other(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(BESIDE), input_variables={"y": 1})
    world.wait_for(instance, "a")
    world.wait(lambda: waits(world, instance) == ["met"], "the wait")
    world.complete(instance, "a", x=5)
    world.wait_for(instance, "a2")
    assert told(world, instance) == 0
    world.complete(instance, "a2", y=2)
    task = world.wait_for(instance, "b")
    assert world.runtime.tasks.get(ADA, task["b"]).input_data == {"x": 5, "y": 2}
    lost(world)
    assert world.wait_for(instance, "b") == task
    world.complete(instance, "b")
    assert world.ended(instance).output_variables == {"x": 5, "y": 2}
    assert told(world, instance) == 1


def test_what_was_written_before_the_token_arrived_counts(world: World) -> None:
    """The wait comes after the change that another branch has made: the record knows it."""
    model = BESIDE.replace(flow("f", "met"), '<userTask id="first"/>' + flow("f", "first") + flow("first", "met"))
    instance = world.runtime.started(world.runtime.published(model))
    world.wait_for(instance, "a", "first")
    world.complete(instance, "a", x=5, y=2)
    world.wait_for(instance, "a2", "first")
    world.complete(instance, "first")
    world.wait_for(instance, "a2", "b")


def test_a_condition_that_is_true_at_arrival_waits_for_nothing(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(CHOSEN), input_variables={"n": 7})
    world.wait_for(instance, "h")
    lost(world)
    world.wait_for(instance, "h")
    assert told(world, instance) == 1


@pytest.mark.parametrize("model", [SCOPE, GUARDED], ids=["boundary event", "event sub-process"])
def test_a_change_inside_a_scope_ends_it(world: World, model: str) -> None:
    instance = world.runtime.started(world.runtime.published(model))
    world.wait(lambda: waits(world, instance) == ["met"] and "a" in world.open(instance), "the watcher")
    other = world.open(instance).get("b")
    world.complete(instance, "a", bad=True)
    task = world.wait_for(instance, "h")
    if other is not None:
        with pytest.raises(Conflict):
            world.runtime.complete(other)
    assert world.runtime.tasks.get(ADA, task["h"]).input_data == {"bad": True}
    lost(world)
    assert world.wait_for(instance, "h") == task
    world.complete(instance, "h")
    record = world.ended(instance)
    assert (record.instance.status, record.output_variables) == (InstanceStatus.COMPLETED, {"bad": True})


def test_a_change_elsewhere_ends_an_activity(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(ATTACHED))
    tasks = world.wait_for(instance, "a", "b")
    world.complete(instance, "a", bad=True)
    world.wait_for(instance, "h")
    with pytest.raises(Conflict):
        world.runtime.complete(tasks["b"])
    lost(world)
    world.complete(instance, "h")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED


def test_what_a_second_run_tells_again_is_known(world: World) -> None:
    """A value that was replaced is not seen again when the machine repeats the way that wrote it."""
    model = BESIDE.replace("x &gt; y and y &gt; 1", "x = 1 and go = true").replace(
        flow("a2", "j"), '<userTask id="a3"/>' + flow("a2", "a3") + flow("a3", "j")
    )
    instance = world.runtime.started(world.runtime.published(model))
    world.wait_for(instance, "a")
    world.complete(instance, "a", x=1)
    world.wait_for(instance, "a2")
    world.complete(instance, "a2", x=2)
    world.wait_for(instance, "a3")
    lost(world)
    world.complete(instance, "a3", go=True)
    world.wait(lambda: world.runtime.conditions.watched.values(instance).get("go"), "the last change")
    assert world.runtime.conditions.watched.values(instance) == {"x": 2, "go": True}
    assert waits(world, instance) == ["met"]


CHANGES = (
    '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="a2"/><userTask id="a3"/>'
    '<userTask id="b"/>'
    + flow("s", "f") + flow("f", "a") + flow("a", "a2") + flow("a2", "a3") + flow("f", "b")
)  # fmt: skip
BESIDE_TASK = (
    HEAD + CHANGES + '<boundaryEvent id="met" attachedToRef="b" cancelActivity="false">' + condition("n &gt; 5")
    + '</boundaryEvent><userTask id="h"/>' + flow("met", "h") + TAIL
)  # fmt: skip
BESIDE_SCOPE = (
    HEAD + CHANGES + '<subProcess id="esp" triggeredByEvent="true"><startEvent id="met" isInterrupting="false">'
    + condition("n &gt; 5") + '</startEvent><userTask id="h"/>' + flow("met", "h") + "</subProcess>" + TAIL
)  # fmt: skip


def handlers(world: World, instance: str) -> int:
    work = world.runtime.instance_store.load_open_work(instance).tasks
    return sum(task.element_id == "h" for task in work)


@pytest.mark.parametrize("model", [BESIDE_TASK, BESIDE_SCOPE], ids=["boundary event", "event sub-process"])
def test_beside_what_goes_on_a_condition_happens_each_time_it_becomes_true(world: World, model: str) -> None:
    instance = world.runtime.started(world.runtime.published(model))
    world.wait(lambda: "a" in world.open(instance) and waits(world, instance).count("met") == 1, "the watch")
    world.complete(instance, "a", n=7)
    world.wait(lambda: handlers(world, instance) == 1, "the handler")
    lost(world)
    world.wait(lambda: "a2" in world.open(instance) and waits(world, instance).count("met") == 1, "the next watch")
    assert told(world, instance) == 1
    world.complete(instance, "a2", n=1)
    world.wait(lambda: "a3" in world.open(instance), "the last change")
    lost(world)
    world.complete(instance, "a3", n=9)
    world.wait(lambda: handlers(world, instance) == 2, "the second handler")
    assert told(world, instance) == 2
    for task in world.runtime.instance_store.load_open_work(instance).tasks:
        world.runtime.complete(task.id)
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED


def test_a_condition_that_stays_true_happens_once(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(BESIDE_TASK), input_variables={"n": 6})
    world.wait(lambda: handlers(world, instance) == 1, "the handler")
    world.complete(instance, "a", n=7)
    world.wait(lambda: "a2" in world.open(instance), "the change")
    world.complete(instance, "a2", n=8)
    world.wait(lambda: "a3" in world.open(instance), "the change")
    assert (handlers(world, instance), told(world, instance)) == (1, 1)
