"""Escalations, compiled and run: who catches them, and what goes on."""

from dataclasses import replace

import pytest

from orchestrator.compiler.bpmn.model import (
    EventDefinition,
    EventKind,
    FlowNode,
    MultiInstance,
    NodeType,
    SourceExpression,
)
from orchestrator.compiler.pipeline import compile_model
from orchestrator.diagnostics import Severity
from tests.execution.machines.models import after, node, process, scope, sub
from tests.execution.machines.runtime import Answer, Completed, Json, Machines
from tests.execution.machines.test_constructs import run


def escalation(code: str | None = None) -> EventDefinition:
    return EventDefinition(EventKind.ESCALATION, code=code)


def throw(id_: str, code: str | None = "LATE") -> FlowNode:
    return node("throw", id_, events=(escalation(code),))


def boundary(id_: str, host: str, code: str | None = None, *, interrupting: bool = False) -> FlowNode:
    return node("boundary", id_, attached_to=host, interrupting=interrupting, events=(escalation(code),))


def handler(code: str | None = None, *, interrupting: bool = False, id_: str = "p") -> FlowNode:
    """An event sub-process; its start event is `<id>s`, its work `<id>h`."""
    start = node("start", f"{id_}s", interrupting=interrupting, events=(escalation(code),))
    body = scope(id_, [start, node("user", f"{id_}h")], [f"{id_}s > {id_}h"])
    return node("sub", id_, triggered_by_event=True, scope=body)


def around(inner: list[FlowNode], flows: list[str], *more: FlowNode) -> list[FlowNode]:
    """A process of `s`, sub-process `q` and `e`; `h` is what a boundary event leads to."""
    return [node("start", "s"), sub("q", inner, flows), node("user", "h"), node("end", "e"), *more]


INNER = [node("user", "a"), throw("t"), node("user", "c")]
FLOWS = ["a > t > c"]


def wrote(event: Json) -> Answer:
    return Completed({event["element_id"]: 1})


def test_what_nothing_catches_goes_on(engine: Machines) -> None:
    found = run(
        engine, process([node("start", "s"), throw("t"), node("user", "c"), node("end", "e")], ["s > t > c > e"])
    )
    assert found.done == ["s", "t", "c", "e"]
    assert [(call["code"], call["handler"]) for call in found.of("escalate")] == [("LATE", None)]


def test_an_escalation_is_handled_beside_the_sub_process_that_goes_on(engine: Machines) -> None:
    found = run(engine, process(around(INNER, FLOWS, boundary("b", "q")), ["s > q > e", "b > h"]), wrote)
    assert sorted(found.done) == sorted(["s", "a", "t", "c", "q", "e", "b", "h"])
    assert found.variables == {"a": 1, "c": 1, "h": 1}
    (given,) = [call["input"] for call in found.of("activate") if call["element_id"] == "h"]
    assert given == {"a": 1}


def test_an_interrupting_boundary_event_ends_the_sub_process(engine: Machines) -> None:
    caught = boundary("b", "q", "LATE", interrupting=True)
    found = run(engine, process(around(INNER, FLOWS, caught), ["s > q > e", "b > h > e"]), wrote)
    assert found.done == ["s", "a", "t", "b", "h", "e"]
    assert found.variables == {"a": 1, "h": 1}


@pytest.mark.parametrize(("code", "caught_by"), [("LATE", "b"), ("EARLY", "b2"), (None, "b2")])
def test_a_code_comes_before_a_catch_all(engine: Machines, code: str | None, caught_by: str) -> None:
    inner = [node("user", "a"), throw("t", code)]
    both = (boundary("b2", "q"), boundary("b", "q", "LATE"))
    found = run(engine, process(around(inner, ["a > t"], *both), ["s > q > e", "b > h", "b2 > h"]))
    assert [call["handler"] for call in found.of("escalate")] == [caught_by]
    assert caught_by in found.done


def test_an_end_event_escalates_and_ends(engine: Machines) -> None:
    ends = node("end", "t", events=(escalation("LATE"),))
    found = run(
        engine, process(around([node("user", "a"), ends], ["a > t"], boundary("b", "q")), ["s > q > e", "b > h"])
    )
    assert sorted(found.done) == sorted(["s", "a", "t", "q", "e", "b", "h"])


