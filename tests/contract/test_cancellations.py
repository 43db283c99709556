"""Cancelling compensates: compiled machines, their dispatcher and the record together."""

import json
from collections.abc import Iterator

import pytest

from orchestrator.domain.errors import Conflict
from orchestrator.domain.instance import InstanceStatus
from tests.builders import ADA
from tests.contract.test_calls import called
from tests.contract.test_ended_scopes import lost
from tests.contract.test_kept_variables import done, settled
from tests.contract.test_machines import HEAD, TAIL, World, flow, world_of

UNDO = '<boundaryEvent id="{0}-comp" attachedToRef="{0}"><compensateEventDefinition/></boundaryEvent>'
HANDLER = '<userTask id="{0}-undo" isForCompensation="true"/>'
JOINED = '<association id="{0}-j" sourceRef="{0}-comp" targetRef="{0}-undo" associationDirection="One"/>'


def undoable(*names: str) -> str:
    return "".join(part.format(name) for name in names for part in ('<userTask id="{0}"/>', UNDO, HANDLER, JOINED))


BOOKED = (
    HEAD + '<startEvent id="s"/>' + undoable("a", "b") + '<userTask id="c"/><endEvent id="e"/>'
    + flow("s", "a") + flow("a", "b") + flow("b", "c") + flow("c", "e") + TAIL
)  # fmt: skip
FORKED = (
    HEAD + '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="g"/>' + undoable("a", "b")
    + '<userTask id="c"/><userTask id="d"/><parallelGateway id="j"/><parallelGateway id="k"/>'
    + flow("s", "f") + flow("f", "a") + flow("f", "b") + flow("a", "g") + flow("g", "j") + flow("g", "c")
    + flow("b", "j") + flow("j", "k") + flow("c", "d") + flow("d", "k") + TAIL
)  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def begun(world: World, model: str = BOOKED) -> str:
    instance = world.runtime.started(world.runtime.published(model), input_variables={"n": 1})
    done(world, instance, "a", x=1, n=2)
    done(world, instance, "b", y=2)
    settled(world, instance, "y")
    world.wait(lambda: "c" in world.open(instance), "c")
    return instance


def happened(world: World, instance: str, kind: str) -> list[dict]:
    return [json.loads(event["data"]) for event in world.runtime.events(instance) if event["type"] == kind]


@pytest.mark.parametrize("model", [BOOKED, FORKED], ids=["sequence", "threads"])
def test_what_was_completed_is_undone_before_the_end_the_latest_first(world: World, model: str) -> None:
    instance = begun(world, model)
    steered = world.runtime.control.cancel(ADA, instance, "no longer wanted")
    assert (steered.before.status, steered.after.status, steered.tasks) == (
        InstanceStatus.RUNNING, InstanceStatus.RUNNING, 1,
    )  # fmt: skip
    assert steered.after.cancellation is not None
    assert happened(world, instance, "workflow_cancelling")[0]["handlers"] == 2
    for name in ("b-undo", "a-undo"):
        task = world.wait_for(instance, name)[name]
        assert world.runtime.tasks.get(ADA, task).input_data == {"n": 2, "x": 1, "y": 2}
        lost(world)
        assert world.wait_for(instance, name) == {name: task}
        world.complete(instance, name)
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.CANCELLED
    assert happened(world, instance, "workflow_cancelled")[0]["reason"] == "no longer wanted"
    with pytest.raises(Conflict):
        world.runtime.control.cancel(ADA, instance, None)


def test_a_second_cancel_is_told_and_terminate_ends_at_once(world: World) -> None:
    instance = begun(world)
    world.runtime.control.cancel(ADA, instance, None)
    world.wait_for(instance, "b-undo")
    with pytest.raises(Conflict):
        world.runtime.control.cancel(ADA, instance, None)
    world.runtime.control.terminate(ADA, instance, None)
    assert world.runtime.status(instance).status is InstanceStatus.TERMINATED
    assert world.open(instance) == {}


def test_where_nothing_was_completed_it_ends_at_once(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(BOOKED))
    world.wait_for(instance, "a")
    assert world.runtime.control.cancel(ADA, instance, None).after.status is InstanceStatus.CANCELLED


def test_what_was_cut_off_after_the_decision_is_made_up_for(world: World) -> None:
    instance = begun(world)
    cancellations = world.runtime.control.cancellations
    cancellations.decide(ADA, world.runtime.status(instance), None)
    assert "c" in world.open(instance)
    with pytest.raises(Conflict):
        world.complete(instance, "c")
    world.runtime.watch.reconcile(lambda: True)
    world.wait_for(instance, "b-undo")
    lost(world)
    done(world, instance, "b-undo")
    done(world, instance, "a-undo")
    assert world.ended(instance).instance.status is InstanceStatus.CANCELLED


def test_called_instances_are_compensated_too(world: World) -> None:
    world.runtime.published(BOOKED.replace('<process id="p"', '<process id="child"'))
    caller = (
        HEAD + '<startEvent id="s"/>' + undoable("o") + '<callActivity id="x" calledElement="child"/>'
        + flow("s", "o") + flow("o", "x") + TAIL
    )  # fmt: skip
    instance = world.runtime.started(world.runtime.published(caller))
    done(world, instance, "o")
    world.wait(lambda: called(world, instance), "the call")
    (child,) = called(world, instance)
    done(world, child, "a")
    done(world, child, "b")
    world.wait_for(child, "c")
    world.runtime.control.cancel(ADA, instance, None)
    world.wait_for(child, "b-undo")
    done(world, instance, "o-undo")
    assert world.ended(instance).instance.status is InstanceStatus.CANCELLED
    done(world, child, "b-undo")
    done(world, child, "a-undo")
    assert world.ended(child).instance.status is InstanceStatus.CANCELLED
