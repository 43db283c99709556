"""A receive task says which message it waits for."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    if node.execution.message_name:
        return None
    return f"Receive task {label(node)} names no message: it ends when it is completed through the API"


RULE = NodeRule(
    code="RECEIVE_WITHOUT_MESSAGE",
    title="Receive task without a message",
    severity=Severity.WARNING,
    description="No message can reach a receive task that names none; it is completed like any other task.",
    remedy="Refer to a message.",
    example='<receiveTask id="R"/>',
    corrected='<receiveTask id="R" messageRef="order"/>',
    types=frozenset({NodeType.RECEIVE_TASK}),
    check=_check,
)
