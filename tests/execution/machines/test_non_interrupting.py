"""Boundary events that let their activity go on: compiled and run."""

from dataclasses import replace
from itertools import count, pairwise

import pytest

from orchestrator.compiler.bpmn.model import (
    LITERAL,
    EventDefinition,
    EventKind,
    FlowNode,
    MultiInstance,
    SourceExpression,
    TimerKind,
)
from tests.execution.machines.models import (
    after,
    boundary_error,
    error_end,
    event_sub,
    message,
    node,
    process,
    scope,
    sub,
    terminate_end,
)
from tests.execution.machines.runtime import Answer, Caught, Completed, Happened, Json, Machines, Open, Releases, Run
from tests.execution.machines.test_constructs import run


def beside(id_: str, host: str, event: EventDefinition) -> FlowNode:
    return node("boundary", id_, attached_to=host, interrupting=False, events=(event,))


def cycle(text: str) -> EventDefinition:
    return EventDefinition(EventKind.TIMER, timer_kind=TimerKind.CYCLE, expression=SourceExpression(text, LITERAL))


def watched(event: EventDefinition, *more: FlowNode) -> list[FlowNode]:
    return [
        node("start", "s"), node("user", "z"), node("user", "a"), beside("t", "a", event), node("user", "h"),
        node("end", "e"), node("end", "e2"), *more,
    ]  # fmt: skip


FLOWS = ["s > z > a > e", "t > h > e2"]


class Ends:
    """`a` ends with the n-th of what the boundary event begins; all else ends at once."""

    def __init__(self, n: int, *, host: str = "a", handler: str = "h", event: str = "t") -> None:
        self._n, self._host, self._handler, self._event = n, host, handler, event
        self._handled, self._happened = count(1), count(1)

    def __call__(self, event: Json) -> Answer:
        match event["element_id"]:
            case self._host:
                return Open() if self._n else Completed()
            case self._handler:
                return Releases(self._host) if next(self._handled) == self._n else Completed({"told": True})
            case self._event:
                return Happened(self._event, {"x": 1}) if next(self._happened) <= self._n else Open()
        return Completed()


def times(found: Run, *ids: str) -> list[int]:
    return [found.done.count(id_) for id_ in ids]


def test_a_timer_happens_beside_its_activity_which_goes_on(engine: Machines) -> None:
    found = run(engine, process(watched(after("PT1S")), FLOWS), Ends(1))
    assert times(found, "s", "z", "t", "h", "e", "e2") == [1] * 6
    assert [call["element_id"] for call in found.of("activate")] == ["z", "a", "h"]


def test_an_activity_that_ends_in_time_withdraws_what_waits_beside_it(engine: Machines) -> None:
    found = run(engine, process(watched(after("PT10H")), FLOWS), Ends(0))
    assert found.done == ["s", "z", "a", "e"]
    assert len(found.of("withdraw")) == 1


def test_what_the_event_began_belongs_to_the_scope_which_ends_after_it(engine: Machines) -> None:
    """The activity ends while the handler works: what follows it does not wait, the process does."""

    def perform(event: Json) -> Answer:
        return {"a": Open(), "h": Open(), "g": Releases("a"), "y": Releases("h")}.get(event["element_id"], Completed())

    nodes = [*watched(after("PT1S")), node("user", "g"), node("user", "y"), node("and", "f"), node("end", "e3")]
    found = run(engine, process(nodes, ["s > z > a > y > e", "t > f > h > e2", "f > g > e3"]), perform)
    assert times(found, "t", "y", "e", "e2", "e3") == [1] * 5
    assert found.variables == {}


@pytest.mark.parametrize("text", ["R3/PT1S", "R3/2020-01-01T00:00:00Z/PT1S"])
def test_a_cycle_happens_as_often_as_it_says(engine: Machines, text: str) -> None:
    found = run(engine, process(watched(cycle(text)), FLOWS), Ends(3), {"v": 1})
    assert times(found, "t", "h", "e2", "e") == [3, 3, 3, 1]
    clocks = [call["clock"] for call in found.of("trigger")]
    assert [later - sooner for sooner, later in pairwise(clocks)] == [1000, 1000]
    assert found.variables == {"v": 1, "told": True}


def test_a_cycle_may_be_computed(engine: Machines) -> None:
    often = EventDefinition(EventKind.TIMER, timer_kind=TimerKind.CYCLE, expression=SourceExpression("=often"))
    for text, times_ in (("R2/PT1S", 2), ("PT1S", 1)):
        found = run(engine, process(watched(often), FLOWS), Ends(times_), {"often": text})
        assert times(found, "t", "h", "e") == [times_, times_, 1]
    endless = run(engine, process(watched(often), FLOWS), Ends(3), {"often": "R/PT1S"})
    assert endless.done.count("t") >= 3
    assert not run(engine, process(watched(often), FLOWS), Ends(0), {"often": "soon"}).done.count("t")


