"""Ad-hoc sub-processes whose activities somebody begins: machine, record and commands together."""

import json
from collections.abc import Iterator

import pytest

from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.domain.events import EventType
from orchestrator.domain.instance import InstanceStatus
from orchestrator.services.machines.ad_hoc import Chosen, Named, OpenAdHoc
from tests.builders import ADA
from tests.contract.test_machines import HEAD, TAIL, World, flow, world_of

INSIDE = '<userTask id="read"/><userTask id="ask"/><userTask id="note"/>' + flow("read", "note")


def model(inside: str = INSIDE, attributes: str = "", around: str = "") -> str:
    return (
        HEAD.replace("<process", '<error id="x" errorCode="E"/><process')
        + f'<startEvent id="s"/><adHocSubProcess id="case" {attributes}>{inside}</adHocSubProcess>'
        f'<userTask id="last"/><endEvent id="e"/>{around}'
        + flow("s", "case") + flow("case", "last") + flow("last", "e") + TAIL
    )  # fmt: skip


def until(condition: str) -> str:
    return f"<completionCondition>={condition}</completionCondition>"


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


class Case:
    """One instance with an ad-hoc sub-process `case`, which is open."""

    def __init__(self, world: World, content: str, **variables: object) -> None:
        self.world = world
        self.service = world.runtime.ad_hoc
        self.instance = world.runtime.started(world.runtime.published(content), input_variables=variables)
        world.wait(self.open, "the ad-hoc sub-process")

    @property
    def named(self) -> Named:
        return Named(instance_id=self.instance, element_id="case")

    def open(self) -> tuple[OpenAdHoc, ...]:
        return self.service.open_in(ADA, self.instance)

    def begin(self, *elements: str, cancel_remaining: bool = False, **variables: object) -> OpenAdHoc:
        chosen = tuple(Chosen(element_id=one, variables=variables) for one in elements)
        return self.service.begin(ADA, self.named, chosen, cancel_remaining=cancel_remaining)

    def complete(self, *, cancel_remaining: bool = False) -> OpenAdHoc:
        return self.service.complete(ADA, self.named, cancel_remaining=cancel_remaining)

    def do(self, element: str, **result: object) -> None:
        self.world.wait(lambda: element in self.world.open(self.instance), element)
        self.world.complete(self.instance, element, **result)

    def counts(self) -> dict[str, tuple[int, int, int]]:
        (found,) = self.open()
        return {one.element.id: (one.begun, one.running, one.completed) for one in found.activities}

    def wait_for(self, *elements: str) -> None:
        self.world.wait_for(self.instance, *elements)

    def finish(self) -> dict:
        self.do("last")
        record = self.world.ended(self.instance)
        assert record.instance.status is InstanceStatus.COMPLETED
        return record.output_variables

    def lose(self) -> None:
        self.world.lose_executions()
        self.world.runtime.watch.reconcile(lambda: True)

    def told(self, kind: EventType) -> list:
        return [event for event in self.world.runtime.events(self.instance) if event["type"] == kind]


def test_activities_begin_as_often_as_asked_and_a_command_ends_it(world: World) -> None:
    case = Case(world, model(), a=1)
    assert case.counts() == {"read": (0, 0, 0), "ask": (0, 0, 0)}
    case.begin("read", "ask", why="two")
    case.wait_for("read", "ask")
    assert world.runtime.tasks.get(ADA, world.open(case.instance)["read"]).input_data == {"a": 1, "why": "two"}
    case.do("read", n=1)
    case.wait_for("ask", "note")
    assert case.counts() == {"read": (1, 1, 0), "ask": (1, 1, 0)}
    case.do("note")
    world.wait(lambda: case.counts()["read"] == (1, 0, 1), "read")
    case.do("ask", n=2)
    world.wait(lambda: case.counts() == {"read": (1, 0, 1), "ask": (1, 0, 1)}, "both ended")
    case.begin("ask")
    case.wait_for("ask")
    assert world.runtime.tasks.get(ADA, world.open(case.instance)["ask"]).input_data == {"a": 1, "n": 2}
    with pytest.raises(Conflict) as refused:
        case.complete()
    assert refused.value.details["running"] == ["ask"]
    case.do("ask", n=3)
    world.wait(lambda: case.counts()["ask"] == (2, 0, 2), "asked twice")
    case.complete()
    assert case.finish() == {"a": 1, "n": 3}
    assert [event["element_id"] for event in case.told(EventType.AD_HOC_ACTIVITY_BEGUN)] == ["read", "ask", "ask"]
    (done,) = case.told(EventType.AD_HOC_COMPLETED)
    assert (done["element_id"], done["actor"], json.loads(done["data"])["reason"]) == ("case", ADA.subject, "command")


