"""Each construct of the first cut, compiled and run: what is done, with which variables, at what cost."""

from dataclasses import replace

import pytest

from orchestrator.compiler.bpmn.model import (
    LITERAL,
    EventDefinition,
    EventKind,
    ProcessModel,
    SourceExpression,
    TimerKind,
)
from orchestrator.compiler.pipeline import Compilation, compile_model
from tests.execution.machines.models import (
    boundary_error,
    boundary_timer,
    error_end,
    node,
    process,
    sub,
    terminate_end,
)
from tests.execution.machines.runtime import (
    Answer,
    Caught,
    CaughtLate,
    Completed,
    Json,
    Machines,
    Open,
    Perform,
    Run,
    complete_all,
)


def run(
    engine: Machines,
    model: ProcessModel,
    perform: Perform = complete_all,
    variables: Json | None = None,
    *,
    now: int | None = None,
) -> Run:
    compiled = compile_model(model)
    assert compiled.definition is not None, compiled.diagnostics
    assert compiled.catalogue is not None
    found = engine.run(compiled.definition, perform, variables, now=now, compensables=compiled.catalogue.compensables)
    assert found.status == "SUCCEEDED", (found.error, found.cause)
    if perform is complete_all:
        assert_estimated(compiled, found)
    return found


def assert_estimated(compiled: Compilation, found: Run) -> None:
    """The estimate holds for an instance that meets no errors."""
    assert compiled.transitions is not None
    assert compiled.transitions.fewest <= found.transitions
    assert compiled.transitions.most is None or found.transitions <= compiled.transitions.most


def results(**by_element: Json) -> Perform:
    return lambda event: Completed(by_element.get(event["element_id"], {}))


def test_a_user_task_gets_the_variables_and_adds_its_result(engine: Machines) -> None:
    model = process([node("start", "s"), node("user", "a"), node("end", "e")], ["s > a > e"])
    found = run(engine, model, results(a={"approved": True}), {"amount": 5})
    assert found.done == ["s", "a", "e"]
    assert found.of("activate")[0]["input"] == {"amount": 5}
    assert found.variables == {"amount": 5, "approved": True}
    assert found.transitions <= 3


def test_abstract_tasks_and_none_events_need_no_state(engine: Machines) -> None:
    model = process(
        [node("start", "s"), node("task", "t"), node("throw", "i"), node("xor", "x"), node("end", "e")],
        ["s > t > i > x > e"],
    )
    found = run(engine, model)
    assert found.done == ["s", "t", "i", "x", "e"]
    assert found.transitions == 2


@pytest.mark.parametrize(("amount", "expected"), [(10, "b"), (3, "c")])
def test_an_exclusive_gateway_takes_the_first_flow_that_holds(engine: Machines, amount: int, expected: str) -> None:
    model = process(
        [node("start", "s"), node("xor", "x"), node("user", "b"), node("user", "c"), node("end", "e")],
        ["s > x", "x > b if =amount > 5", "x > c > e", "b > e"],
    )
    found = run(engine, model, variables={"amount": amount})
    assert found.done == ["s", "x", expected, "e"]


def test_no_matching_flow_waits_for_changed_variables(engine: Machines) -> None:
    model = process(
        [node("start", "s"), node("xor", "x"), node("user", "b"), node("user", "c"), node("end", "e")],
        [
            "s > x",
            "x > b if =way = 1",
            "x > c if =way = 2",
            "b > e",
            "c > e",
        ],
    )
    answers = iter([{}, {"way": 2}])

    def perform(event: Json) -> Answer:
        return Completed(next(answers) if event["operation"] == "incident" else {})

    found = run(engine, model, perform, {"way": 0})
    assert [call["occurrence"] for call in found.of("incident")] == [0, 1]
    assert found.of("incident")[0]["code"] == "NO_MATCHING_FLOW"
    assert found.variables == {"way": 2}
    assert "c" in found.done


def test_a_loop_counts_the_entries_of_its_activities(engine: Machines) -> None:
    model = process(
        [node("start", "s"), node("xor", "m"), node("user", "a"), node("xor", "x"), node("end", "e")],
        ["s > m > a > x", "x > m if =round < 3", "x > e"],
    )

    def perform(event: Json) -> Answer:
        return Completed({"round": event["occurrence"] + 1})

    found = run(engine, model, perform)
    assert [call["occurrence"] for call in found.of("activate")] == [0, 1, 2]
    assert found.done == ["s", "m", "a", "x", "m", "a", "x", "m", "a", "x", "e"]


