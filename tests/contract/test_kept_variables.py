"""What was written in a scope before something interrupts it: whatever takes over goes on with it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.task import TaskStatus
from orchestrator.domain.task_failure import Report
from orchestrator.services.machines.dispatch import identity
from orchestrator.services.tasks.task_failures import ErrorType, TaskFailure
from orchestrator.workers import task_dispatch
from tests.builders import ADA
from tests.contract.test_ended_scopes import lost
from tests.contract.test_machines import HEAD, TAIL, World, flow, world_of

NAMED = HEAD.replace(
    "<process", '<message id="m" name="stop"/><message id="n" name="other"/><error id="er" errorCode="E1"/><process'
)
ON_MESSAGE = '<messageEventDefinition messageRef="m"/>'
ON_ERROR = '<errorEventDefinition errorRef="er"/>'
OUTPUT = (
    '<extensionElements><zeebe:ioMapping xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
    '<zeebe:output source="{source}" target="{target}"/></zeebe:ioMapping></extensionElements>'
)
LINE = (
    '<startEvent id="is"/><userTask id="a"/>{middle}<userTask id="b"/><endEvent id="ie"/>'
    + flow("is", "a") + flow("b", "ie")
)  # fmt: skip
SEQUENCE = LINE.format(middle="") + flow("a", "b")
NESTED = LINE.format(
    middle='<subProcess id="in"><startEvent id="ns"/><userTask id="c"/><userTask id="d"/>'
    + flow("ns", "c") + flow("c", "d") + "</subProcess>"
) + flow("a", "in") + flow("in", "b")  # fmt: skip
WAITING = LINE.format(
    middle='<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
) + flow("a", "t") + flow("t", "b")  # fmt: skip
FORK = (
    '<startEvent id="is"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
    + flow("is", "g") + flow("g", "a") + flow("g", "b") + flow("a", "j") + flow("b", "j")
)  # fmt: skip
CROSSING = (
    '<startEvent id="is"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
    '<parallelGateway id="g2"/><parallelGateway id="j"/><parallelGateway id="j2"/>'
    + flow("is", "g") + flow("g", "a") + flow("g", "b") + flow("a", "g2") + flow("g2", "j") + flow("g2", "c")
    + flow("b", "j") + flow("j", "j2") + flow("c", "j2")
)  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def bounded(inside: str, event: str = ON_MESSAGE, *, own: str = "", mapped: str = "") -> str:
    """A process whose sub-process `x` an event ends."""
    return (
        NAMED + f'<startEvent id="s"/><subProcess id="x">{own}{inside}</subProcess><userTask id="h"/><endEvent id="e"/>'
        f'<boundaryEvent id="stop" attachedToRef="x">{mapped}{event}</boundaryEvent>'
        + flow("s", "x") + flow("x", "e") + flow("stop", "h") + flow("h", "e") + TAIL
    )  # fmt: skip


def guarded(inside: str) -> str:
    """A process that an event sub-process ends."""
    return (
        NAMED + inside + '<subProcess id="esp" triggeredByEvent="true"><startEvent id="stop">' + ON_MESSAGE
        + '</startEvent><userTask id="h"/>' + flow("stop", "h") + "</subProcess>" + TAIL
    )  # fmt: skip


def done(world: World, instance: str, element: str, **result: object) -> None:
    found: list[str | None] = []  # who reads meanwhile may miss what moto is just writing

    def is_open() -> bool:
        found.append(world.open(instance).get(element))
        return found[-1] is not None

    world.wait(is_open, element)
    world.runtime.complete(found[-1], **result)


def settled(world: World, instance: str, name: str) -> None:
    """Wait until the token that wrote a variable has told the record."""
    record = world.runtime.keeper.record
    world.wait(lambda: any(name in one.values for one in record.told(instance)), f"{name} is told")


def handled(world: World, instance: str) -> dict:
    """The input of the handler's task."""
    task = world.wait_for(instance, "h")["h"]
    return world.runtime.tasks.get(ADA, task).input_data


def test_what_comes_late_to_a_scope_that_was_interrupted_ends_at_once(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(bounded(SEQUENCE)))
    world.wait(lambda: "a" in world.open(instance), "a")
    (a,) = (one for one in world.runtime.instance_store.load_unanswered(instance).tasks if one.element_id == "a")
    assert publish(world, instance)
    late = {
        "operation": "activate", "instance_id": instance, "thread": "root", "execution": instance, "trail": [],
        "scope": a.entry.scope, "clock": 0, "element_id": "b", "occurrence": 0, "token": "late", "input": {"y": 2},
        "wrote": {"names": ["y"], "inside": []},
    }  # fmt: skip
    task_dispatch.handler(late, None)
    assert set(world.open(instance)) == {"h"}
    b = world.runtime.task_store.load(identity(instance, replace(a.entry, element_id="b"))).task
    assert b.status is TaskStatus.CANCELLED
    done(world, instance, "h")
    assert world.ended(instance).output_variables == {"why": "late"}


SHAPES = {"sequence": SEQUENCE, "branches": FORK, "threads": CROSSING}


