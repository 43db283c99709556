"""A script that is code of another engine is somebody's work."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.scripts import is_performed, script_of
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.compiler.expressions import ExpressionError
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    script = script_of(node)
    if not is_performed(node) or not isinstance(script, ExpressionError):
        return None
    return (
        f"The script of {label(node)} does not run here, so the task waits for somebody to perform it: {script.message}"
    )


RULE = NodeRule(
    code="SCRIPT_PERFORMED",
    title="Script that somebody performs",
    severity=Severity.WARNING,
    description=(
        "FEEL, JUEL and JSONata run in the state machine, and so do scripts of Java, MVEL, JavaScript and Groovy that "
        "only set variables (`execution.setVariable(...)`, `kcontext.setVariable(...)`), print, and end in a value. "
        "Any other script is a task: a worker that runs such code, or a person, completes it with the variables."
    ),
    remedy="Write the script as a FEEL or JSONata expression, or register a service that performs the task.",
    example='<scriptTask id="A" scriptFormat="groovy"><script>x = prices.sum()</script></scriptTask>',
    corrected='<scriptTask id="A" scriptFormat="feel"><script>sum(prices)</script></scriptTask>',
    types=frozenset({NodeType.SCRIPT_TASK}),
    check=_check,
)
