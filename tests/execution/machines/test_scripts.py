"""Script tasks: what a machine does itself, and what somebody performs."""

import pytest

from orchestrator.compiler.pipeline import compile_process
from tests.execution.machines.runtime import Completed, Json, Machines

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t"><process id="p" isExecutable="true">
  <startEvent id="s"/><scriptTask id="x" {attributes}><script>{script}</script></scriptTask><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="x"/><sequenceFlow id="f2" sourceRef="x" targetRef="e"/>
  </process></definitions>"""
VARIABLES: Json = {"n": 2, "item": "a"}


def machine(script: str, attributes: str) -> str:
    compiled = compile_process(MODEL.format(attributes=attributes, script=script))
    assert compiled.definition is not None, compiled.diagnostics
    performed = any(finding.code == "SCRIPT_PERFORMED" for finding in compiled.diagnostics)
    assert performed is ("item +" in script or "service" in script)
    return compiled.definition


@pytest.mark.parametrize(
    ("script", "attributes", "written"),
    [
        ('kcontext.setVariable("action", n + 1);', 'scriptFormat="http://www.java.com/java"', {"action": 3}),
        ("System.out.println(item);", "", {}),
        ("return n * 2", 'scriptFormat="javascript" camunda:resultVariable="twice"', {"twice": 4}),
        ("= n * 2", 'scriptFormat="feel" camunda:resultVariable="twice"', {"twice": 4}),
        ("execution.setVariable('a', 'x' + item)\nn * 3", 'scriptFormat="groovy" camunda:resultVariable="b"',
         {"a": "xa", "b": 6}),
    ],
)  # fmt: skip
def test_plain_scripts_run_in_the_machine(engine: Machines, script: str, attributes: str, written: Json) -> None:
    found = engine.run(machine(script, attributes), lambda _: Completed(), VARIABLES)
    assert found.of("activate") == []
    assert found.variables == VARIABLES | written
    assert found.done == ["s", "x", "e"]


@pytest.mark.parametrize(
    ("script", "attributes", "result"),
    [
        ('item = item + " changed";', 'scriptFormat="http://www.java.com/java"', {"item": "a changed"}),
        ("service.call()", 'scriptFormat="groovy" camunda:resultVariable="answer"', {"answer": 1}),
    ],
)
def test_other_scripts_are_performed(engine: Machines, script: str, attributes: str, result: Json) -> None:
    found = engine.run(machine(script, attributes), lambda _: Completed(result), VARIABLES)
    (activation,) = found.of("activate")
    assert activation["element_id"] == "x"
    assert found.variables["item"] == result.get("item", "a")
    assert found.done == ["s", "x", "e"]


MAPPED = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t"><process id="p" isExecutable="true">
  <startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><endEvent id="e"/><userTask id="b"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping>{outputs}</zeebe:ioMapping></extensionElements></userTask>
  <scriptTask id="c"><extensionElements><zeebe:script expression="=n + 1" resultVariable="m"/></extensionElements>
  </scriptTask>{flows}</process></definitions>"""


@pytest.mark.parametrize("targets", [("y",), ("y", "deep.er")])
def test_what_mappings_and_scripts_write_in_a_branch_survives_the_join(engine: Machines, targets: tuple[str]) -> None:
    outputs = "".join(f'<zeebe:output source="=x" target="{target}"/>' for target in targets)
    pairs = [("s", "f"), ("f", "a"), ("f", "b"), ("f", "c"), ("a", "j"), ("b", "j"), ("c", "j"), ("j", "e")]
    flows = "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)
    compiled = compile_process(MAPPED.format(outputs=outputs, flows=flows))
    assert compiled.definition is not None, compiled.diagnostics
    found = engine.run(compiled.definition, lambda event: Completed({"x": event["element_id"]}), {"n": 1})
    deep = {"deep": {"er": "a"}} if len(targets) > 1 else {}
    assert found.variables == {"n": 1, "m": 2, "x": "b", "y": "a", **deep}
