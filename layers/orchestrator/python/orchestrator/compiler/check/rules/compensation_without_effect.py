"""A compensation event has something to compensate."""

from orchestrator.compiler.bpmn.model import ElementId, EventDefinition, EventKind, NodeType
from orchestrator.compiler.check.rule import Findings, ProcessRule
from orchestrator.compiler.check.view import ProcessView, ScopeView, label
from orchestrator.compiler.flow.compensation import Compensable, compensables
from orchestrator.diagnostics import Severity

_THROWING = frozenset({NodeType.INTERMEDIATE_THROW_EVENT, NodeType.END_EVENT})


def _check(view: ProcessView) -> Findings:
    events = [
        (node, event)
        for node in view.process.scope.walk()
        if node.type in _THROWING
        for event in node.events
        if event.kind is EventKind.COMPENSATION
    ]
    known = compensables(view.process) if events else dict[ElementId, Compensable]()
    for node, event in events:
        scope = _compensated(view.scope_of[node.id])
        if not any(one.scope == scope.scope.id and _is_meant(event, one.element_id) for one in known.values()):
            yield node, f"{label(node)} compensates nothing: {_reason(event)}"


def _compensated(scope: ScopeView) -> ScopeView:
    """Return the scope that an event inside it compensates: of an event sub-process the one around it."""
    while scope.is_event_sub_process and scope.outer is not None:
        scope = scope.outer
    return scope


def _is_meant(event: EventDefinition, activity: str) -> bool:
    return event.activity_ref is None or event.activity_ref == activity


def _reason(event: EventDefinition) -> str:
    if event.activity_ref is None:
        return "no activity of its scope has a compensation handler"
    return f"'{event.activity_ref}' is no activity of its scope with a compensation handler"


RULE = ProcessRule(
    code="COMPENSATION_WITHOUT_EFFECT",
    title="Compensation event that compensates nothing",
    severity=Severity.WARNING,
    description=(
        "A compensation event undoes completed activities of its own scope, in an event sub-process those of the scope "
        "around it (BPMN 10.5.1): those that have a handler, or contain something that has one."
    ),
    remedy="Attach a compensation boundary event with a handler to what is to be undone, in the scope of the event.",
    example='<task id="A"/><endEvent id="E"><compensateEventDefinition/></endEvent>',
    corrected="""
    <task id="A"/><boundaryEvent id="B" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>
    <task id="U" isForCompensation="true"/><association id="x" sourceRef="B" targetRef="U"/>
    <endEvent id="E"><compensateEventDefinition/></endEvent>""",
    check=_check,
)
