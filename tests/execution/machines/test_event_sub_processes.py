"""Interrupting event sub-processes, compiled and run: what takes over from what, and where the token goes on."""

from orchestrator.compiler.bpmn.model import EventDefinition, EventKind, FlowNode
from tests.execution.machines.models import (
    after,
    boundary_error,
    boundary_timer,
    error_end,
    event_sub,
    message,
    node,
    process,
    sub,
)
from tests.execution.machines.runtime import Answer, Caught, Completed, Json, Machines, Open
from tests.execution.machines.test_constructs import run

BAD = EventDefinition(EventKind.ERROR, code="BAD")


def handler(event: EventDefinition, work: str = "h") -> FlowNode:
    flows = [f"esp_start > {work} > esp_end"]
    return event_sub("esp", event, [node("user", work), node("end", "esp_end")], flows)


def test_an_error_end_event_goes_to_the_event_sub_process_of_the_process(engine: Machines) -> None:
    model = process(
        [node("start", "s"), node("user", "a"), error_end("e", "BAD"), handler(BAD)],
        ["s > a > e"],
    )
    found = run(engine, model, lambda event: Completed({event["element_id"]: 1}))
    assert found.done == ["s", "a", "e", "esp_start", "h", "esp_end", "esp"]
    assert found.variables == {"a": 1, "h": 1}


def test_a_body_that_ends_by_itself_starts_no_handler(engine: Machines) -> None:
    model = process([node("start", "s"), node("user", "a"), node("end", "e"), handler(BAD)], ["s > a > e"])
    assert run(engine, model).done == ["s", "a", "e"]


def test_the_event_sub_process_comes_before_the_boundary_event_around_it(engine: Machines) -> None:
    inner = sub("p", [node("user", "a"), error_end("pe", "BAD"), handler(BAD)], ["a > pe"])
    model = process(
        [node("start", "s"), inner, boundary_error("b", "p"), node("user", "c"), node("end", "e")],
        ["s > p > e", "b > c > e"],
    )
    assert run(engine, model).done == ["s", "a", "pe", "esp_start", "h", "esp_end", "esp", "p", "e"]


def test_what_is_raised_in_an_event_sub_process_is_caught_further_out(engine: Machines) -> None:
    again = event_sub("esp", BAD, [error_end("again", "BAD")], ["esp_start > again"])
    inner = sub("p", [node("user", "a"), error_end("pe", "BAD"), again], ["a > pe"])
    model = process(
        [node("start", "s"), inner, boundary_error("b", "p"), node("user", "c"), node("end", "e")],
        ["s > p > e", "b > c > e"],
    )
    assert run(engine, model).done == ["s", "a", "pe", "esp_start", "again", "b", "c", "e"]


def test_an_error_of_a_performer_takes_its_variables_along(engine: Machines) -> None:
    def perform(event: Json) -> Answer:
        return Caught("esp", {"why": "x"}) if event["element_id"] == "b" else Completed({event["element_id"]: 1})

    model = process(
        [node("start", "s"), node("user", "a"), node("user", "b"), node("end", "e"), handler(BAD)], ["s > a > b > e"]
    )
    assert run(engine, model, perform).variables == {"a": 1, "why": "x", "h": 1}


def test_a_timer_takes_over_from_parallel_branches(engine: Machines) -> None:
    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] in {"b", "esp_start"} else Completed()

    model = process(
        [
            *[node("start", "s"), node("and", "f"), node("user", "a"), node("user", "b"), node("and", "j")],
            *[node("end", "e"), handler(after("PT5S"))],
        ],
        ["s > f > a > j > e", "f > b > j"],
    )
    found = run(engine, model, perform)
    assert found.done[-4:] == ["esp_start", "h", "esp_end", "esp"]
    (stopped,) = found.of("interrupt")
    assert (stopped["element_id"], stopped["reason"], stopped["target"]) == (
        "esp_start",
        "timer",
        {"scope": "/process#0"},
    )


def test_a_watcher_is_let_go_when_the_body_ends_in_time(engine: Machines) -> None:
    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] == "esp_start" else Completed()

    model = process([node("start", "s"), node("user", "a"), node("end", "e"), handler(after("PT9H"))], ["s > a > e"])
    found = run(engine, model, perform)
    assert found.done == ["s", "a", "e"]
    assert [call["reason"] for call in found.of("interrupt")] == ["completed"]


def test_a_boundary_timer_stays_armed_while_the_event_sub_process_runs(engine: Machines) -> None:
    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] in {"h", "b"} else Completed()

    inner = sub("p", [node("user", "a"), error_end("pe", "BAD"), handler(BAD)], ["a > pe"])
    model = process(
        [node("start", "s"), inner, boundary_timer("b", "p", "PT5S"), node("user", "c"), node("end", "e")],
        ["s > p > e", "b > c > e"],
    )
    found = run(engine, model, perform)
    assert found.done[-3:] == ["b", "c", "e"]
    assert [call["target"] for call in found.of("interrupt") if call["element_id"] == "b"] == [{"scope": "/p#0"}]


def test_a_boundary_message_is_a_subscription_of_its_activity_and_brings_its_payload(engine: Machines) -> None:
    def perform(event: Json) -> Answer:
        return Caught("b", {"why": "late"}) if event["element_id"] == "a" else Completed()

    boundary = node("boundary", "b", attached_to="a", events=(message("Stop", "=order"),))
    model = process(
        [node("start", "s"), node("user", "a"), boundary, node("user", "c"), node("end", "e")],
        ["s > a > e", "b > c > e"],
    )
    found = run(engine, model, perform, {"order": 7})
    (subscription,) = found.of("activate")[0]["subscriptions"]
    assert subscription == {"element_id": "b", "kind": "message", "name": "Stop", "correlation_key": "7"}
    assert found.done == ["s", "b", "c", "e"]
    assert found.variables == {"order": 7, "why": "late"}
