"""Compensation, compiled and run: what is undone, in which order, with which variables (BPMN 10.7, 13.5.5)."""

from dataclasses import replace

import pytest

from orchestrator.compiler.bpmn.model import (
    ElementId,
    EventDefinition,
    EventKind,
    Execution,
    FlowNode,
    MultiInstance,
    NodeType,
    ProcessModel,
    Scope,
    SourceExpression,
    VariableMapping,
)
from orchestrator.compiler.pipeline import compile_model
from tests.execution.machines.models import boundary_error, error_end, event_sub, node, process, scope, sub
from tests.execution.machines.runtime import Answer, Caught, Completed, Json, Machines, Open
from tests.execution.machines.test_constructs import results, run

COMPENSATION = EventDefinition(EventKind.COMPENSATION)


def undoing(activity: str) -> list[FlowNode]:
    """A compensation boundary event of the activity, and its handler `undo_<activity>`."""
    boundary = node("boundary", f"back_{activity}", attached_to=activity, events=(COMPENSATION,))
    return [boundary, node("user", f"undo_{activity}", for_compensation=True)]


def compensating(kind: str, id_: str, activity: str | None = None) -> FlowNode:
    event = replace(COMPENSATION, activity_ref=None if activity is None else ElementId(activity))
    return node(kind, id_, events=(event,))


def joined(inside: Scope) -> Scope:
    """The scope with an association from every compensation boundary event to the handler of its activity."""
    nodes = tuple(one if one.scope is None else replace(one, scope=joined(one.scope)) for one in inside.nodes)
    handlers = {
        one.id: ElementId(f"undo_{one.attached_to}")
        for one in nodes
        if one.type is NodeType.BOUNDARY_EVENT and one.events == (COMPENSATION,)
    }
    return replace(inside, nodes=nodes, compensation_handlers=handlers)


def compensated(nodes: list[FlowNode], flows: list[str]) -> ProcessModel:
    model = process(nodes, flows)
    return replace(model, scope=joined(model.scope))


def undone(calls: list[Json]) -> list[str]:
    return [call["element_id"] for call in calls if call["element_id"].startswith("undo_")]


def test_completed_activities_are_undone_the_latest_first(engine: Machines) -> None:
    model = compensated(
        [
            node("start", "s"), node("user", "a"), *undoing("a"), node("user", "b"), *undoing("b"), node("xor", "x"),
            node("user", "never"), *undoing("never"), compensating("throw", "back"), node("user", "last"), node("end", "e"),
        ],
        ["s > a > b > x > back > last > e", "x > never if =skip = false", "never > last"],
    )  # fmt: skip
    found = run(engine, model, results(a={"x": 1}, undo_b={"x": 2}), {"skip": True})
    assert undone(found.of("activate")) == ["undo_b", "undo_a"]
    assert found.of("activate")[3]["input"] == {"skip": True, "x": 2}
    assert [call["scope"] for call in found.of("activate")][2:] == ["/back#0[0]", "/back#0[1]", ""]
    assert found.done == ["s", "a", "b", "x", "undo_b", "undo_a", "back", "last", "e"]
    assert found.variables == {"skip": True, "x": 2}


def test_a_process_that_compensates_nothing_goes_on(engine: Machines) -> None:
    model = compensated(
        [node("start", "s"), compensating("throw", "back"), node("user", "a"), *undoing("a"), node("end", "e")],
        ["s > back > a > e"],
    )
    assert run(engine, model).done == ["s", "back", "a", "e"]


def test_one_activity_can_be_named_and_nothing_is_undone_twice(engine: Machines) -> None:
    model = compensated(
        [
            node("start", "s"), node("user", "a"), *undoing("a"), node("user", "b"), *undoing("b"),
            compensating("throw", "first", "a"), compensating("end", "e"),
        ],
        ["s > a > b > first > e"],
    )  # fmt: skip
    assert run(engine, model).done == ["s", "a", "b", "undo_a", "first", "undo_b", "e"]


def test_each_entry_of_a_loop_is_undone(engine: Machines) -> None:
    model = compensated(
        [
            node("start", "s"), node("xor", "m"), node("user", "a"), *undoing("a"), node("user", "b"), *undoing("b"),
            node("xor", "x"), compensating("end", "e"),
        ],
        ["s > m > a > b > x", "x > m if =round < 2", "x > e"],
    )  # fmt: skip

    def perform(event: Json) -> Answer:
        return Completed({"round": event["occurrence"] + 1} if event["element_id"] == "b" else {})

    found = run(engine, model, perform)
    assert undone(found.of("activate")) == ["undo_b", "undo_a", "undo_b", "undo_a"]