def test_an_endless_cycle_ends_with_its_activity(engine: Machines) -> None:
    found = run(engine, process(watched(cycle("R/PT1S")), FLOWS), Ends(4))
    assert found.done.count("h") >= 4
    assert found.done.count("e") == 1


def test_every_message_begins_a_token_of_its_own(engine: Machines) -> None:
    found = run(engine, process(watched(message("ping")), FLOWS), Ends(2))
    assert times(found, "t", "h", "e2", "e") == [2, 2, 2, 1]
    waits = [call for call in found.of("activate") if call["element_id"] == "t"]
    assert [call["subscriptions"] for call in waits] == [
        [{"element_id": "t", "kind": "message", "name": "ping", "correlation_key": None}]
    ] * len(waits)
    assert [call["input"] for call in found.of("activate") if call["element_id"] == "h"] == [{"x": 1}, {"x": 1}]


def test_an_error_of_the_activity_withdraws_the_watch_too(engine: Machines) -> None:
    def perform(event: Json) -> Answer:
        return Caught("b") if event["element_id"] == "a" else Completed()

    nodes = [*watched(after("PT10H")), boundary_error("b", "a"), node("user", "c")]
    found = run(engine, process(nodes, [*FLOWS, "b > c > e"]), perform)
    assert found.done == ["s", "z", "b", "c", "e"]


def test_each_entry_in_a_loop_has_a_watch_of_its_own(engine: Machines) -> None:
    rounds = iter([True, True, False])

    def perform(event: Json) -> Answer:
        match event["element_id"]:
            case "a":
                return Open()
            case "h":
                return Releases("a")
            case "c":
                return Completed({"again": next(rounds)})
        return Completed()

    nodes = [*watched(after("PT1S")), node("user", "c"), node("xor", "m"), node("xor", "x")]
    flows = ["s > z > m > a > c > x > e", "x > m if =again", "t > h > e2"]
    found = run(engine, process(nodes, flows), perform)
    assert times(found, "a", "t", "h", "c", "e") == [3, 3, 3, 3, 1]
    assert [call["occurrence"] for call in found.of("withdraw")] == [0, 1, 2]


def test_a_terminate_end_event_stops_what_works_beside(engine: Machines) -> None:
    def perform(event: Json) -> Answer:
        return {"a": Open(), "h": Open(), "g": Releases("a")}.get(event["element_id"], Completed())

    nodes = [node("start", "s"), node("user", "a"), beside("t", "a", after("PT1S")), node("and", "f")]
    nodes += [node("user", "h"), node("user", "g"), node("end", "e2"), node("end", "e3"), terminate_end("e")]
    found = run(engine, process(nodes, ["s > a > e", "t > f > h > e2", "f > g > e3"]), perform)
    assert times(found, "t", "e", "e2") == [1, 1, 0]


def test_what_follows_may_be_what_the_activity_goes_on_with(engine: Machines) -> None:
    """Two tokens merge behind the activity: what follows is done for each."""
    found = run(engine, process(watched(after("PT1S")), ["s > z > a > e", "t > h > e"]), Ends(1))
    assert times(found, "t", "h", "e") == [1, 1, 2]


def test_a_branch_with_such_an_event_is_joined_as_before(engine: Machines) -> None:
    nodes = [*watched(after("PT1S")), node("user", "b"), node("and", "f"), node("and", "j"), node("user", "c")]
    found = run(engine, process(nodes, ["s > f > a > j > c > e", "f > z > b > j", "t > h > e2"]), Ends(1))
    assert times(found, "t", "h", "c", "e", "e2") == [1, 1, 1, 1, 1]


def test_a_sub_process_goes_on_beside_its_timer(engine: Machines) -> None:
    inner = sub("p", [node("user", "a"), node("user", "b")], ["a > b"])
    nodes = [node("start", "s"), inner, beside("t", "p", after("PT1S")), node("user", "h"), node("end", "e")]
    found = run(engine, process(nodes, ["s > p > e", "t > h"]), Ends(1))
    assert times(found, "t", "p", "e") == [1, 1, 1]
    assert found.done.index("t") < found.done.index("p")


