"""Concurrency that does not nest: regions that run as side threads, compiled and run."""

from dataclasses import replace

import pytest

from orchestrator.compiler.bpmn.model import ProcessModel
from orchestrator.compiler.flow.scopes import analyse
from orchestrator.compiler.pipeline import compile_model
from tests.compiler.flow.test_regions import UNSTRUCTURED
from tests.execution.machines.models import boundary_error, error_end, node, process, sub, terminate_end
from tests.execution.machines.runtime import Answer, Completed, Json, Machines, Open
from tests.execution.machines.test_constructs import results, run

CROSSING = UNSTRUCTURED["branches cross before a join that they share"]
CROSSED = (
    [
        node("start", "s"), *(node("and", id_) for id_ in ("f", "g", "h", "j1", "j2", "j")), node("user", "a"),
        node("user", "b"), node("user", "c"), node("end", "e"),
    ],
    ["s > f > g > j1 > a > j > c > e", "f > h > j2 > b > j", "g > j2", "h > j1"],
)  # fmt: skip


def test_crossing_joins_wait_for_a_token_of_each_side(engine: Machines) -> None:
    found = run(engine, process(*CROSSING), results(a={"a": 1}, b={"b": 2}), {"z": 0})
    assert sorted(found.done) == sorted(["s", "f", "g", "h", "j1", "j2", "a", "b", "e", "e"])
    assert found.variables == {"z": 0, "a": 1, "b": 2}


def test_a_part_that_brings_one_token_to_its_exit_ends_there(engine: Machines) -> None:
    found = run(engine, process(*CROSSED), results(a={"a": 1, "x": 1}, b={"b": 2, "x": 2}))
    assert sorted(found.done) == sorted(["s", "f", "g", "h", "j1", "j2", "a", "b", "j", "c", "e"])
    assert found.variables == {"a": 1, "b": 2, "x": 2}
    (last,) = [call for call in found.of("activate") if call["element_id"] == "c"]
    assert last["thread"] == "root"


def test_a_branch_may_lead_back_to_before_its_split(engine: Machines) -> None:
    model = process(*UNSTRUCTURED["a branch leads back to before the split"])
    nodes, flows = UNSTRUCTURED["a branch leads back to before the split"]
    model = process(nodes, [*flows[:1], "x > m if =again", *flows[2:]])
    rounds = iter([True, True, False])

    def perform(event: Json) -> Answer:
        return Completed({"again": next(rounds)} if event["element_id"] == "a" else {})

    found = run(engine, model, perform)
    assert [found.done.count(id_) for id_ in "afbe"] == [3, 3, 3, 4]


def test_a_join_entered_from_outside_waits_for_what_cannot_come_as_an_incident(engine: Machines) -> None:
    nodes, _ = UNSTRUCTURED["a flow enters a branch from outside"]
    model = process(nodes, ["s > x", "x > f if =split", "x > b", "f > a > j > e", "f > b > j"])
    assert [found.code for found in compile_model(model).diagnostics] == ["POSSIBLE_DEADLOCK"]
    both = run(engine, model, variables={"split": True})
    assert sorted(both.done) == sorted(["s", "x", "f", "a", "b", "j", "e"])
    assert not both.of("incident")
    one = run(engine, model, variables={"split": False})
    assert [(call["code"], call["element_id"]) for call in one.of("incident")] == [("JOIN_INCOMPLETE", "j")]
    assert sorted(one.done) == sorted(["s", "x", "b", "j", "j", "e"])


def _inclusive() -> ProcessModel:
    """A token comes to `j` from `a` surely, from `b` perhaps; it shares a split with `c`, so that nothing nests."""
    return process(
        [
            node("start", "s"), node("and", "f"), node("and", "g"), node("xor", "y"), node("user", "a"),
            node("user", "b"), node("user", "c"), node("user", "d"), node("user", "r"), node("or", "j"),
            node("and", "k"), node("end", "e"), node("end", "e2"), node("end", "e3"),
        ],
        [
            "s > f > a > j > d > k > e", "f > g > b > y", "y > j if =comes", "y > r > e2", "g > c > k",
        ],
    )  # fmt: skip


@pytest.mark.parametrize("comes", [True, False])
def test_an_inclusive_join_waits_for_tokens_that_can_still_come(engine: Machines, comes: bool) -> None:
    model = _inclusive()
    assert any(flow.threaded for flow in analyse(model).values())
    found = run(engine, model, variables={"comes": comes})
    assert (found.done.count("j"), found.done.count("d"), found.done.count("r")) == (1, 1, not comes)
    assert found.done.index("d") > found.done.index("b")


def test_an_inclusive_join_goes_on_as_soon_as_nothing_can_come(engine: Machines) -> None:
    ends = terminate_end("e")
    scope = _inclusive().scope
    nodes = tuple(ends if one.id == "e" else one for one in scope.nodes)
    model = replace(_inclusive(), scope=replace(scope, nodes=nodes))
    found = run(
        engine,
        model,
        lambda event: Open() if event["element_id"] == "r" else Completed(),
        {"comes": False},
    )
    assert (found.done.count("d"), found.done.count("r"), found.done.count("e")) == (1, 0, 1)


def test_terminate_in_a_thread_stops_the_others(engine: Machines) -> None:
    nodes, flows = CROSSING
    model = process([*nodes, terminate_end("t"), node("xor", "w")], [*flows[:1], "f > h > j2 > b > w > t", *flows[2:]])

    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] == "a" else Completed({event["element_id"]: 1})

    found = run(engine, model, perform)
    assert "t" in found.done
    assert "e" not in found.done
    assert found.variables == {"b": 1}


def test_an_error_in_a_thread_is_caught_outside(engine: Machines) -> None:
    nodes, flows = CROSSING
    inner = sub("p", [*nodes, error_end("bad", "E1")], [*flows[:1], "f > h > j2 > b > bad", *flows[2:]])
    model = process(
        [node("start", "s0"), inner, boundary_error("err", "p"), node("user", "c"), node("end", "e0")],
        ["s0 > p > e0", "err > c > e0"],
    )

    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] == "a" else Completed({event["element_id"]: 1})

    found = run(engine, model, perform)
    assert found.done[-3:] == ["err", "c", "e0"]
    assert found.variables == {"b": 1, "c": 1}


def test_a_region_in_a_loop_is_a_group_of_its_own_each_time(engine: Machines) -> None:
    nodes, _ = CROSSED
    model = process([*nodes, node("xor", "m"), node("xor", "x")], ["s > m > f", "c > x", "x > m if =c < 2", "x > e",
        "f > g > j1 > a > j > c", "f > h > j2 > b > j", "g > j2", "h > j1"])  # fmt: skip

    def perform(event: Json) -> Answer:
        return Completed({event["element_id"]: event["input"].get(event["element_id"], 0) + 1})

    found = run(engine, model, perform)
    assert found.variables == {"a": 2, "b": 2, "c": 2}
    assert {call["scope"] for call in found.of("gather")} == {"/f#0", "/f#1"}


def test_a_region_inside_a_branch_of_a_parallel(engine: Machines) -> None:
    nodes, flows = CROSSED
    model = process(
        [*nodes, node("and", "f0"), node("and", "j0"), node("user", "d")],
        [
            "s > f0 > f",
            "f0 > d > j0 > e",
            "c > j0",
            *(flow.removeprefix("s > ").removesuffix(" > e") for flow in flows),
        ],
    )
    found = run(engine, model, lambda event: Completed({event["element_id"]: 1}))
    assert found.variables == {"a": 1, "b": 1, "c": 1, "d": 1}
    assert found.done.count("j0") == 1