@pytest.mark.parametrize("kind", ["task", "script", "sub"])
def test_what_no_performer_does_is_undone_too(engine: Machines, kind: str) -> None:
    activity = sub("a", [node("user", "inner")], []) if kind == "sub" else node(kind, "a")
    model = compensated(
        [node("start", "s"), activity, *undoing("a"), node("user", "b"), *undoing("b"), compensating("end", "e")],
        ["s > a > b > e"],
    )
    found = run(engine, model)
    assert undone(found.of("activate")) == ["undo_b", "undo_a"]
    assert found.done.count("a") == 1


@pytest.mark.parametrize("sequential", [True, False])
def test_each_instance_is_undone_with_its_own_variables(engine: Machines, sequential: bool) -> None:
    rounds = MultiInstance(sequential, collection=SourceExpression("=hotels"), input_element="hotel")
    model = compensated(
        [
            node("start", "s"), node("user", "book", multi_instance=rounds), *undoing("book"),
            compensating("throw", "back"), node("end", "e"),
        ],
        ["s > book > back > e"],
    )  # fmt: skip
    variables = {"hotels": ["Ada", "Bell", "Cray"], "hotel": "none"}
    found = run(engine, model, variables=variables)
    cancelled = [call["input"]["hotel"] for call in found.of("activate") if call["element_id"] == "undo_book"]
    assert sorted(cancelled) == ["Ada", "Bell", "Cray"]
    assert not sequential or cancelled == ["Cray", "Bell", "Ada"]
    assert found.variables == variables


def test_a_sub_process_is_undone_by_what_is_inside_of_it(engine: Machines) -> None:
    inner = sub("x", [node("start", "xs"), node("user", "a"), *undoing("a"), node("user", "b"), *undoing("b"),
                      node("end", "xe")], ["xs > a > b > xe"])  # fmt: skip
    model = compensated(
        [node("start", "s"), inner, node("user", "c"), *undoing("c"), compensating("throw", "back"), node("end", "e")],
        ["s > x > c > back > e"],
    )
    found = run(engine, model)
    assert found.done == ["s", "xs", "a", "b", "xe", "x", "c", "undo_c", "undo_b", "undo_a", "back", "e"]


def test_what_was_completed_in_a_sub_process_that_failed_is_not_undone_outside(engine: Machines) -> None:
    inner = sub("x", [node("start", "xs"), node("user", "a"), *undoing("a"), error_end("xe", "E")], ["xs > a > xe"])
    model = compensated(
        [
            node("start", "s"), node("user", "c"), *undoing("c"), inner, boundary_error("caught", "x"), node("end", "e"),
            compensating("end", "back"),
        ],
        ["s > c > x > e", "caught > back"],
    )  # fmt: skip
    assert undone(run(engine, model).of("activate")) == ["undo_c"]


def test_an_error_event_sub_process_compensates_the_scope_around_it(engine: Machines) -> None:
    handler = event_sub("h", EventDefinition(EventKind.ERROR), [compensating("end", "back")], ["h_start > back"])
    model = compensated(
        [
            node("start", "s"), node("and", "f"), node("user", "a"), *undoing("a"), node("user", "b"), *undoing("b"),
            node("and", "j"), error_end("failed", "E"), handler,
        ],
        ["s > f > a > j > failed", "f > b > j"],
    )  # fmt: skip
    found = run(engine, model)
    assert sorted(undone(found.of("activate"))) == ["undo_a", "undo_b"]
    assert {"h_start", "back", "h"} <= set(found.done)


def test_a_compensation_event_sub_process_sees_the_variables_as_they_were(engine: Machines) -> None:
    started = replace(event_sub("h", COMPENSATION, [node("user", "refund"), compensating("end", "he")],
                                ["h_start > refund > he"]), triggered_by_event=True)  # fmt: skip
    inputs = (VariableMapping(SourceExpression("=amount"), "price"),)
    inner = replace(
        sub("x", [node("start", "xs"), node("user", "a"), *undoing("a"), node("end", "xe"), started], ["xs > a > xe"]),
        execution=Execution(inputs=inputs),
    )
    model = compensated(
        [node("start", "s"), inner, compensating("throw", "back"), node("user", "last"), node("end", "e")],
        ["s > x > back > last > e"],
    )
    found = run(engine, model, results(a={"price": 7}), {"amount": 5})
    seen = {call["element_id"]: call["input"] for call in found.of("activate")}
    assert seen["refund"] == {"amount": 5, "price": 7}
    assert seen["undo_a"] == {"amount": 5, "price": 7}
    assert seen["last"] == {"amount": 5}
    assert found.done == ["s", "xs", "a", "xe", "x", "h_start", "refund", "undo_a", "he", "h", "back", "last", "e"]


