"""Escalations of performers and of called instances: compiled machines, their dispatcher and the record together."""

import json
from collections.abc import Iterator

import pytest

from orchestrator.domain.errors import Conflict
from orchestrator.domain.escalation import Raised
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.task import TaskStatus
from orchestrator.services.tasks.task_escalations import Escalated
from tests.builders import ADA
from tests.contract.test_calls import called
from tests.contract.test_ended_scopes import lost, work
from tests.contract.test_machines import HEAD, TAIL, World, flow, world_of

NAMED = HEAD.replace("<process", '<escalation id="l" escalationCode="LATE"/><process')
ON_LATE = '<escalationEventDefinition escalationRef="l"/>'
INSIDE = '<startEvent id="is"/><userTask id="x"/><endEvent id="ie"/>' + flow("is", "x") + flow("x", "ie")
CALL = '<callActivity id="x" calledElement="child"/>'
REPEATED = (
    '<userTask id="x"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics></userTask>"
)
HOSTS = {"task": '<userTask id="x"/>', "sub-process": f'<subProcess id="q">{INSIDE}</subProcess>', "rounds": REPEATED}


def process(host: str, *, interrupting: bool, event: str = ON_LATE) -> str:
    """A process whose activity raises what a boundary event catches, in `h`."""
    attached = "q" if 'id="q"' in host else "x"
    return (
        NAMED + f'<startEvent id="s"/>{host}<boundaryEvent id="late" attachedToRef="{attached}" '
        f'cancelActivity="{str(interrupting).lower()}">{event}</boundaryEvent><userTask id="h"/><userTask id="c"/>'
        '<endEvent id="e"/>' + flow("s", attached) + flow(attached, "c") + flow("c", "e") + flow("late", "h")
        + flow("h", "e") + TAIL
    )  # fmt: skip


CHILD = (
    NAMED.replace('id="p"', 'id="child"') + '<startEvent id="s"/><userTask id="a"/><intermediateThrowEvent id="t">'
    + ON_LATE + '</intermediateThrowEvent><userTask id="b"/>' + flow("s", "a") + flow("a", "t") + flow("t", "b") + TAIL
)  # fmt: skip
BETWEEN = (
    NAMED.replace('id="p"', 'id="between"') + '<startEvent id="s"/>' + CALL + flow("s", "x") + TAIL
)  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def raise_in(world: World, task: str, code: str = "LATE", **variables) -> Escalated:
    raised = Raised(code=code, variables=variables, actor="ada")
    return world.runtime.escalations.escalate(ADA, task, raised, worker_id=None)


def told(world: World, instance: str) -> list[tuple[str, str | None]]:
    events = world.runtime.events(instance)
    return [
        (e["element_id"], json.loads(e["data"])["caught_by"]) for e in events if e["type"] == "escalation_triggered"
    ]


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_what_interrupts_takes_the_token_of_the_task(world: World, host: str) -> None:
    instance = world.runtime.started(world.runtime.published(process(host, interrupting=True)))
    world.wait(lambda: work(world, instance), "the work")
    task = work(world, instance)[0]
    done = raise_in(world, task, why="late")
    assert done.catch is not None
    assert (done.catch.handler_id, done.catch.handling) == ("late", None)
    assert world.runtime.tasks.get(ADA, task).task.status is TaskStatus.CANCELLED
    handling = world.wait_for(instance, "h")
    with pytest.raises(Conflict):
        raise_in(world, task)
    lost(world)
    assert world.wait_for(instance, "h") == handling
    world.complete(instance, "h")
    record = world.ended(instance)
    assert record.output_variables == {"why": "late"}
    assert told(world, instance) == [("x", "late")]


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_what_does_not_interrupt_begins_beside_the_task_each_time(world: World, host: str) -> None:
    instance = world.runtime.started(world.runtime.published(process(host, interrupting=False)))
    rounds = 2 if host is REPEATED else 1
    world.wait(lambda: len(work(world, instance)) == rounds, "the work")
    open_ = work(world, instance)
    for number in (1, 2):
        assert raise_in(world, open_[0], number=number).unit.task.status is not TaskStatus.CANCELLED
    world.wait(lambda: len(work(world, instance)) == rounds + 2, "the tasks of the handlers")
    lost(world)
    handlers = [world.runtime.tasks.get(ADA, task) for task in work(world, instance) if task not in open_]
    assert sorted(one.input_data["number"] for one in handlers) == [1, 2]
    for task in work(world, instance):
        world.runtime.complete(task)
    world.wait_for(instance, "c")
    world.complete(instance, "c")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
    assert told(world, instance) == [("x", "late"), ("x", "late")]


def test_another_code_is_told_and_nothing_else_happens(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(process(HOSTS["task"], interrupting=True)))
    task = world.wait_for(instance, "x")["x"]
    assert raise_in(world, task, "OTHER").catch is None
    assert told(world, instance) == [("x", None)]
    world.complete(instance, "x")
    world.wait_for(instance, "c")


@pytest.mark.parametrize("interrupting", [True, False], ids=["interrupting", "beside"])
@pytest.mark.parametrize("levels", [1, 2])
def test_what_a_called_instance_does_not_catch_comes_out_of_its_call(
    world: World, levels: int, *, interrupting: bool
) -> None:
    runtime = world.runtime
    runtime.published(CHILD)
    host = CALL
    if levels > 1:
        runtime.published(BETWEEN)
        host = CALL.replace("child", "between")
    instance = runtime.started(runtime.published(process(host, interrupting=interrupting)))
    inner = instance
    for _ in range(levels):
        caller = inner
        world.wait(lambda caller=caller: called(world, caller), "the called instance")
        (inner,) = called(world, caller)
    world.wait_for(inner, "a")
    world.complete(inner, "a")
    world.wait(lambda: told(world, instance) == [("x", "late")], "the escalation")
    world.wait(lambda: "h" in world.open(instance), "the handler")
    assert told(world, inner) == [("t", None)]
    lost(world)
    if interrupting:
        world.wait(lambda: runtime.status(inner).status is InstanceStatus.CANCELLED, "the end of what was called")
    else:
        world.complete(inner, "b")
        world.wait(lambda: "c" in world.open(instance), "the way after the call")
        world.complete(instance, "c")
    world.complete(instance, "h")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
    assert told(world, instance) == [("x", "late")]


GUARDED = (
    NAMED + '<startEvent id="s"/><userTask id="x"/><endEvent id="e"/>' + flow("s", "x") + flow("x", "e")
    + '<subProcess id="esp" triggeredByEvent="true"><startEvent id="late" isInterrupting="{}">'
    '<escalationEventDefinition/></startEvent><userTask id="h"/><endEvent id="he"/>'
    + flow("late", "h") + flow("h", "he") + "</subProcess>" + TAIL
)  # fmt: skip


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_event_sub_process_catches_what_its_scope_s_tasks_raise(world: World, interrupting: str) -> None:
    instance = world.runtime.started(world.runtime.published(GUARDED.format(interrupting)))
    task = world.wait_for(instance, "x")["x"]
    raise_in(world, task, "ANY")
    world.wait(lambda: "h" in world.open(instance), "the handler")
    assert ("x" in world.open(instance)) is (interrupting == "false")
    if interrupting == "false":
        world.complete(instance, "x")
    world.complete(instance, "h")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
    assert told(world, instance) == [("x", "esp")]
