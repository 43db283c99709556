"""What of a process can be compensated, and by what (BPMN 10.7, 13.5.5).

    [A] -(<<)- - - [undo A]        a handler of its own, joined by an association
    [ X [A] [B] (<<) ]             a sub-process: by its compensation event sub-process, else by what is inside

Handlers stand outside of the flow, so each is a scope of its own here: `<handler>:handler`, entry -> handler -> exit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from orchestrator.compiler.bpmn.model import ElementId, EventKind, FlowNode, NodeType, ProcessModel, Scope


@dataclass(frozen=True, slots=True)
class Compensable:
    """An activity that can be compensated once it is completed.

    It belongs to `scope`: the nearest scope around it that is no event sub-process. `handler` is an activity, or a
    compensation event sub-process of the activity; None: what is inside the activity is compensated.
    """

    element_id: ElementId
    scope: ElementId
    handler: ElementId | None = None


def compensables(process: ProcessModel) -> Mapping[ElementId, Compensable]:
    """Return what can be compensated by element id, in document order."""
    return {one.element_id: one for one in _inside(process.scope, process.scope.id)}


def handlers_of(
    known: Mapping[ElementId, Compensable], scope: ElementId, activity: ElementId | None = None
) -> Iterator[Compensable]:
    """Yield what may have to be undone of a scope, or of one activity of it, each with a handler of its own."""
    for one in known.values():
        if one.scope != scope or (activity is not None and one.element_id != activity):
            continue
        if one.handler is None:
            yield from handlers_of(known, one.element_id)
        else:
            yield one


def thrown_from(process: ProcessModel, known: Mapping[ElementId, Compensable]) -> Mapping[ElementId, ElementId]:
    """Return the scope in which a handler is started, of handlers that events of one scope only start."""
    found: dict[ElementId, set[ElementId]] = {}
    for scope, compensated, activity in _thrown(process.scope, process.scope.id) if known else ():
        for one in handlers_of(known, compensated, activity):
            found.setdefault(one.handler or one.element_id, set()).add(scope)
    return {handler: min(scopes) for handler, scopes in found.items() if len(scopes) == 1}


def _thrown(scope: Scope, compensated: ElementId) -> Iterator[tuple[ElementId, ElementId, ElementId | None]]:
    """Yield where compensation is asked for: the scope of the event, the scope that it compensates, an activity of it.

    Events in event sub-processes compensate the scope around; a cancelled transaction is compensated from outside.
    """
    for node in scope.nodes:
        for event in node.events:
            if event.kind is EventKind.COMPENSATION and node.type is not NodeType.BOUNDARY_EVENT:
                yield scope.id, compensated, event.activity_ref
            if event.kind is EventKind.CANCEL and node.attached_to is not None:
                yield scope.id, node.attached_to, None
        if node.scope is not None:
            yield from _thrown(node.scope, compensated if node.triggered_by_event else node.scope.id)


def is_compensation(node: FlowNode) -> bool:
    """Tell whether the node is an event of compensation."""
    return any(event.kind is EventKind.COMPENSATION for event in node.events)


def is_compensation_boundary(node: FlowNode) -> bool:
    """Tell whether the node says what compensates an activity; no token ever takes it."""
    return node.type is NodeType.BOUNDARY_EVENT and is_compensation(node)


def compensation_start(node: FlowNode) -> FlowNode | None:
    """Return the start event of a compensation event sub-process, None for any other node."""
    if not node.triggered_by_event or node.scope is None:
        return None
    starts = (inner for inner in node.scope.nodes if inner.type is NodeType.START_EVENT)
    return next((start for start in starts if is_compensation(start)), None)


def handler_scope(handler: FlowNode) -> Scope:
    """Return the scope in which a handler stands alone."""
    return Scope(handler_scope_id(handler.id), nodes=(replace(handler, for_compensation=False),))


def handler_scope_id(handler_id: ElementId) -> ElementId:
    """Return the id of the scope of a handler."""
    return ElementId(f"{handler_id}:handler")


def _inside(scope: Scope, belongs_to: ElementId) -> Iterator[Compensable]:
    handlers = _handlers(scope)
    for node in scope.nodes:
        if node.for_compensation:
            if node.scope is not None:
                yield from _inside(node.scope, node.scope.id)
        elif node.scope is not None:
            yield from _sub_process(node, node.scope, handlers, belongs_to)
        elif node.id in handlers:
            yield Compensable(node.id, belongs_to, handlers[node.id])


def _sub_process(
    node: FlowNode, scope: Scope, handlers: Mapping[ElementId, ElementId], belongs_to: ElementId
) -> Iterator[Compensable]:
    if node.triggered_by_event:
        yield from _inside(scope, belongs_to)
        return
    inner = list(_inside(scope, scope.id))
    handler = handlers.get(node.id) or _event_sub_process(scope)
    if handler is not None or any(one.scope == scope.id for one in inner):
        yield Compensable(node.id, belongs_to, handler)
    yield from inner


def _handlers(scope: Scope) -> dict[ElementId, ElementId]:
    """Return the handlers that associations join with activities of the scope."""
    known = {node.id for node in scope.nodes}
    found: dict[ElementId, ElementId] = {}
    for node in scope.nodes:
        handler = scope.compensation_handlers.get(node.id)
        if is_compensation_boundary(node) and node.attached_to is not None and handler is not None and handler in known:
            found.setdefault(node.attached_to, handler)
    return found


def _event_sub_process(scope: Scope) -> ElementId | None:
    return next((node.id for node in scope.nodes if compensation_start(node) is not None), None)
