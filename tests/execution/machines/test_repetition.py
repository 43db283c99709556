"""Loop markers: standard loops and multi-instance activities, one by one and all at once."""

import pytest

from orchestrator.compiler.bpmn.model import MultiInstance, SourceExpression, StandardLoop
from tests.execution.machines.models import boundary_error, node, process, sub
from tests.execution.machines.runtime import Answer, Caught, Completed, Json, Machines, Open
from tests.execution.machines.test_constructs import run

ITEMS = SourceExpression("=items")


def _over_items(*, sequential: bool, **more: object) -> MultiInstance:
    return MultiInstance(
        sequential=sequential,
        collection=ITEMS,
        input_element="item",
        output_collection="results",
        output_element=SourceExpression("=result"),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("sequential", [True, False], ids=["one by one", "all at once"])
@pytest.mark.parametrize(
    "items", [[], [7], [[1, 2]], [1, 2, 3], [[], [1], None]], ids=["none", "one", "a list", "three", "odd ones"]
)
def test_each_instance_gets_its_item_and_outputs_keep_their_order(
    engine: Machines, sequential: bool, items: list
) -> None:
    task = node("user", "a", multi_instance=_over_items(sequential=sequential))
    model = process([node("start", "s"), task, node("end", "e")], ["s > a > e"])

    def perform(event: Json) -> Answer:
        return Completed({"result": event["input"]["item"]})

    found = run(engine, model, perform, {"items": items, "keep": 1})
    calls = found.of("activate")
    assert sorted(call["scope"] for call in calls) == [f"/a#0[{index}]" for index in range(len(items))]
    assert sorted(call["input"]["loopCounter"] for call in calls) == list(range(1, len(items) + 1))
    assert found.variables is not None
    assert found.variables["results"] == items
    assert found.variables["keep"] == 1
    assert not {"item", "loopCounter"} & found.variables.keys()
    assert sorted(found.done) == sorted(["s", *["a"] * len(items), "e"])


def test_a_completion_condition_ends_the_rounds(engine: Machines) -> None:
    condition = SourceExpression("=nrOfCompletedInstances = 2")
    task = node("user", "a", multi_instance=_over_items(sequential=True, completion_condition=condition))
    model = process([node("start", "s"), task, node("end", "e")], ["s > a > e"])
    found = run(engine, model, lambda _: Completed({"result": 1}), {"items": [1, 2, 3]})
    assert len(found.of("activate")) == 2
    assert found.variables is not None
    assert found.variables["results"] == [1, 1]


def test_a_completion_condition_ends_the_instances_that_go_on(engine: Machines) -> None:
    condition = SourceExpression("=nrOfCompletedInstances = 2 and nrOfActiveInstances = 1 and nrOfInstances = 3")
    task = node("user", "a", multi_instance=_over_items(sequential=False, completion_condition=condition))
    model = process([node("start", "s"), task, node("end", "e")], ["s > a > e"])

    def perform(event: Json) -> Answer:
        item = event["input"]["item"]
        return Open() if item == 2 else Completed({"result": item, f"by_{item}": True})

    found = run(engine, model, perform, {"items": [1, 2, 3]})
    assert found.status == "SUCCEEDED"
    assert found.variables == {"items": [1, 2, 3], "results": [1, 3], "result": 3, "by_1": True, "by_3": True}
    assert [call["scope"] for call in found.of("conclude")] == ["/a#0"]
    assert found.done[-2:] == ["a", "e"]


def test_all_instances_may_end_before_the_condition_holds(engine: Machines) -> None:
    task = node(
        "user", "a", multi_instance=_over_items(sequential=False, completion_condition=SourceExpression("=false"))
    )
    model = process([node("start", "s"), task, node("end", "e")], ["s > a > e"])
    found = run(engine, model, lambda event: Completed({"result": event["input"]["item"]}), {"items": [1, 2, 3]})
    assert found.variables is not None
    assert found.variables["results"] == [1, 2, 3]
    assert not found.of("conclude")


@pytest.mark.parametrize("sequential", [True, False], ids=["one by one", "all at once"])
@pytest.mark.parametrize("items", [None, "ab", {"a": 1}, 3])
def test_a_collection_that_is_no_list_is_an_incident(engine: Machines, sequential: bool, items: object) -> None:
    task = node("user", "a", multi_instance=_over_items(sequential=sequential))
    model = process([node("start", "s"), task, node("end", "e")], ["s > a > e"])

    def perform(event: Json) -> Answer:
        repaired = {"items": [1, 2]}
        return Completed(repaired if event["operation"] == "incident" else {"result": event["input"]["item"]})

    found = run(engine, model, perform, {} if items is None else {"items": items})
    assert [call["code"] for call in found.of("incident")] == ["INVALID_INSTANCES"]
    assert found.variables is not None
    assert found.variables["results"] == [1, 2]


@pytest.mark.parametrize(("before", "rounds"), [(False, 1), (True, 0)])
def test_a_standard_loop_tests_before_or_after_a_round(engine: Machines, before: bool, rounds: int) -> None:
    loop = StandardLoop(SourceExpression("=more"), test_before=before)
    model = process([node("start", "s"), node("user", "a", loop=loop), node("end", "e")], ["s > a > e"])
    assert len(run(engine, model, variables={"more": False}).of("activate")) == rounds


def test_a_standard_loop_stops_at_its_maximum(engine: Machines) -> None:
    loop = StandardLoop(SourceExpression("=true"), maximum=3)
    model = process([node("start", "s"), node("user", "a", loop=loop), node("end", "e")], ["s > a > e"])
    found = run(engine, model)
    assert [call["scope"] for call in found.of("activate")] == ["/a#0[0]", "/a#0[1]", "/a#0[2]"]


@pytest.mark.parametrize("sequential", [True, False], ids=["one by one", "all at once"])
def test_sub_processes_repeat_with_scopes_of_their_own(engine: Machines, sequential: bool) -> None:
    inner = sub(
        "p",
        [
            node("start", "ps"),
            node("and", "f"),
            node("user", "a"),
            node("user", "b"),
            node("and", "j"),
            node("end", "pe"),
        ],
        ["ps > f > a > j > pe", "f > b > j"],
    )
    from dataclasses import replace

    repeated = replace(inner, multi_instance=MultiInstance(sequential, cardinality=SourceExpression("=2")))
    model = process([node("start", "s"), repeated, node("end", "e")], ["s > p > e"])
    found = run(engine, model)
    assert sorted(call["scope"] for call in found.of("activate")) == ["/p#0[0]", "/p#0[0]", "/p#0[1]", "/p#0[1]"]
    assert found.done.count("ps") == 2
    assert found.done[-2:] == ["p", "e"]


def test_an_error_in_one_instance_is_caught_at_the_activity(engine: Machines) -> None:
    task = node("user", "a", multi_instance=_over_items(sequential=False))
    model = process([node("start", "s"), task, boundary_error("err", "a"), node("end", "e")], ["s > a > e", "err > e"])

    def perform(event: Json) -> Answer:
        return Caught("err", {"why": 1}) if event["input"].get("item") == 2 else Completed({"result": 1})

    found = run(engine, model, perform, {"items": [1, 2]})
    assert found.of("interrupt")[0]["target"] == {"scope": "/a#0"}
    assert found.done[-2:] == ["err", "e"]
    assert found.variables is not None
    assert found.variables["why"] == 1
