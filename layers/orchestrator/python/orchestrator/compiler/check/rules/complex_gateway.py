"""Complex gateways cannot be run."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    return f"Complex gateway {label(node)} cannot be run: its activation rule has no form that engines agree on"


RULE = NodeRule(
    code="COMPLEX_GATEWAY",
    title="Complex gateway",
    severity=Severity.ERROR,
    description="What a complex gateway does is an expression over counters that no tool writes in the same way.",
    remedy="Use inclusive, parallel or event-based gateways; for `n of m`, a multi-instance completion condition.",
    example='<complexGateway id="G"/>',
    corrected='<inclusiveGateway id="G"/>',
    bpmnlint="no-complex-gateway",
    types=frozenset({NodeType.COMPLEX_GATEWAY}),
    check=_check,
)