def test_parallel_branches_merge_only_what_they_changed(engine: Machines) -> None:
    model = process(
        [
            node("start", "s"),
            node("and", "f"),
            node("user", "a"),
            node("user", "b"),
            node("and", "j"),
            node("end", "e"),
        ],
        ["s > f > a > j > e", "f > b > j"],
    )
    found = run(engine, model, results(a={"x": 1, "both": "a"}, b={"y": 2, "both": "b"}), {"x": 0, "y": 0, "z": [0]})
    assert found.variables == {"x": 1, "y": 2, "z": [0], "both": "b"}
    assert sorted(found.done) == sorted(["s", "f", "a", "b", "j", "e"])
    assert found.done.count("f") == 1


def test_a_parallel_region_in_a_loop_is_a_scope_of_its_own_each_time(engine: Machines) -> None:
    model = process(
        [
            node("start", "s"), node("xor", "m"), node("and", "f"), node("user", "a"), node("user", "b"),
            node("and", "j"), node("xor", "x"), node("end", "e"),
        ],
        ["s > m > f > a > j > x", "f > b > j", "x > m if =a < 2", "x > e"],
    )  # fmt: skip

    def perform(event: Json) -> Answer:
        return Completed({event["element_id"]: event["input"].get(event["element_id"], 0) + 1})

    found = run(engine, model, perform)
    assert found.variables == {"a": 2, "b": 2}
    assert {call["scope"] for call in found.of("activate")} == {"/f#0", "/f#1"}


def test_branches_that_just_end_do_not_hold_up_the_join(engine: Machines) -> None:
    model = process(
        [
            node("start", "s"), node("and", "f"), node("user", "a"), node("user", "b"), node("user", "c"),
            node("and", "j"), node("user", "d"), node("end", "e"), node("end", "e2"),
        ],
        ["s > f > a > j > d > e", "f > b > j", "f > c > e2"],
    )  # fmt: skip
    found = run(engine, model, results(a={"a": 1}, c={"c": 3}, d={"d": 4}))
    assert found.variables == {"a": 1, "c": 3, "d": 4}
    assert sorted(found.done) == sorted(["s", "f", "a", "b", "c", "j", "d", "e", "e2"])


@pytest.mark.parametrize(
    ("way", "expected"), [([1], "a"), ([1, 2], "ab"), ([2], "b"), ([], "c")], ids=["one", "two", "other", "default"]
)
def test_an_inclusive_gateway_takes_all_flows_that_hold(engine: Machines, way: list[int], expected: str) -> None:
    gateway = node("or", "f", default_flow="f-c")
    model = process(
        [node("start", "s"), gateway, *(node("user", id_) for id_ in "abc"), node("or", "j"), node("end", "e")],
        [
            "s > f",
            "f > a if =list contains(way, 1)",
            "f > b if =list contains(way, 2)",
            "f > c > j > e",
            "a > j",
            "b > j",
        ],
    )
    found = run(engine, model, variables={"way": way})
    assert sorted(found.done) == sorted(["s", "f", *expected, "j", "e"])


def test_an_inclusive_gateway_without_a_match_raises_an_incident(engine: Machines) -> None:
    model = process(
        [node("start", "s"), node("or", "f"), node("user", "a"), node("user", "b"), node("or", "j"), node("end", "e")],
        [
            "s > f",
            "f > a if =way = 1",
            "f > b if =way = 2",
            "a > j > e",
            "b > j",
        ],
    )
    found = run(engine, model, lambda event: Completed({"way": 2} if event["operation"] == "incident" else {}), {})
    assert found.of("incident")[0]["code"] == "NO_MATCHING_FLOW"
    assert found.done.count("b") == 1
    assert "a" not in found.done


def test_several_flows_of_an_activity_are_a_parallel_split(engine: Machines) -> None:
    model = process(
        [node("start", "s"), node("user", "a"), node("user", "b"), node("user", "c"), node("end", "e")],
        ["s > a > b > e", "a > c > e"],
    )
    found = run(engine, model, results(b={"b": 1}, c={"c": 1}))
    assert found.done[:2] == ["s", "a"]
    assert sorted(found.done) == sorted(["s", "a", "b", "c", "e", "e"])
    assert found.variables == {"b": 1, "c": 1}


def test_what_follows_a_merge_without_synchronisation_runs_once_per_token(engine: Machines) -> None:
    model = process(
        [
            node("start", "s"), node("and", "f"), node("user", "a"), node("user", "b"), node("xor", "x"),
            node("user", "d"), node("end", "e"),
        ],
        ["s > f > a > x > d > e", "f > b > x"],
    )  # fmt: skip
    found = run(engine, model)
    assert sorted(found.done) == sorted(["s", "f", "a", "b", "x", "x", "d", "d", "e", "e"])
    assert {call["scope"] for call in found.of("activate") if call["element_id"] == "d"} == {"[0]", "[1]"}