@pytest.mark.parametrize("around", [bounded, guarded], ids=["boundary event", "event sub-process"])
@pytest.mark.parametrize("inside", SHAPES.values(), ids=SHAPES)
def test_who_takes_over_sees_what_was_written(world: World, inside: str, around) -> None:
    instance = world.runtime.started(world.runtime.published(around(inside)), input_variables={"before": 0})
    done(world, instance, "a", x=1, before=1)
    settled(world, instance, "x")
    assert publish(world, instance)
    assert handled(world, instance) == {"before": 1, "x": 1, "why": "late"}
    lost(world)
    assert handled(world, instance) == {"before": 1, "x": 1, "why": "late"}
    done(world, instance, "h", y=2)
    assert world.ended(instance).output_variables == {"before": 1, "x": 1, "why": "late", "y": 2}


def publish(world: World, instance: str) -> bool:
    world.runtime.publish_message("stop", variables={"why": "late"})
    world.wait(lambda: set(world.open(instance)) == {"h"}, "the handler")
    return True


def test_what_waits_for_its_time_has_told_before(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(bounded(WAITING)))
    done(world, instance, "a", x=1)
    settled(world, instance, "x")
    assert publish(world, instance)
    assert handled(world, instance) == {"x": 1, "why": "late"}


@pytest.mark.parametrize("inside", [FORK, CROSSING], ids=["branches", "threads"])
def test_an_error_brings_what_its_neighbours_wrote(world: World, inside: str) -> None:
    instance = world.runtime.started(world.runtime.published(bounded(inside, ON_ERROR)))
    done(world, instance, "a", x=1)
    settled(world, instance, "x")
    report = Report(code="E1", message="no")
    failure = TaskFailure(report=report, error_type=ErrorType.BPMN_ERROR, variables={"z": 3})
    world.runtime.failures.fail(ADA, world.open(instance)["b"], failure)
    assert handled(world, instance) == {"x": 1, "z": 3}


def test_a_terminated_process_ends_with_what_was_written(world: World) -> None:
    ends = '<endEvent id="last"><terminateEventDefinition/></endEvent><endEvent id="plain"/>'
    model = (
        NAMED + '<startEvent id="s"/><parallelGateway id="g"/><userTask id="a"/><userTask id="b"/>' + ends
        + flow("s", "g") + flow("g", "a") + flow("g", "b") + flow("a", "plain") + flow("b", "last") + TAIL
    )  # fmt: skip
    instance = world.runtime.started(world.runtime.published(model))
    done(world, instance, "a", x=1)
    settled(world, instance, "x")
    done(world, instance, "b", y=2)
    ended = world.ended(instance)
    assert (ended.instance.status, ended.output_variables) == (InstanceStatus.COMPLETED, {"x": 1, "y": 2})


def test_what_only_output_mappings_let_out_stays_inside(world: World) -> None:
    kept_inside = NESTED.replace(
        '<subProcess id="in">', '<subProcess id="in">' + OUTPUT.format(source="=y", target="w")
    )
    instance = world.runtime.started(world.runtime.published(bounded(kept_inside)))
    done(world, instance, "a", x=1)
    done(world, instance, "c", y=2)
    settled(world, instance, "y")
    assert publish(world, instance)
    assert handled(world, instance) == {"x": 1, "why": "late"}
    own = OUTPUT.format(source="=x", target="w")
    instance = world.runtime.started(world.runtime.published(bounded(SEQUENCE, own=own)))
    done(world, instance, "a", x=1)
    world.wait(lambda: "b" in world.open(instance), "b")
    assert publish(world, instance)
    assert handled(world, instance) == {"why": "late"}


def test_mappings_of_the_event_see_what_was_written(world: World) -> None:
    mapped = OUTPUT.format(source="=x + 1", target="w")
    instance = world.runtime.started(world.runtime.published(bounded(SEQUENCE, mapped=mapped)))
    done(world, instance, "a", x=1)
    settled(world, instance, "x")
    assert publish(world, instance)
    assert handled(world, instance) == {"x": 1, "w": 2}


BESIDE = {
    "event sub-process": (
        SEQUENCE.replace('"is"', '"s"').replace('"ie"', '"e"')
        + '<subProcess id="esp" triggeredByEvent="true"><startEvent id="stop" isInterrupting="false">' + ON_MESSAGE
        + '</startEvent><userTask id="h"/>' + flow("stop", "h") + "</subProcess>"
    ),
    "boundary event": (
        '<startEvent id="s"/><subProcess id="x">' + SEQUENCE + '</subProcess><userTask id="h"/><endEvent id="e"/>'
        '<boundaryEvent id="stop" attachedToRef="x" cancelActivity="false">' + ON_MESSAGE + "</boundaryEvent>"
        + flow("s", "x") + flow("x", "e") + flow("stop", "h") + flow("h", "e")
    ),
}  # fmt: skip


@pytest.mark.parametrize("model", BESIDE.values(), ids=BESIDE)
def test_what_begins_beside_sees_what_was_written(world: World, model: str) -> None:
    instance = world.runtime.started(world.runtime.published(NAMED + model + TAIL), input_variables={"before": 0})
    done(world, instance, "a", x=1, before=1)
    settled(world, instance, "x")
    world.runtime.publish_message("stop", variables={"why": "asked"})
    world.wait(lambda: set(world.open(instance)) == {"b", "h"}, "the handler")
    task = world.open(instance)["h"]
    assert world.runtime.tasks.get(ADA, task).input_data == {"before": 1, "x": 1, "why": "asked"}
    lost(world)
    done(world, instance, "b", x=2)
    done(world, instance, "h")
    assert world.ended(instance).output_variables == {"before": 1, "x": 2, "why": "asked"}