def transaction(*more: FlowNode, flows: list[str]) -> FlowNode:
    inside = [node("start", "ts"), node("user", "a"), *undoing("a"), *more]
    return FlowNode(ElementId("t"), NodeType.TRANSACTION, scope=scope("t", inside, flows))


CANCEL = EventDefinition(EventKind.CANCEL)


@pytest.mark.parametrize("way", ["commit", "cancel", "error"])
def test_a_transaction_is_left_by_what_happened_in_it(engine: Machines, way: str) -> None:
    model = compensated(
        [
            node("start", "s"),
            transaction(
                node("user", "b"), *undoing("b"), node("xor", "x"), node("end", "committed"),
                node("end", "cancelled", events=(CANCEL,)), error_end("failed", "E"),
                flows=["ts > a > b > x", 'x > cancelled if =way = "cancel"', 'x > failed if =way = "error"',
                       "x > committed"],
            ),
            node("boundary", "on_cancel", attached_to="t", events=(CANCEL,)), boundary_error("on_error", "t"),
            node("user", "after_cancel"), node("user", "after_error"), node("user", "after"), node("end", "e"),
        ],
        ["s > t > after > e", "on_cancel > after_cancel > e", "on_error > after_error > e"],
    )  # fmt: skip
    found = run(engine, model, variables={"way": way})
    expected = {
        "commit": ["committed", "t", "after"],
        "cancel": ["undo_b", "undo_a", "on_cancel", "after_cancel"],
        "error": ["failed", "on_error", "after_error"],
    }
    assert [id_ for id_ in found.done if id_ != "cancelled"] == ["s", "ts", "a", "b", "x", *expected[way], "e"]


def test_cancelling_ends_what_is_open_and_undoes_what_other_branches_completed(engine: Machines) -> None:
    model = compensated(
        [
            node("start", "s"),
            transaction(
                node("and", "f"), node("user", "b"), *undoing("b"), node("user", "open"),
                node("end", "cancelled", events=(CANCEL,)), node("end", "never"),
                flows=["ts > a > f > b > cancelled", "f > open > never"],
            ),
            node("boundary", "on_cancel", attached_to="t", events=(CANCEL,)), node("end", "e"), node("end", "e2"),
        ],
        ["s > t > e", "on_cancel > e2"],
    )  # fmt: skip

    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] == "open" else Completed()

    found = run(engine, model, perform)
    assert undone(found.of("activate")) == ["undo_b", "undo_a"]
    assert [call["reason"] for call in found.of("interrupt")] == ["cancel"]
    assert "e2" in found.done


def test_transitions_are_one_per_node_and_a_constant(engine: Machines) -> None:
    model = compensated(
        [node("start", "s"), node("user", "a"), *undoing("a"), node("user", "b"), *undoing("b"),
         compensating("throw", "back"), node("end", "e")],
        ["s > a > b > back > e"],
    )  # fmt: skip
    found = run(engine, model)
    events = 2  # the two boundary events that start handlers
    execution = 2  # whether to begin or to cancel, and the end
    assert found.transitions <= len(found.done) + events + execution


@pytest.mark.parametrize(
    ("nodes", "reason"),
    [
        ([event_sub("h", COMPENSATION, [], [])], "nothing compensates a whole process"),
        ([node("throw", "x", events=(replace(COMPENSATION, wait_for_completion=False),))], "nobody waits for"),
        ([node("user", "u", for_compensation=True), boundary_error("late", "u")], "of compensation handlers"),
        ([node("end", "x", events=(CANCEL,))], "no cancel boundary event"),
        ([compensating("throw", "x", "a"), sub("y", [node("user", "a"), *undoing("a")], [])], "another scope"),
    ],
)
def test_what_does_not_run_is_refused(nodes: list[FlowNode], reason: str) -> None:
    found = compile_model(compensated(nodes, [])).diagnostics
    assert [one.code for one in found if reason in one.message] == ["UNSUPPORTED_ELEMENT"]


