"""A terminate end event has something to terminate."""

from orchestrator.compiler.bpmn.model import EventKind, NodeType
from orchestrator.compiler.check.rule import Findings, ScopeRule
from orchestrator.compiler.check.view import ACTIVITIES, EVENTS, ScopeView, has_event, label
from orchestrator.diagnostics import Severity

_FORKS = frozenset({NodeType.PARALLEL_GATEWAY, NodeType.INCLUSIVE_GATEWAY, NodeType.COMPLEX_GATEWAY})


def _check(scope: ScopeView) -> Findings:
    terminations = [node for node in scope.of_type(NodeType.END_EVENT) if has_event(node, EventKind.TERMINATE)]
    if terminations and not _is_concurrent(scope):
        for node in terminations:
            yield node, f"Terminate end event {label(node)} has nothing to terminate: only one path is active"


def _is_concurrent(scope: ScopeView) -> bool:
    """Tell whether several tokens can be in the scope: forks, watchers that do not interrupt, several starts."""
    for node in scope.scope.nodes:
        outgoing = len(scope.flows_out_of(node))
        forks = outgoing > 1 and (node.type in _FORKS or node.type in ACTIVITIES or node.type in EVENTS)
        watches = node.triggered_by_event or not node.interrupting
        if forks or watches:
            return True
    return not scope.of_type(NodeType.START_EVENT)


RULE = ScopeRule(
    code="SUPERFLUOUS_TERMINATION",
    title="Terminate end event without effect",
    severity=Severity.WARNING,
    description="Where only one path can be active, a terminate end event does what an end event does.",
    remedy="Use an end event without a trigger.",
    example="""
    <startEvent id="S"/><endEvent id="E"><terminateEventDefinition/></endEvent>
    <sequenceFlow id="f" sourceRef="S" targetRef="E"/>""",
    corrected='<startEvent id="S"/><endEvent id="E"/><sequenceFlow id="f" sourceRef="S" targetRef="E"/>',
    bpmnlint="superfluous-termination",
    check=_check,
)
