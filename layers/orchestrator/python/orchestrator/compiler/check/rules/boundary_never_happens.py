"""A boundary event that waits is attached to an activity at which a token waits."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.scripts import is_computed
from orchestrator.compiler.check.view import ScopeView, has_event, label
from orchestrator.diagnostics import Severity

_WAITING = (EventKind.ESCALATION, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL, EventKind.TIMER)


def _check(node: FlowNode, around: ScopeView) -> str | None:
    host = around.nodes.get(node.attached_to) if node.attached_to is not None else None
    if host is None or not has_event(node, *_WAITING) or not _is_over_at_once(host):
        return None
    return f"{label(node)} never happens: no token waits at '{host.id}' ({host.type}), which is over at once"


def _is_over_at_once(host: FlowNode) -> bool:
    if host.multi_instance is not None or host.loop is not None:
        return False
    abstract = host.type is NodeType.TASK and host.execution.task_type is None
    return abstract or is_computed(host)


RULE = NodeRule(
    code="BOUNDARY_NEVER_HAPPENS",
    title="Boundary event of an activity that is over at once",
    severity=Severity.WARNING,
    description="An abstract task, a script and a decision that run here take no time: no message, signal, condition, "
    "timer or escalation could come in between. The path of the event is never taken.",
    remedy="Say who performs the task: a user, manual, receive, send or service task waits until somebody completes "
    "it.",
    example="""
    <task id="A"/><boundaryEvent id="B" attachedToRef="A"><messageEventDefinition/></boundaryEvent>""",
    corrected="""
    <userTask id="A"/><boundaryEvent id="B" attachedToRef="A"><messageEventDefinition/></boundaryEvent>""",
    types=frozenset({NodeType.BOUNDARY_EVENT}),
    check=_check,
)
