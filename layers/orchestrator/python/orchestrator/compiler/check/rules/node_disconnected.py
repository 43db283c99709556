"""Every element is connected to others."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, GATEWAYS, ScopeView, has_event, label
from orchestrator.diagnostics import Severity

_TYPES = ACTIVITIES | GATEWAYS | {NodeType.START_EVENT, NodeType.INTERMEDIATE_CATCH_EVENT, NodeType.END_EVENT}


def _check(node: FlowNode, around: ScopeView) -> str | None:
    alone = len(around.scope.nodes) > 1 and not around.flows_into(node) and not around.flows_out_of(node)
    apart = around.is_ad_hoc or node.triggered_by_event or node.for_compensation or has_event(node, EventKind.LINK)
    return f"{label(node)} ({node.type}) is connected to nothing" if alone and not apart else None


RULE = NodeRule(
    code="NODE_DISCONNECTED",
    title="Element without any flow",
    severity=Severity.WARNING,
    description="No flow leads to the element and none leaves it, so it is usually left over.",
    remedy="Connect it or remove it.",
    example='<startEvent id="S"/><task id="A"/>',
    corrected='<startEvent id="S"/><task id="A"/><sequenceFlow id="f" sourceRef="S" targetRef="A"/>',
    bpmnlint="no-disconnected",
    types=_TYPES,
    check=_check,
)
