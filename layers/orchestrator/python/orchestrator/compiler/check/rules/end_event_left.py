"""No flow leaves an end event."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    flows = around.flows_out_of(node)
    return f"Flow '{flows[0].id}' leaves end event {label(node)}, where the path ends" if flows else None


RULE = NodeRule(
    code="END_EVENT_LEFT",
    title="Flow out of an end event",
    severity=Severity.ERROR,
    description="A path ends at an end event (BPMN 10.5.3); whether a flow out of it is taken cannot be told.",
    remedy="Make it an intermediate throw event, or remove the flow.",
    example='<endEvent id="E"/><task id="A"/><sequenceFlow id="f" sourceRef="E" targetRef="A"/>',
    corrected='<intermediateThrowEvent id="E"/><task id="A"/><sequenceFlow id="f" sourceRef="E" targetRef="A"/>',
    types=frozenset({NodeType.END_EVENT}),
    check=_check,
)
