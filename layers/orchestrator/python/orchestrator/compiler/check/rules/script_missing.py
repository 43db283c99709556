"""A script task has a script."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    if node.execution.script is not None or node.execution.task_type:
        return None
    return f"Script task {label(node)} has no script and does nothing"


RULE = NodeRule(
    code="SCRIPT_MISSING",
    title="Script task without a script",
    severity=Severity.WARNING,
    description="A script task without a script is passed at once.",
    remedy="Write the script as a FEEL or JSONata expression, and name the variable for its result.",
    example='<scriptTask id="A"/>',
    corrected='<scriptTask id="A" scriptFormat="feel"><script>price * 1.19</script></scriptTask>',
    types=frozenset({NodeType.SCRIPT_TASK}),
    check=_check,
)
