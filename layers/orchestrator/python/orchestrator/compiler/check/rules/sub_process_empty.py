"""A sub-process has contents."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import SUB_PROCESSES, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    empty = node.scope is not None and not node.scope.nodes
    return f"Sub-process {label(node)} is empty and does nothing" if empty else None


RULE = NodeRule(
    code="SUB_PROCESS_EMPTY",
    title="Empty sub-process",
    severity=Severity.WARNING,
    description="A sub-process without contents is passed at once. Often its contents live in another file.",
    remedy="Model its contents, or make it a call activity that names the process to run.",
    example='<subProcess id="P"/>',
    corrected='<callActivity id="P" calledElement="other-process"/>',
    types=SUB_PROCESSES,
    check=_check,
)
