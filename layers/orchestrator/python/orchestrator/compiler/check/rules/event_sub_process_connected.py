"""No flow leads to or from an event sub-process."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    flows = [*around.flows_into(node), *around.flows_out_of(node)]
    if node.triggered_by_event and flows:
        return f"Flow '{flows[0].id}' is connected to event sub-process {label(node)}, which only its event starts"
    return None


RULE = NodeRule(
    code="EVENT_SUB_PROCESS_CONNECTED",
    title="Flow to or from an event sub-process",
    severity=Severity.ERROR,
    description="An event sub-process is started by its event and by nothing else (BPMN 10.3.5).",
    remedy="Remove the flow, or remove `triggeredByEvent`.",
    example="""
    <startEvent id="S"/><subProcess id="P" triggeredByEvent="true"/>
    <sequenceFlow id="f" sourceRef="S" targetRef="P"/>""",
    corrected="""
    <startEvent id="S"/><subProcess id="P"/><sequenceFlow id="f" sourceRef="S" targetRef="P"/>""",
    types=frozenset({NodeType.SUB_PROCESS}),
    check=_check,
)
