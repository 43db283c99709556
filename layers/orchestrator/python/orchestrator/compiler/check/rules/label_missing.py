"""What readers see has a name."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, ScopeView
from orchestrator.diagnostics import Severity

_CHOICES = frozenset({NodeType.EXCLUSIVE_GATEWAY, NodeType.INCLUSIVE_GATEWAY})


def _check(node: FlowNode, around: ScopeView) -> str | None:
    joins = node.type in _CHOICES and len(around.flows_out_of(node)) <= 1
    if node.name or joins:
        return None
    return f"'{node.id}' ({node.type}) has no name"


RULE = NodeRule(
    code="LABEL_MISSING",
    title="Element without a name",
    severity=Severity.INFO,
    description="Tasks, lists and histories show names; without one people see the id.",
    remedy="Name activities by what is done, choices by the question that they ask.",
    example='<task id="A"/>',
    corrected='<task id="A" name="Check the order"/>',
    bpmnlint="label-required",
    types=ACTIVITIES | _CHOICES,
    check=_check,
)