def test_an_event_sub_process_handles_beside_its_scope(engine: Machines) -> None:
    nodes = [node("start", "s"), *INNER, node("end", "e"), handler("LATE")]
    found = run(engine, process(nodes, ["s > a > t > c > e"]), wrote)
    assert sorted(found.done) == sorted(["s", "a", "t", "c", "e", "ps", "ph", "p"])
    assert found.variables == {"a": 1, "c": 1, "ph": 1}


def test_an_event_sub_process_takes_over(engine: Machines) -> None:
    nodes = [node("start", "s"), *INNER, node("end", "e"), handler(interrupting=True)]
    found = run(engine, process(nodes, ["s > a > t > c > e"]), wrote)
    assert found.done == ["s", "a", "t", "ps", "ph", "p"]


def test_the_nearest_scope_that_catches_it_does(engine: Machines) -> None:
    inner = sub("r", [*INNER, handler("OTHER")], FLOWS)
    nodes = around([inner], [], boundary("b", "q"), handler(id_="far"))
    found = run(engine, process(nodes, ["s > q > e", "b > h"]))
    assert [call["handler"] for call in found.of("escalate")] == ["b"]
    assert found.done.count("h") == 1


def test_a_handler_further_out_begins_in_its_own_scope(engine: Machines) -> None:
    """Between the event and its handler are scopes whose threads are gathered for themselves."""
    beside = node("boundary", "w", attached_to="a", interrupting=False, events=(after("PT10H"),))
    inner = sub("r", [*INNER, beside, node("user", "x"), handler("OTHER")], [*FLOWS, "w > x"])
    nodes = around([inner], [], boundary("b", "q"))
    found = run(engine, process(nodes, ["s > q > e", "b > h"]), wrote)
    assert sorted(found.done) == sorted(["s", "a", "t", "c", "r", "q", "e", "b", "h"])
    assert found.of("escalate")[0]["begins"]["outwards"] == 1
    assert found.variables == {"a": 1, "c": 1, "h": 1}


def test_an_escalation_in_a_handler_goes_further_out(engine: Machines) -> None:
    start = node("start", "ps", interrupting=False, events=(escalation(),))
    again = node("sub", "p", triggered_by_event=True, scope=scope("p", [start, throw("t2")], ["ps > t2"]))
    nodes = around([*INNER, again], FLOWS, boundary("b", "q"))
    found = run(engine, process(nodes, ["s > q > e", "b > h"]))
    assert [call["handler"] for call in found.of("escalate")] == ["p", "b"]
    assert sorted(found.done) == sorted(["s", "a", "t", "c", "ps", "t2", "p", "b", "h", "q", "e"])


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("interrupting", [True, False])
def test_each_instance_of_a_repeated_sub_process_escalates(
    engine: Machines, *, sequential: bool, interrupting: bool
) -> None:
    many = MultiInstance(sequential, cardinality=SourceExpression("=3"))
    inner = replace(sub("q", INNER, FLOWS), multi_instance=many)
    nodes = [
        node("start", "s"),
        inner,
        boundary("b", "q", interrupting=interrupting),
        node("user", "h"),
        node("end", "e"),
    ]
    found = run(engine, process(nodes, ["s > q > e", "b > h"]))
    assert found.done.count("h") == (1 if interrupting else 3)
    assert found.done.count("e") == (0 if interrupting else 1)


def test_branches_that_run_in_parallel_escalate_each(engine: Machines) -> None:
    inner = [node("and", "f"), throw("t"), throw("t2", "B"), node("and", "j")]
    nodes = around(inner, ["f > t > j", "f > t2 > j"], boundary("b", "q"))
    found = run(engine, process(nodes, ["s > q > e", "b > h"]))
    assert (found.done.count("h"), found.done.count("e")) == (2, 1)


def test_nobody_raises_one_in_a_receive_task() -> None:
    waits = replace(node("user", "a"), type=NodeType.RECEIVE_TASK)
    nodes = [node("start", "s"), waits, boundary("b", "a", interrupting=True), node("end", "e")]
    found = compile_model(process(nodes, ["s > a > e", "b > e"]))
    assert [(one.code, one.element_id) for one in found.diagnostics if one.severity is Severity.ERROR] == [
        ("UNSUPPORTED_ELEMENT", "b")
    ]


def test_an_activity_tells_what_catches_its_escalations(engine: Machines) -> None:
    nodes = [node("start", "s"), node("user", "a"), boundary("b", "a", interrupting=True), node("end", "e")]
    (call,) = run(engine, process(nodes, ["s > a > e", "b > e"])).of("activate")
    assert [(one["handler"], one["begins"]) for one in call["escalations"]] == [("b", None)]
