"""Ad-hoc sub-processes, compiled and run: what begins, in which order, when it is enough (BPMN 10.3.5)."""

from typing import Any

import pytest

from orchestrator.compiler.bpmn.model import ElementId, FlowNode, NodeType, ProcessModel, SourceExpression
from orchestrator.compiler.pipeline import compile_model
from tests.execution.machines.models import boundary_error, error_end, node, process, scope
from tests.execution.machines.runtime import Answer, Completed, Json, Machines, Open
from tests.execution.machines.test_constructs import results, run


def ad_hoc(*more: FlowNode, flows: tuple[str, ...] = (), **fields: Any) -> FlowNode:
    """`x` with the activities a, then a2, and b and c, and what the test adds."""
    inside = [node("user", "a"), node("task", "a2"), node("user", "b"), node("user", "c"), *more]
    fields = {"active_elements": SourceExpression("=begin"), **fields}
    return FlowNode(ElementId("x"), NodeType.AD_HOC_SUB_PROCESS, scope=scope("x", inside, ["a > a2", *flows]), **fields)


def around(element: FlowNode, *more: FlowNode, flows: tuple[str, ...] = ()) -> ProcessModel:
    nodes = [node("start", "s"), element, node("user", "last"), node("end", "e"), *more]
    return process(nodes, ["s > x > last > e", *flows])


@pytest.mark.parametrize("ordering", ["Parallel", "Sequential"])
def test_what_the_expression_names_begins(engine: Machines, ordering: str) -> None:
    model = around(ad_hoc(ordering=ordering))
    found = run(engine, model, results(a={"a": 1}, c={"c": 3}), {"begin": ["c", "a"]})
    assert sorted(found.done) == sorted(["s", "c", "a", "a2", "x", "last", "e"])
    assert found.variables == {"begin": ["c", "a"], "a": 1, "c": 3}
    assert [call["scope"] for call in found.of("activate")][:2] == ["/x#0[0]", "/x#0[1]"]


@pytest.mark.parametrize("ordering", ["Parallel", "Sequential"])
def test_nothing_begins_and_it_is_done(engine: Machines, ordering: str) -> None:
    assert run(engine, around(ad_hoc(ordering=ordering)), variables={"begin": []}).done == ["s", "x", "last", "e"]


def test_one_after_another_sees_what_the_former_wrote(engine: Machines) -> None:
    model = around(ad_hoc(ordering="Sequential"))
    found = run(engine, model, results(b={"n": 1}, c={"n": 2}), {"begin": ["b", "c", "b"]})
    inputs = [call["input"].get("n") for call in found.of("activate")]
    assert inputs == [None, 1, 2, 1]
    assert [call["scope"] for call in found.of("activate")] == ["/x#0[0]", "/x#0[1]", "/x#0[2]", ""]


def test_one_after_another_stops_when_it_is_enough(engine: Machines) -> None:
    model = around(ad_hoc(ordering="Sequential", completion_condition=SourceExpression("=n > 1")))
    found = run(engine, model, results(b={"n": 1}, c={"n": 2}), {"begin": ["b", "c", "a"]})
    assert [call["element_id"] for call in found.of("activate")] == ["b", "c", "last"]
    assert found.variables == {"begin": ["b", "c", "a"], "n": 2}


def test_the_condition_sees_what_all_have_written_and_ends_the_others(engine: Machines) -> None:
    model = around(ad_hoc(completion_condition=SourceExpression("=b = 1 and c = 1")))

    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] == "a" else Completed({event["element_id"]: 1})

    found = run(engine, model, perform, {"begin": ["a", "b", "c"]})
    assert {"b", "c", "x", "last"} <= set(found.done)
    assert "a2" not in found.done
    assert found.variables == {"begin": ["a", "b", "c"], "b": 1, "c": 1, "last": 1}


def test_others_go_on_where_the_condition_does_not_end_them(engine: Machines) -> None:
    model = around(ad_hoc(completion_condition=SourceExpression("=true"), cancel_remaining=False))
    found = run(engine, model, variables={"begin": ["a", "b"]})
    assert {"a", "a2", "b", "x"} <= set(found.done)


@pytest.mark.parametrize("ordering", ["Parallel", "Sequential"])
def test_each_adds_to_the_output_collection(engine: Machines, ordering: str) -> None:
    element = ad_hoc(ordering=ordering, output_collection="found", output_element=SourceExpression("=[n]"))
    found = run(engine, around(element), results(b={"n": 1}, c={"n": 2}), {"begin": ["b", "c"]})
    assert found.variables is not None
    assert found.variables["found"] == [[1], [2]]


@pytest.mark.parametrize("wrong", ["b", None, ["b", "a2"], [1]])
def test_somebody_corrects_what_cannot_begin(engine: Machines, wrong: object) -> None:
    def perform(event: Json) -> Answer:
        return Completed({"begin": ["b"]} if event["operation"] == "incident" else {})

    found = run(engine, around(ad_hoc()), perform, {"begin": wrong})
    assert [call["code"] for call in found.of("incident")] == ["INVALID_ACTIVE_ELEMENTS"]
    assert found.done == ["s", "x", "b", "x", "last", "e"]


def test_an_error_ends_all_that_is_open(engine: Machines) -> None:
    element = ad_hoc(error_end("failed", "E"), flows=("b > failed",))
    model = around(element, boundary_error("caught", "x"), node("end", "other"), flows=("caught > other",))

    def perform(event: Json) -> Answer:
        return Open() if event["element_id"] == "a" else Completed()

    found = run(engine, model, perform, {"begin": ["a", "b"]})
    assert found.done[-2:] == ["caught", "other"]
    assert [call["reason"] for call in found.of("interrupt")] == ["error"]


def test_without_names_somebody_begins_them() -> None:
    compiled = compile_model(around(ad_hoc(active_elements=None)))
    assert compiled.definition is not None, compiled.diagnostics
    assert '"choices":{"a":"a^:begun","b":"b^:begun","c":"c^:begun"}' in compiled.definition


def test_nothing_collects_what_somebody_begins() -> None:
    element = ad_hoc(active_elements=None, output_collection="found")
    assert [one.code for one in compile_model(around(element)).diagnostics] == ["UNSUPPORTED_ELEMENT"]
