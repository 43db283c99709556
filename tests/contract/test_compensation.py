"""Compensation decided by the record: order, losses between handlers, what a second run is told."""

from collections.abc import Iterator

import pytest

from orchestrator.domain.instance import InstanceStatus
from tests.contract.test_machines import HEAD, TAIL, World, flow, when, world_of
from tests.execution.machines.traces import CORPUS

_CANCEL = "<cancelEventDefinition/>"


def activity(id_: str, inside: str = "") -> str:
    """A user task with a compensation handler `undo-<id>`."""
    return (
        f'<userTask id="{id_}">{inside}</userTask><boundaryEvent id="back-{id_}" attachedToRef="{id_}">'
        f'<compensateEventDefinition/></boundaryEvent><userTask id="undo-{id_}" isForCompensation="true"/>'
        f'<association id="as-{id_}" sourceRef="back-{id_}" targetRef="undo-{id_}"/>'
    )


TRIP = (
    HEAD + '<startEvent id="s"/>' + activity("hotel") + activity("flight")
    + '<intermediateThrowEvent id="back"><compensateEventDefinition/></intermediateThrowEvent><userTask id="last"/>'
    '<endEvent id="e"/>' + flow("s", "hotel") + flow("hotel", "flight") + flow("flight", "back") + flow("back", "last")
    + flow("last", "e") + TAIL
)  # fmt: skip
BRANCHES = (
    HEAD + '<startEvent id="s"/><transaction id="t"><startEvent id="ts"/><parallelGateway id="f"/>' + activity("a")
    + activity("b") + '<userTask id="ask"/><exclusiveGateway id="x" default="x-done"/><endEvent id="done"/>'
    f'<endEvent id="stop">{_CANCEL}</endEvent><userTask id="open"/><endEvent id="te"/>'
    + flow("ts", "f") + flow("f", "a") + flow("f", "b") + flow("a", "ask") + flow("ask", "x")
    + flow("x", "stop", when("ok = false")) + flow("x", "done") + flow("b", "open") + flow("open", "te")
    + f'</transaction><boundaryEvent id="stopped" attachedToRef="t">{_CANCEL}</boundaryEvent><userTask id="after"/>'
    '<endEvent id="e"/>' + flow("s", "t") + flow("t", "e") + flow("stopped", "after") + flow("after", "e") + TAIL
)  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def _rebuilt(world: World) -> None:
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)


def test_a_run_that_is_lost_between_handlers_undoes_nothing_twice(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(TRIP), input_variables={"n": 1})
    world.wait_for(instance, "hotel")
    world.complete(instance, "hotel", room=7)
    world.wait_for(instance, "flight")
    world.complete(instance, "flight", seat="2A")
    world.wait_for(instance, "undo-flight")
    world.complete(instance, "undo-flight", seat=None)
    world.wait_for(instance, "undo-hotel")
    _rebuilt(world)
    world.wait_for(instance, "undo-hotel")
    world.complete(instance, "undo-hotel", refund=50)
    world.wait_for(instance, "last")
    _rebuilt(world)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.output_variables == {"n": 1, "room": 7, "seat": None, "refund": 50}
    told = [event["type"] for event in world.runtime.events(instance)]
    assert told.count("compensation_triggered") == 1
    assert told.count("task_created") == 5


def test_a_cancelled_transaction_undoes_what_every_branch_completed_before_anything_goes_on(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(BRANCHES))
    world.wait_for(instance, "a", "b")
    world.complete(instance, "b")
    world.wait_for(instance, "a", "open")
    world.complete(instance, "a")
    world.wait_for(instance, "ask", "open")
    world.complete(instance, "ask", ok=False)
    world.wait_for(instance, "undo-a")
    _rebuilt(world)
    world.wait_for(instance, "undo-a")
    world.complete(instance, "undo-a")
    world.wait_for(instance, "undo-b")
    world.complete(instance, "undo-b")
    world.wait_for(instance, "after")
    world.complete(instance, "after")
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.instance.progress.cancelled == 1


CROSSING = (
    HEAD + '<startEvent id="s"/>'
    + "".join(f'<parallelGateway id="{one}"/>' for one in ("f", "g", "h", "j1", "j2", "j"))
    + activity("a") + activity("b") + '<endEvent id="e"><compensateEventDefinition/></endEvent>'
    + flow("s", "f") + flow("f", "g") + flow("f", "h") + flow("g", "j1") + flow("g", "j2") + flow("h", "j1")
    + flow("h", "j2") + flow("j1", "a") + flow("j2", "b") + flow("a", "j") + flow("b", "j") + flow("j", "e") + TAIL
)  # fmt: skip


def test_what_side_threads_completed_is_undone_in_the_order_of_all_threads(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(CROSSING))
    world.wait_for(instance, "a", "b")
    world.complete(instance, "b")
    world.wait_for(instance, "a")
    world.complete(instance, "a")
    world.wait_for(instance, "undo-a")
    world.complete(instance, "undo-a")
    world.wait_for(instance, "undo-b")
    world.complete(instance, "undo-b")
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the real BPMN files (../shared/bpmn) are not beside the checkout")
def test_a_real_transaction_is_cancelled(world: World) -> None:
    (file,) = (CORPUS / "files").glob("s064_*")
    instance = world.runtime.started(world.runtime.published(file.read_text()), input_variables={"success": False})
    for element in ("txTask", "undoTxTask", "afterCancellation"):
        world.wait_for(instance, element)
        world.complete(instance, element)
    assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
    types = [event["type"] for event in world.runtime.events(instance)]
    assert types.count("compensation_triggered") == 1
