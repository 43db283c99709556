"""Who catches an escalation: looked for as an error's handler is, but it need not interrupt (BPMN 10.5.6, 13.5.4).

event sub-processes of the scope -> boundary events of the sub-process around it -> event sub-processes of the
scope around that -> ... ; at each level a code before a catch-all. What nothing catches goes on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orchestrator.compiler.bpmn.model import ElementId, EventKind, FlowNode
from orchestrator.compiler.flow.beside import start_of
from orchestrator.compiler.flow.scopes import ScopeFlow


@dataclass(frozen=True, slots=True)
class EscalationHandler:
    """A boundary event, or the event sub-process that `event` starts; `flow` is the scope that it belongs to."""

    id: ElementId
    event: FlowNode
    flow: ScopeFlow
    code: str | None
    variable: str | None


def escalation_handlers(flow: ScopeFlow) -> Iterator[EscalationHandler]:
    """Yield the handlers of an escalation raised in the scope `flow`, nearest first."""
    level, raised_in, replaced = flow, None, False
    while True:
        if not replaced:
            started = (owner for owner in level.event_sub_processes if owner is not raised_in)
            yield from _ordered((owner.id, start, level) for owner in started for start in _starts(owner))
        raised_in, replaced = level.owner, _takes_over(level.owner)
        if level.outer is None:
            return
        if level.owner is not None:
            attached = level.outer.attached.get(level.owner.id, ())
            yield from _ordered((event.id, event, level.outer) for event in attached)
        level = level.outer


def activity_escalations(flow: ScopeFlow, activity: FlowNode) -> tuple[EscalationHandler, ...]:
    """Return the handlers that an escalation out of `activity`, a node of the scope `flow`, may meet, nearest first."""
    attached = flow.attached.get(activity.id, ())
    return (*_ordered((event.id, event, flow) for event in attached), *escalation_handlers(flow))


def escalation_handler(flow: ScopeFlow, code: str | None) -> EscalationHandler | None:
    """Return the handler that catches an escalation of this code raised in the scope `flow`."""
    handlers = escalation_handlers(flow)
    return next((handler for handler in handlers if handler.code is None or handler.code == code), None)


def interrupting_escalations(flow: ScopeFlow) -> tuple[EscalationHandler, ...]:
    """Return the handlers that escalations raised inside the scope `flow` may interrupt something for."""
    return tuple(handler for handler in escalation_handlers(flow) if handler.event.interrupting)


def escalates(event: FlowNode) -> bool:
    """Tell whether an event is an escalation, thrown or caught."""
    return any(definition.kind is EventKind.ESCALATION for definition in event.events)


def _starts(owner: FlowNode) -> Iterator[FlowNode]:
    start = start_of(owner)
    if start is not None:
        yield start


def _takes_over(owner: FlowNode | None) -> bool:
    """Tell whether the scope is an event sub-process that has ended its siblings."""
    return owner is not None and owner.triggered_by_event and any(start.interrupting for start in _starts(owner))


def _ordered(events: Iterable[tuple[ElementId, FlowNode, ScopeFlow]]) -> list[EscalationHandler]:
    found = [
        EscalationHandler(id_, event, flow, definition.code, definition.variable)
        for id_, event, flow in events
        for definition in event.events
        if definition.kind is EventKind.ESCALATION
    ]
    return sorted(found, key=lambda handler: handler.code is None)
