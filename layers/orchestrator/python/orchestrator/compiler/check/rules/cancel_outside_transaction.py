"""Cancel events belong to transactions."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType, ProcessModel
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, has_event, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if not has_event(node, EventKind.CANCEL):
        return None
    owner = around.owner
    if node.type is NodeType.BOUNDARY_EVENT:
        host = around.nodes.get(node.attached_to) if node.attached_to is not None else None
        inside = host is not None and host.type is NodeType.TRANSACTION
    else:
        inside = not isinstance(owner, ProcessModel) and owner.type is NodeType.TRANSACTION
    return None if inside else f"{label(node)} cancels a transaction, but belongs to none"


RULE = NodeRule(
    code="CANCEL_OUTSIDE_TRANSACTION",
    title="Cancel event outside of a transaction",
    severity=Severity.ERROR,
    description="A cancel end event stands in a transaction, a cancel boundary event on one (BPMN 10.7).",
    remedy="Make the sub-process a `transaction`, or use an error event.",
    example='<endEvent id="E"><cancelEventDefinition/></endEvent>',
    corrected='<transaction id="T"><endEvent id="E"><cancelEventDefinition/></endEvent></transaction>',
    types=frozenset({NodeType.BOUNDARY_EVENT, NodeType.END_EVENT}),
    check=_check,
)