def test_a_join_that_a_branch_bypasses_says_so_instead_of_waiting_for_ever(engine: Machines) -> None:
    model = process(
        [
            node("start", "s"), node("and", "f"), node("xor", "x"), node("user", "a"), node("user", "b"),
            node("and", "j"), node("end", "e"), node("end", "e2"),
        ],
        ["s > f > x", "x > e2 if =leave", "x > a > j > e", "f > b > j"],
    )  # fmt: skip
    assert [finding.code for finding in compile_model(model).diagnostics] == ["POSSIBLE_DEADLOCK"]
    stays = run(engine, model, variables={"leave": False})
    assert not stays.of("incident")
    leaves = run(engine, model, variables={"leave": True})
    assert [call["code"] for call in leaves.of("incident")] == ["JOIN_INCOMPLETE"]
    assert leaves.of("incident")[0]["element_id"] == "j"


def test_an_inlined_sub_process_is_noted_when_it_is_left(engine: Machines) -> None:
    inner = sub("p", [node("start", "ps"), node("user", "a"), node("end", "pe")], ["ps > a > pe"])
    model = process([node("start", "s"), inner, node("end", "e")], ["s > p > e"])
    found = run(engine, model)
    assert found.done == ["s", "ps", "a", "pe", "p", "e"]
    assert found.transitions == 3


def test_terminate_stops_the_other_branches(engine: Machines) -> None:
    model = process(
        [
            node("start", "s"),
            node("and", "f"),
            node("user", "a"),
            node("user", "b"),
            node("end", "e"),
            terminate_end("t"),
        ],
        ["s > f > a > e", "f > b > t"],
    )

    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] == "a" else Completed({"b": 1})

    found = run(engine, model, perform)
    assert [call["target"] for call in found.of("interrupt")] == [{"scope": ""}]
    assert found.variables == {"b": 1}
    assert "t" in found.done
    assert "e" not in found.done


def test_terminate_inside_a_sub_process_ends_only_the_sub_process(engine: Machines) -> None:
    inner = sub(
        "p",
        [
            node("start", "ps"),
            node("and", "f"),
            node("user", "a"),
            node("user", "b"),
            node("end", "pe"),
            terminate_end("t"),
        ],
        ["ps > f > a > pe", "f > b > t"],
    )
    model = process([node("start", "s"), inner, node("user", "c"), node("end", "e")], ["s > p > c > e"])

    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] == "a" else Completed({event["element_id"]: 1})

    found = run(engine, model, perform)
    assert found.of("interrupt")[0]["target"] == {"scope": "/f#0"}
    assert found.done[-4:] == ["t", "p", "c", "e"]
    assert found.variables == {"b": 1, "c": 1}


def test_a_boundary_error_takes_its_path_with_the_reported_variables(engine: Machines) -> None:
    model = process(
        [node("start", "s"), node("user", "a"), boundary_error("err", "a", "E1"), node("user", "h"), node("end", "e")],
        ["s > a > e", "err > h > e"],
    )
    found = run(engine, model, lambda event: Caught("err", {"why": 7}) if event["element_id"] == "a" else Completed())
    assert found.done == ["s", "err", "h", "e"]
    assert found.variables == {"why": 7}


def test_a_timer_interrupts_an_activity(engine: Machines) -> None:
    model = process(
        [
            node("start", "s"),
            node("user", "a"),
            boundary_timer("due", "a", "PT60S"),
            node("user", "h"),
            node("end", "e"),
        ],
        ["s > a > e", "due > h > e"],
    )
    found = run(engine, model, lambda event: Open() if event["element_id"] == "a" else Completed())
    assert found.done == ["s", "due", "h", "e"]
    assert found.of("interrupt")[0]["target"] == {"element_id": "a", "scope": "", "occurrence": 0}


TIMED = [node("user", "a"), boundary_timer("due", "a", "PT60S"), node("user", "h"), node("end", "e")]


def test_an_error_that_comes_with_the_timer_goes_to_its_boundary_event(engine: Machines) -> None:
    model = process(
        [node("start", "s"), *TIMED, boundary_error("err", "a", "E1"), node("user", "g")],
        ["s > a > e", "due > h > e", "err > g > e"],
    )
    late = CaughtLate("err", {"why": 7})
    found = run(engine, model, lambda event: late if event["element_id"] == "a" else Completed())
    assert found.done == ["s", "err", "g", "e"]
    assert found.variables == {"why": 7}


