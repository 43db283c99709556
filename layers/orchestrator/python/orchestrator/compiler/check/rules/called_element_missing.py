"""A call activity says what it calls."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    call = node.execution.call
    return None if call is not None and call.called_element else f"Call activity {label(node)} names no process"


RULE = NodeRule(
    code="CALLED_ELEMENT_MISSING",
    title="Call activity that calls nothing",
    severity=Severity.ERROR,
    description="A call activity runs the process that `calledElement` names.",
    remedy="Name the process to call.",
    example='<callActivity id="C"/>',
    corrected='<callActivity id="C" calledElement="other-process"/>',
    types=frozenset({NodeType.CALL_ACTIVITY}),
    check=_check,
)
