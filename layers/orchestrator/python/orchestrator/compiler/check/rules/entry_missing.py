"""Something in a scope can begin."""

from orchestrator.compiler.bpmn.model import NodeType
from orchestrator.compiler.check.rule import Findings, ScopeRule
from orchestrator.compiler.check.view import ScopeView
from orchestrator.diagnostics import Severity


def _check(scope: ScopeView) -> Findings:
    nodes = scope.scope.nodes
    begins = any(
        node.type is NodeType.START_EVENT or (node.type is not NodeType.BOUNDARY_EVENT and not scope.flows_into(node))
        for node in nodes
    )
    if nodes and not begins and not scope.is_ad_hoc:
        yield (
            scope.owner,
            f"Nothing in '{scope.owner.id}' can start: there is no start event and a flow into everything",
        )


RULE = ScopeRule(
    code="ENTRY_MISSING",
    title="Nothing can start",
    severity=Severity.ERROR,
    description="There is no start event, and every element waits for another one before it.",
    remedy="Add a start event.",
    example="""
    <task id="A"/><task id="B"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="B"/><sequenceFlow id="g" sourceRef="B" targetRef="A"/>""",
    corrected="""
    <startEvent id="S"/><task id="A"/><task id="B"/><sequenceFlow id="e" sourceRef="S" targetRef="A"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="B"/><sequenceFlow id="g" sourceRef="B" targetRef="A"/>""",
    check=_check,
)
