"""Inclusive gateways are hard to read."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    return f"Inclusive gateway {label(node)}: which paths are active together depends on the data"


RULE = NodeRule(
    code="INCLUSIVE_GATEWAY",
    title="Inclusive gateway",
    severity=Severity.INFO,
    description="Inclusive gateways run, but few readers know when an inclusive join goes on.",
    remedy="Where it helps, split in parallel and decide on each path.",
    example='<inclusiveGateway id="G"/>',
    corrected='<parallelGateway id="G"/>',
    bpmnlint="no-inclusive-gateway",
    types=frozenset({NodeType.INCLUSIVE_GATEWAY}),
    check=_check,
)