def test_what_runs_is_cancelled_where_the_command_says_so(world: World) -> None:
    case = Case(world, model())
    case.begin("read", "ask")
    case.wait_for("read", "ask")
    case.do("read", n=1)
    case.wait_for("note", "ask")
    case.complete(cancel_remaining=True)
    case.wait_for("last")
    with pytest.raises(Conflict):
        case.begin("ask")
    assert case.finish() == {}
    assert world.runtime.instances.get(ADA, case.instance).instance.progress.cancelled == 2


@pytest.mark.parametrize("loses", [False, True])
def test_the_condition_ends_it_and_what_runs(world: World, loses: bool) -> None:
    case = Case(world, model(INSIDE + until("n = 2")))
    case.begin("ask", "read")
    case.do("ask", n=1)
    world.wait(lambda: case.counts()["ask"] == (1, 0, 1), "asked")
    if loses:
        case.lose()
        case.wait_for("read")
        assert case.counts() == {"read": (1, 1, 0), "ask": (1, 0, 1)}
    case.begin("ask")
    case.do("ask", n=2)
    case.wait_for("last")
    if loses:
        case.lose()
        case.wait_for("last")
    assert case.finish() == {"n": 2}
    assert [json.loads(event["data"])["reason"] for event in case.told(EventType.AD_HOC_COMPLETED)] == [
        "completion condition"
    ]


def test_others_end_by_themselves_where_the_model_says_so_but_none_begins(world: World) -> None:
    case = Case(world, model(INSIDE + until("n = 1"), 'cancelRemainingInstances="false"'))
    case.begin("ask", "read")
    case.do("ask", n=1)
    world.wait(lambda: case.open()[0].ad_hoc.closed, "the condition")
    with pytest.raises(Conflict):
        case.begin("ask")
    case.do("read")
    case.do("note", m=1)
    assert case.finish() == {"n": 1, "m": 1}


def test_one_at_a_time_where_the_ordering_is_sequential(world: World) -> None:
    case = Case(world, model(attributes='ordering="Sequential"'))
    with pytest.raises(Conflict):
        case.begin("ask", "read")
    case.begin("ask")
    case.wait_for("ask")
    with pytest.raises(Conflict):
        case.begin("read")
    case.begin("read", cancel_remaining=True)
    case.wait_for("read")
    assert case.counts() == {"read": (1, 1, 0), "ask": (1, 0, 0)}


def test_refusals_change_nothing(world: World) -> None:
    case = Case(world, model())
    with pytest.raises(InvalidRequest) as unknown:
        case.begin("ask", "note", cancel_remaining=True)
    assert (unknown.value.field, unknown.value.reason) == ("elements.1.element_id", "must be one of: read, ask")
    elsewhere = Named(instance_id=case.instance, element_id="other")
    with pytest.raises(Conflict):
        case.service.complete(ADA, elsewhere)
    with pytest.raises(NotFound):
        case.service.open_in(ADA, "wf-inst-none")
    assert case.counts() == {"read": (0, 0, 0), "ask": (0, 0, 0)}


def test_an_error_inside_ends_it_by_its_boundary_event(world: World) -> None:
    inside = INSIDE.replace("/>", "/>", 1) + '<endEvent id="bad"><errorEventDefinition errorRef="x"/></endEvent>'
    around = (
        '<boundaryEvent id="caught" attachedToRef="case"><errorEventDefinition errorRef="x"/></boundaryEvent>'
        '<endEvent id="other"/>' + flow("caught", "other")
    )
    case = Case(world, model(inside + flow("ask", "bad"), around=around))
    case.begin("read", "ask")
    case.wait_for("read", "ask")
    case.do("ask")
    record = world.ended(case.instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.instance.progress.cancelled == 1
    assert case.open() == ()


def test_a_message_ends_it(world: World) -> None:
    around = (
        '<boundaryEvent id="stop" attachedToRef="case"><messageEventDefinition messageRef="m"/></boundaryEvent>'
        '<endEvent id="other"/>' + flow("stop", "other")
    )
    case = Case(world, model(around=around).replace("<process", '<message id="m" name="stop"/><process'))
    case.begin("ask")
    case.wait_for("ask")
    world.runtime.publish_message("stop")
    record = world.ended(case.instance)
    assert (record.instance.status, record.instance.progress.cancelled) == (InstanceStatus.COMPLETED, 1)
    with pytest.raises(Conflict):
        case.begin("ask")
