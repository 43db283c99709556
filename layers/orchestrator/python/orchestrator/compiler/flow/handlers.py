"""Who catches an error: the order in which BPMN looks for a handler (BPMN 10.5.1, 13.5.4).

activity's own boundary events -> event sub-processes of its scope -> boundary events of the sub-process
around it -> event sub-processes of the scope around that -> ... ; at each level a code before a catch-all
"""

from orchestrator.compiler.bpmn.model import EventDefinition, EventKind, FlowNode, NodeType
from orchestrator.compiler.catalogue import ErrorHandler
from orchestrator.compiler.flow.beside import start_of
from orchestrator.compiler.flow.scopes import ScopeFlow


def activity_handlers(flow: ScopeFlow, activity: FlowNode) -> tuple[ErrorHandler, ...]:
    """Return the handlers that an error of `activity`, a node of the scope `flow`, may meet, nearest first."""
    return attached_handlers(flow, activity) + scope_handlers(flow)


def scope_handlers(flow: ScopeFlow) -> tuple[ErrorHandler, ...]:
    """Return the handlers of an error raised directly inside the scope `flow`, nearest first."""
    found: list[ErrorHandler] = []
    level: ScopeFlow | None = flow
    replaced = False
    while level is not None:
        if not replaced:
            found.extend(_started(level))
        replaced = _takes_over(level.owner)
        if level.owner is not None and level.outer is not None:
            found.extend(attached_handlers(level.outer, level.owner))
        level = level.outer
    return tuple(found)


def _takes_over(owner: FlowNode | None) -> bool:
    """Tell whether the scope is an event sub-process that ended the body around it, and its siblings with that."""
    start = None if owner is None or not owner.triggered_by_event else start_of(owner)
    return start is not None and start.interrupting


def handler_of(handlers: tuple[ErrorHandler, ...], code: str | None) -> ErrorHandler | None:
    """Return the first handler that catches `code`, or None."""
    return next((handler for handler in handlers if handler.code is None or handler.code == code), None)


def attached_handlers(flow: ScopeFlow, activity: FlowNode) -> tuple[ErrorHandler, ...]:
    """Return the boundary events of `activity` that catch errors."""
    boundaries = flow.attached.get(activity.id, ())
    return _ordered([_handler(node, event) for node in boundaries for event in _errors(node)])


def _started(flow: ScopeFlow) -> tuple[ErrorHandler, ...]:
    starts = (
        (owner, event)
        for owner in flow.event_sub_processes
        for node in (owner.scope.nodes if owner.scope is not None else ())
        if node.type is NodeType.START_EVENT
        for event in _errors(node)
    )
    return _ordered([_handler(owner, event) for owner, event in starts])


def _errors(node: FlowNode) -> list[EventDefinition]:
    return [event for event in node.events if event.kind is EventKind.ERROR]


def _handler(node: FlowNode, event: EventDefinition) -> ErrorHandler:
    return ErrorHandler(handler_id=node.id, code=event.code, error_variable=event.variable)


def _ordered(handlers: list[ErrorHandler]) -> tuple[ErrorHandler, ...]:
    return tuple(sorted(handlers, key=lambda handler: handler.code is None))