@pytest.mark.parametrize("handler", ["outer", "other"])
def test_an_error_that_comes_with_the_timer_goes_to_an_outer_scope(engine: Machines, handler: str) -> None:
    inner = sub("p", [node("start", "ps"), *TIMED], ["ps > a > e", "due > h > e"])
    caught = [boundary_error("outer", "p", "E1"), boundary_error("other", "p", "E2")]
    model = process(
        [node("start", "s"), inner, *caught, node("user", "g"), node("end", "z")],
        ["s > p > z", "outer > g > z", "other > g"],
    )
    late = CaughtLate(handler, {"why": 7})
    found = run(engine, model, lambda event: late if event["element_id"] == "a" else Completed())
    assert found.done == ["s", "ps", handler, "g", "z"]
    assert found.variables == {"why": 7}


def test_an_error_end_event_is_caught_by_the_sub_process(engine: Machines) -> None:
    inner = sub("p", [node("start", "ps"), node("user", "a"), error_end("bad", "E1")], ["ps > a > bad"])
    model = process(
        [node("start", "s"), inner, boundary_error("other", "p", "E2"), boundary_error("err", "p"), node("end", "e")],
        ["s > p > e", "err > e", "other > e"],
    )
    found = run(engine, model, results(a={"a": [1]}))
    assert found.done == ["s", "ps", "a", "bad", "err", "e"]
    assert found.variables == {"a": [1]}
    assert not found.of("interrupt")


def test_an_error_of_an_inner_activity_keeps_what_was_written_before_it(engine: Machines) -> None:
    inner = sub(
        "p", [node("start", "ps"), node("user", "a"), node("user", "b"), node("end", "pe")], ["ps > a > b > pe"]
    )
    model = process([node("start", "s"), inner, boundary_error("err", "p"), node("end", "e")], ["s > p > e", "err > e"])

    def perform(event: Json) -> Answer:
        return Caught("err", {"why": 1}) if event["element_id"] == "b" else Completed({"a": 1})

    found = run(engine, model, perform, {"z": 0})
    assert found.variables == {"a": 1, "why": 1, "z": 0}
    assert found.done == ["s", "ps", "a", "err", "e"]


def test_an_uncaught_error_end_event_fails_the_instance(engine: Machines) -> None:
    model = process([node("start", "s"), node("user", "a"), error_end("bad", "E1")], ["s > a > bad"])
    compiled = compile_model(model)
    assert compiled.definition is not None
    found = engine.run(compiled.definition)
    assert (found.status, found.error) == ("FAILED", "E1")
    assert found.of("fail")[0]["code"] == "E1"
    assert found.done == ["s", "a", "bad"]


def test_a_timer_event_waits_and_moves_the_clock(engine: Machines) -> None:
    event = EventDefinition(EventKind.TIMER, timer_kind=TimerKind.DURATION, expression=SourceExpression("P1D", LITERAL))
    model = process(
        [node("start", "s"), node("catch", "w", events=(event,)), node("user", "a"), node("end", "e")],
        ["s > w > a > e"],
    )
    found = run(engine, model, now=0)
    assert found.done == ["s", "w", "a", "e"]
    assert found.of("activate")[0]["clock"] == 24 * 3600 * 1000


@pytest.mark.parametrize("late", [True, False])
def test_a_timer_on_a_sub_process_watches_its_body(engine: Machines, late: bool) -> None:
    inner = sub("p", [node("start", "ps"), node("user", "a"), node("end", "pe")], ["ps > a > pe"])
    model = process(
        [node("start", "s"), inner, boundary_timer("due", "p", "PT60S"), node("user", "h"), node("end", "e")],
        ["s > p > e", "due > h > e"],
    )

    def perform(event: Json) -> Answer:
        waits = event["element_id"] == "due" or (late and event["element_id"] == "a")
        return Open() if waits else Completed({event["element_id"]: 1})

    found = run(engine, model, perform)
    if late:
        assert found.done == ["s", "ps", "due", "h", "e"]
        assert found.variables == {"h": 1}
        assert found.of("interrupt")[0]["target"] == {"scope": "/p#0"}
    else:
        assert found.done == ["s", "ps", "a", "pe", "p", "e"]
        assert found.variables == {"a": 1}


def test_the_start_event_names_a_variable_for_who_started(engine: Machines) -> None:
    model = replace(process([node("user", "a")], ["s > a > e"]), initiator="starter")
    assert run(engine, model, variables={"starter": "somebody else"}).variables == {"starter": "ada"}
