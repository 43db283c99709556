"""Machines of processes with several start events begin where their input says, with its payload where it belongs."""

import pytest

from orchestrator.compiler.pipeline import compile_process
from tests.execution.machines.runtime import Json, Machines, complete_all

MODEL = """
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
             xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
<message id="m" name="order"/><signal id="g" name="alarm"/>
<process id="p" isExecutable="true">
  <startEvent id="asked"/>
  <startEvent id="ordered"><extensionElements><zeebe:ioMapping>
    <zeebe:output source="=id" target="order.id"/></zeebe:ioMapping></extensionElements>
    <messageEventDefinition messageRef="m"/></startEvent>
  <startEvent id="alarmed"><signalEventDefinition signalRef="g"/></startEvent>
  <task id="a"/><task id="b"/><endEvent id="e"/>
  <sequenceFlow id="1" sourceRef="asked" targetRef="a"/><sequenceFlow id="2" sourceRef="ordered" targetRef="b"/>
  <sequenceFlow id="3" sourceRef="alarmed" targetRef="b"/><sequenceFlow id="4" sourceRef="a" targetRef="b"/>
  <sequenceFlow id="5" sourceRef="b" targetRef="e"/>
</process></definitions>"""


@pytest.mark.parametrize(
    ("entry", "done", "variables"),
    [
        (None, ["asked", "a", "b", "e"], {"id": 7, "more": 1}),
        ("ordered", ["ordered", "b", "e"], {"order": {"id": 7}}),
        ("alarmed", ["alarmed", "b", "e"], {"id": 7, "more": 1}),
    ],
)
def test_the_entry_says_where_it_begins(engine: Machines, entry: str | None, done: list[str], variables: Json) -> None:
    compiled = compile_process(MODEL)
    assert compiled.definition is not None, compiled.diagnostics
    found = engine.run(compiled.definition, complete_all, {"id": 7, "more": 1}, entry=entry)
    assert (found.status, found.done, found.variables) == ("SUCCEEDED", done, variables)


def test_the_catalogue_names_what_starts_the_process() -> None:
    catalogue = compile_process(MODEL).catalogue
    assert catalogue is not None
    starts = [(start.element_id, start.kind, start.text) for start in catalogue.starts]
    assert starts == [("asked", "none", None), ("ordered", "message", "order"), ("alarmed", "signal", "alarm")]
    assert catalogue.starts_on_request


def test_a_process_without_start_events_begins_wherever_nothing_comes_before(engine: Machines) -> None:
    tasks = "".join(f'<userTask id="{name}"/>' for name in "ab")
    compiled = compile_process(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        f'<process id="p" isExecutable="true">{tasks}</process></definitions>'
    )
    assert compiled.definition is not None, compiled.diagnostics
    found = engine.run(compiled.definition, complete_all, {})
    assert sorted(str(one["element_id"]) for one in found.of("activate")) == ["a", "b"]


INSTANTIATING = """
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
<message id="m" name="order"/><message id="n" name="offer"/><signal id="g" name="alarm"/>
<process id="p" isExecutable="true">
  <eventBasedGateway id="either" instantiate="true"/>
  <intermediateCatchEvent id="ordered"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <receiveTask id="offered" messageRef="n"/>
  <receiveTask id="asked" instantiate="true" messageRef="m2"/><message id="m2" name="question"/>
  <task id="a"/><task id="b"/><endEvent id="e"/>
  <sequenceFlow id="1" sourceRef="either" targetRef="ordered"/><sequenceFlow id="2" sourceRef="either" targetRef="offered"/>
  <sequenceFlow id="3" sourceRef="ordered" targetRef="a"/><sequenceFlow id="4" sourceRef="offered" targetRef="b"/>
  <sequenceFlow id="5" sourceRef="asked" targetRef="b"/><sequenceFlow id="6" sourceRef="a" targetRef="e"/>
  <sequenceFlow id="7" sourceRef="b" targetRef="e"/>
</process></definitions>"""


@pytest.mark.parametrize(
    ("entry", "done"),
    [("ordered", ["ordered", "a", "e"]), ("offered", ["offered", "b", "e"]), ("asked", ["asked", "b", "e"])],
)
def test_what_a_gateway_that_starts_instances_waits_for_are_start_events(
    engine: Machines, entry: str, done: list[str]
) -> None:
    compiled = compile_process(INSTANTIATING)
    assert compiled.definition is not None, compiled.diagnostics
    assert compiled.catalogue is not None
    starts = [(start.element_id, start.kind, start.text) for start in compiled.catalogue.starts]
    assert starts == [
        ("ordered", "message", "order"),
        ("offered", "message", "offer"),
        ("asked", "message", "question"),
    ]
    assert not compiled.catalogue.starts_on_request
    assert engine.run(compiled.definition, complete_all, {}, entry=entry).done == done


@pytest.mark.parametrize(
    ("given", "instead"),
    [
        ('instantiate="true"/>', 'instantiate="true" eventGatewayType="Parallel"/>'),
        ('targetRef="a"/>', 'targetRef="offered"/>'),
    ],
    ids=["all of several", "something else leads to an event"],
)
def test_a_gateway_that_could_start_nothing_is_refused(given: str, instead: str) -> None:
    compiled = compile_process(INSTANTIATING.replace(given, instead, 1))
    assert compiled.definition is None
    assert ("UNSUPPORTED_ELEMENT", "either") in [(one.code, one.element_id) for one in compiled.diagnostics]
