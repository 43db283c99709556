"""Business rule tasks: decisions that the file carries are made by the machine itself."""

import pytest

from orchestrator.compiler.pipeline import compile_process
from tests.compiler.decisions.models import decision, file, literal, table
from tests.execution.machines.runtime import Completed, Json, Machines

RISK = decision(table("FIRST", [(["> 2"], ['"high"']), (["-"], ['"low"'])], outputs=[("level", None, None)]), "risk")
VARIABLES: Json = {"n": 3}


def model(task: str, decisions: str = RISK) -> str:
    return file(
        decisions,
        f'<startEvent id="s"/>{task}<endEvent id="e"/>'
        '<sequenceFlow id="f1" sourceRef="s" targetRef="x"/><sequenceFlow id="f2" sourceRef="x" targetRef="e"/>',
    )


def zeebe(name: str, more: str = "", marker: str = "") -> str:
    called = f'<zeebe:calledDecision decisionId="{name}" resultVariable="r"/>'
    return f'<businessRuleTask id="x"><extensionElements>{called}{more}</extensionElements>{marker}</businessRuleTask>'


def camunda(attributes: str) -> str:
    return f'<businessRuleTask id="x" camunda:decisionRef="risk" {attributes}/>'


MAPPED = '<zeebe:ioMapping><zeebe:input source="= n - 2" target="n"/><zeebe:output source="= r" target="out"/></zeebe:ioMapping>'
REPEATED = (
    '<multiInstanceLoopCharacteristics isSequential="true"><extensionElements><zeebe:loopCharacteristics '
    'inputCollection="= [1, 5]" inputElement="n" outputCollection="all" outputElement="= r"/></extensionElements>'
    "</multiInstanceLoopCharacteristics>"
)


@pytest.mark.parametrize(
    ("task", "written"),
    [
        (zeebe("risk"), {"r": "high"}),
        (zeebe("risk", MAPPED), {"out": "low"}),
        (camunda('camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry"'), {"r": "high"}),
        (camunda('camunda:resultVariable="r"'), {"r": [{"level": "high"}]}),
        (camunda('camunda:mapDecisionResult="singleEntry"'), {"risk": "high"}),
    ],
)
def test_the_machine_decides(engine: Machines, task: str, written: Json) -> None:
    compiled = compile_process(model(task))
    assert compiled.definition is not None, compiled.diagnostics
    assert compiled.catalogue is not None
    assert compiled.catalogue.planned_tasks == ()
    found = engine.run(compiled.definition, lambda _: Completed(), VARIABLES)
    assert found.of("activate") == []
    assert found.variables == VARIABLES | written
    assert found.done == ["s", "x", "e"]


def test_a_repeated_decision_is_made_for_each_item(engine: Machines) -> None:
    compiled = compile_process(model(zeebe("risk", marker=REPEATED)))
    assert compiled.definition is not None, compiled.diagnostics
    found = engine.run(compiled.definition, lambda _: Completed(), VARIABLES)
    assert found.variables is not None
    assert found.variables["all"] == ["low", "high"]


def test_without_a_decision_in_the_file_a_worker_decides(engine: Machines) -> None:
    compiled = compile_process(model(zeebe("risk"), decisions=""))
    assert compiled.definition is not None, compiled.diagnostics
    assert "DECISION_NOT_SUPPLIED" in {finding.code for finding in compiled.diagnostics}
    found = engine.run(compiled.definition, lambda _: Completed({"r": "mine"}), VARIABLES)
    assert [one["element_id"] for one in found.of("activate")] == ["x"]


@pytest.mark.parametrize(
    ("name", "decisions", "code"),
    [
        ("other", RISK, "DECISION_NOT_FOUND"),
        ("d", decision("<context/>"), "DECISION_INVALID"),
        ("d", decision(literal("1 +")), "DECISION_INVALID"),
    ],
)
def test_what_cannot_be_decided_is_refused(name: str, decisions: str, code: str) -> None:
    compiled = compile_process(model(zeebe(name), decisions))
    assert compiled.definition is None
    (finding,) = [one for one in compiled.diagnostics if one.code == code]
    assert (finding.element_id, finding.severity) == ("x", "error")
    assert finding.line is not None