def test_an_error_of_a_handler_is_caught_around_the_event_that_started_it(engine: Machines) -> None:
    failing = FlowNode(
        ElementId("undo_b"), NodeType.SUB_PROCESS, for_compensation=True,
        scope=scope("undo_b", [node("start", "us"), node("user", "try"), error_end("ue", "E")], ["us > try > ue"]),
    )  # fmt: skip
    model = compensated(
        [
            node("start", "s"),
            sub("x", [node("start", "xs"), node("user", "a"), *undoing("a"), node("user", "b"), undoing("b")[0], failing,
                      compensating("end", "back")], ["xs > a > b > back"]),
            boundary_error("caught", "x"), node("user", "help"), node("end", "e"),
        ],
        ["s > x > e", "caught > help > e"],
    )  # fmt: skip
    compiled = compile_model(model)
    assert compiled.catalogue is not None
    assert [one.handler_id for one in compiled.catalogue.elements["undo_a"].error_handlers] == ["caught"]
    assert compiled.catalogue.planned_tasks == ("a", "b", "help")
    assert run(engine, model).done == ["s", "xs", "a", "b", "us", "try", "ue", "caught", "help", "e"]

    def perform(event: Json) -> Answer:
        return Caught("caught") if event["element_id"] == "try" else Completed()

    assert run(engine, model, perform).done[-3:] == ["caught", "help", "e"]


def test_an_error_of_a_handler_that_several_scopes_start_is_an_incident() -> None:
    model = compensated(
        [
            node("start", "s"),
            sub("x", [node("start", "xs"), node("user", "a"), *undoing("a"), compensating("throw", "in"),
                      node("end", "xe")], ["xs > a > in > xe"]),
            boundary_error("caught", "x"), compensating("end", "out"), node("end", "e"),
        ],
        ["s > x > out", "caught > e"],
    )  # fmt: skip
    compiled = compile_model(model)
    assert compiled.catalogue is not None
    assert compiled.catalogue.elements["undo_a"].error_handlers == ()


def test_an_event_in_a_loop_compensates_each_time_what_is_new(engine: Machines) -> None:
    model = compensated(
        [
            node("start", "s"), node("xor", "m"), node("user", "a"), *undoing("a"), compensating("throw", "back"),
            node("user", "b"), node("xor", "x"), node("end", "e"),
        ],
        ["s > m > a > back > b > x", "x > m if =round < 2", "x > e"],
    )  # fmt: skip

    def perform(event: Json) -> Answer:
        return Completed({"round": event["occurrence"] + 1} if event["element_id"] == "b" else {})

    found = run(engine, model, perform)
    assert [(call["element_id"], call["scope"], call["occurrence"]) for call in found.of("activate")] == [
        ("a", "", 0), ("undo_a", "/back#0[0]", 0), ("b", "", 0),
        ("a", "", 1), ("undo_a", "/back#1[0]", 0), ("b", "", 1),
    ]  # fmt: skip


def test_handlers_in_a_branch_write_what_the_join_merges(engine: Machines) -> None:
    model = compensated(
        [
            node("start", "s"), node("user", "a"), *undoing("a"), node("and", "f"), compensating("throw", "back"),
            node("user", "b"), node("and", "j"), node("end", "e"),
        ],
        ["s > a > f > back > j > e", "f > b > j"],
    )  # fmt: skip
    found = run(engine, model, results(a={"booked": True}, undo_a={"booked": False}, b={"b": 1}))
    assert found.variables == {"booked": False, "b": 1}


def test_each_round_of_a_sub_process_compensates_its_own(engine: Machines) -> None:
    rounds = MultiInstance(False, collection=SourceExpression("=items"), input_element="item")
    inner = replace(
        sub("x", [node("start", "xs"), node("user", "a"), *undoing("a"), node("xor", "q"), compensating("end", "back"),
                  node("end", "kept")], ["xs > a > q", "q > back if =item = 2", "q > kept"]),
        multi_instance=rounds,
    )  # fmt: skip
    model = compensated(
        [node("start", "s"), inner, compensating("throw", "all"), node("end", "e")], ["s > x > all > e"]
    )
    found = run(engine, model, variables={"items": [1, 2, 3], "item": 0})
    items = [call["input"]["item"] for call in found.of("activate") if call["element_id"] == "undo_a"]
    assert (items[0], sorted(items)) == (2, [1, 2, 3])
    assert found.variables == {"items": [1, 2, 3], "item": 0}


def test_variables_that_a_snapshot_hides_are_not_written_by_a_branch(engine: Machines) -> None:
    inner = replace(
        sub("x", [node("user", "a"), *undoing("a")], []),
        execution=Execution(inputs=(VariableMapping(SourceExpression("=1"), "n"),)),
    )
    model = compensated(
        [
            node("start", "s"), inner, node("and", "f"), compensating("throw", "back"), node("user", "b"),
            node("and", "j"), node("end", "e"),
        ],
        ["s > x > f > b > j > e", "f > back > j"],
    )  # fmt: skip
    found = run(engine, model, results(undo_a={"n": 5, "m": 6}, b={"n": 7}), {"n": 0})
    assert found.variables == {"n": 7, "m": 6}
