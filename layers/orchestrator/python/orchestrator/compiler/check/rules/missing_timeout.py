"""A task says how long it may take."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.scripts import is_computed
from orchestrator.compiler.check.view import TASKS, ScopeView, has_timeout, label
from orchestrator.diagnostics import Severity

#: script tasks run at once, as decisions of the file do; receive tasks and abstract tasks wait like all others
_TYPES = TASKS - {NodeType.SCRIPT_TASK}


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if is_computed(node) or node.execution.timeout is not None or around.is_bounded or has_timeout(node, around):
        return None
    return f"Task {label(node)} does not specify a timeout"


RULE = NodeRule(
    code="MISSING_TIMEOUT",
    title="Task without a timeout",
    severity=Severity.WARNING,
    description=(
        "A task that nobody completes keeps its instance waiting for ever. A timeout is an interrupting timer "
        "boundary event on the task or on a sub-process around it, or the attribute `timeout` of "
        "`urn:task-orchestrator:bpmn`."
    ),
    remedy="Add a timer boundary event with what to do when the time is over.",
    example='<userTask id="A" name="data-collection"/>',
    corrected="""
    <userTask id="A" name="data-collection"/><boundaryEvent id="B" attachedToRef="A"><timerEventDefinition>
    <timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>""",
    types=_TYPES,
    check=_check,
)
