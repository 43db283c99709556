"""Elements do not start by themselves."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, GATEWAYS, ScopeView, has_event, label
from orchestrator.diagnostics import Severity

_TYPES = ACTIVITIES | GATEWAYS | {NodeType.INTERMEDIATE_CATCH_EVENT, NodeType.INTERMEDIATE_THROW_EVENT}


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if around.flows_into(node) or around.is_ad_hoc or around.of_type(NodeType.START_EVENT):
        return None
    if node.triggered_by_event or node.for_compensation or has_event(node, EventKind.LINK):
        return None
    return f"{label(node)} starts together with '{around.owner.id}', since no flow leads to it"


RULE = NodeRule(
    code="IMPLICIT_START",
    title="Element that starts by itself",
    severity=Severity.WARNING,
    description="Where a scope has no start event, everything that no flow leads to is started at once.",
    remedy="Add a start event and a flow from it.",
    example='<task id="A"/>',
    corrected='<startEvent id="S"/><task id="A"/><sequenceFlow id="f" sourceRef="S" targetRef="A"/>',
    bpmnlint="no-implicit-start",
    types=_TYPES,
    check=_check,
)