@pytest.mark.parametrize("sequential", [True, False])
def test_repeated_activities_go_on_beside_their_cycle(engine: Machines, sequential: bool) -> None:
    many = replace(node("user", "a"), multi_instance=MultiInstance(sequential, cardinality=SourceExpression("=2")))
    nodes = [node("start", "s"), many, beside("t", "a", cycle("R/PT1S")), node("user", "h"), node("end", "e")]
    answers: dict[str, Answer] = {"a": Open(), "h": Releases("a")}
    found = run(
        engine, process(nodes, ["s > a > e", "t > h"]), lambda event: answers.get(event["element_id"], Completed())
    )
    assert found.done.count("t") >= 1
    assert found.done.count("e") == 1


def test_events_inside_a_sub_process_belong_to_it(engine: Machines) -> None:
    inner = sub("p", [node("user", "a"), beside("t", "a", after("PT1S")), node("user", "h")], ["t > h"])
    nodes = [node("start", "s"), inner, node("user", "c"), node("end", "e")]
    found = run(engine, process(nodes, ["s > p > c > e"]), Ends(1))
    assert times(found, "t", "p", "c", "e") == [1, 1, 0, 1] or found.done.index("t") < found.done.index("p")


def handler(event: EventDefinition, id_: str = "p") -> FlowNode:
    """An event sub-process that lets its scope go on; its start event is `t`."""
    start = node("start", "t", interrupting=False, events=(event,))
    return node("sub", id_, triggered_by_event=True, scope=scope(id_, [start, node("user", "h")], ["t > h"]))


@pytest.mark.parametrize("event", [cycle("R3/PT1S"), message("ping")], ids=["timer", "message"])
def test_an_event_sub_process_runs_beside_its_process_each_time(engine: Machines, event: EventDefinition) -> None:
    nodes = [node("start", "s"), node("user", "a"), node("user", "c"), node("end", "e"), handler(event)]
    found = run(engine, process(nodes, ["s > a > c > e"]), Ends(3), {"v": 1})
    assert times(found, "s", "t", "h", "p", "a", "c", "e") == [1, 3, 3, 3, 1, 1, 1]
    assert found.variables["v"] == 1


def test_a_scope_ends_without_the_event_that_did_not_happen(engine: Machines) -> None:
    nodes = [node("start", "s"), node("user", "a"), node("end", "e"), handler(message("ping"))]
    assert run(engine, process(nodes, ["s > a > e"]), Ends(0)).done == ["s", "a", "e"]


def test_a_sub_process_ends_after_what_its_event_sub_process_began(engine: Machines) -> None:
    def perform(event: Json) -> Answer:
        return {"h": Open(), "t": Open(), "a": Open(), "y": Releases("h")}.get(event["element_id"], Completed())

    within = handler(after("PT1S"))
    inner = sub("q", [node("user", "a"), beside("b", "a", after("PT1S")), node("user", "y"), within], ["b > y"])
    many = replace(inner, multi_instance=None)
    nodes = [node("start", "s"), many, node("user", "c"), node("end", "e")]
    answers: dict[str, Answer] = {"h": Releases("a"), "a": Open()}
    found = run(engine, process(nodes, ["s > q > c > e"]), lambda event: answers.get(event["element_id"], Completed()))
    assert times(found, "t", "h", "p", "b", "y", "q", "c", "e") == [1] * 8
    assert found.done.index("h") < found.done.index("q")


def test_an_error_in_such_a_handler_interrupts_the_scope(engine: Machines) -> None:
    start = node("start", "t", interrupting=False, events=(after("PT1S"),))
    failing = node("sub", "p", triggered_by_event=True, scope=scope("p", [start, error_end("pe", "BAD")], ["t > pe"]))
    inner = sub("q", [node("user", "a"), failing], [])
    nodes = [node("start", "s"), inner, boundary_error("b", "q", "BAD"), node("user", "c"), node("end", "e")]
    answers: dict[str, Answer] = {"a": Open()}
    found = run(
        engine, process(nodes, ["s > q > e", "b > c > e"]), lambda event: answers.get(event["element_id"], Completed())
    )
    assert times(found, "t", "pe", "b", "c", "e", "a") == [1, 1, 1, 1, 1, 0]


def test_handlers_of_both_kinds_in_one_scope(engine: Machines) -> None:
    """What interrupts the scope ends what runs beside it."""
    bad = EventDefinition(EventKind.ERROR, code="BAD")
    taking = event_sub("i", bad, [node("user", "g")], ["i_start > g"])
    nodes = [node("start", "s"), node("user", "a"), node("end", "e"), handler(after("PT1S")), taking]

    def perform(event: Json) -> Answer:
        return {"h": Caught("i"), "a": Open()}.get(event["element_id"], Completed())

    found = run(engine, process(nodes, ["s > a > e"]), perform)
    assert times(found, "t", "h", "g", "i", "e") == [1, 0, 1, 1, 0]
