"""The catalogue of a process: what the runtime needs to know of each element."""

from collections.abc import Iterator, Mapping

from orchestrator.compiler.asl.flow_nodes.throws import is_sent
from orchestrator.compiler.asl.lower import becomes_task
from orchestrator.compiler.asl.scopes.cancellation import CANCEL
from orchestrator.compiler.bpmn.model import (
    EventDefinition,
    EventKind,
    FlowNode,
    NodeType,
    ProcessModel,
    Scope,
    SourceExpression,
)
from orchestrator.compiler.catalogue import (
    Catalogue,
    CatalogueElement,
    CatalogueStart,
    CompensableElement,
    ErrorHandler,
)
from orchestrator.compiler.check.variables import read_by
from orchestrator.compiler.flow.beside import start_of
from orchestrator.compiler.flow.compensation import compensation_start, handlers_of
from orchestrator.compiler.flow.handlers import attached_handlers, scope_handlers
from orchestrator.compiler.flow.scopes import ScopeFlow


def describe(process: ProcessModel, flows: Mapping[str, ScopeFlow], routing_variables: set[str]) -> Catalogue:
    """Return the catalogue; elements in document order, inner ones after their sub-process."""
    elements: dict[str, CatalogueElement] = {}
    for flow in flows.values():
        around = scope_handlers(flow)
        elements.update((node.id, _element(node, flow, around)) for node in flow.scope.nodes)
    known = flows[process.scope.id].compensables
    read = routing_variables.union(*(read_by(node) for node in process.scope.walk()))
    ordered: dict[str, CatalogueElement] = {node.id: elements[node.id] for node in process.scope.walk()}
    return Catalogue(
        process_id=process.id,
        process_name=process.name,
        version_tag=process.version_tag,
        elements=ordered,
        planned_tasks=tuple(node.id for node in _on_plan(process.scope) if becomes_task(node)),
        starts=tuple(_starts(process)),
        routing_variables=tuple(sorted(read)),
        compensables={one.element_id: CompensableElement(one.scope, one.handler) for one in known.values()},
        cancellation=CANCEL if any(True for _ in handlers_of(known, process.scope.id)) else None,
    )


def _on_plan(scope: Scope) -> Iterator[FlowNode]:
    """Yield the nodes that a run without compensation may enter."""
    for node in scope.nodes:
        if not node.for_compensation and compensation_start(node) is None:
            yield node
            if node.scope is not None:
                yield from _on_plan(node.scope)


def _starts(process: ProcessModel) -> Iterator[CatalogueStart]:
    """The events that start instances; several at one start event start one each."""
    for node in process.scope.nodes:
        if node.type is not NodeType.START_EVENT:
            continue
        if not node.events:
            yield CatalogueStart(node.id, "none")
        for event in node.events:
            timer = None if event.timer_kind is None else str(event.timer_kind)
            language = event.expression.language if _is_condition(event) and event.expression else None
            yield CatalogueStart(node.id, str(event.kind), _awaited(node, event), timer, language)


def _is_condition(event: EventDefinition) -> bool:
    return event.kind is EventKind.CONDITIONAL


def _awaited(node: FlowNode, event: EventDefinition) -> str | None:
    """Return the name of what is awaited, or the time, or the condition."""
    if event.kind is EventKind.TIMER or _is_condition(event):
        return _text(event.expression)
    return event.name or node.name or node.id


def _element(node: FlowNode, flow: ScopeFlow, around: tuple[ErrorHandler, ...]) -> CatalogueElement:
    execution = node.execution
    return CatalogueElement(
        id=node.id,
        type=str(node.type),
        name=node.name,
        documentation=node.documentation,
        lane=_lane(node, flow),
        task_type=execution.task_type,
        result_variable=execution.result_variable,
        assignee=execution.assignment.assignee,
        candidate_users=execution.assignment.candidate_users,
        candidate_groups=execution.assignment.candidate_groups,
        capabilities=execution.capabilities,
        headers=dict(execution.headers),
        form=_form(node),
        priority=_text(execution.priority),
        due_date=_text(execution.due_date),
        retries=_text(execution.retries),
        error_handlers=attached_handlers(flow, node) + around,
        properties=_properties(node, flow),
    )


def _lane(node: FlowNode, flow: ScopeFlow) -> str | None:
    """Return the lane of the element, else that of the sub-process around it."""
    level: ScopeFlow | None = flow
    lane = node.lane
    while lane is None and level is not None and level.owner is not None:
        lane, level = level.owner.lane, level.outer
    return lane


def _form(node: FlowNode) -> Mapping[str, object] | None:
    form = node.execution.form
    if form is None:
        return None
    known = {"key": form.key, "body": form.body, "fields": [dict(item) for item in form.fields] or None}
    return {name: value for name, value in known.items() if value is not None}


def _properties(node: FlowNode, flow: ScopeFlow) -> Mapping[str, object]:
    execution = node.execution
    call = execution.call
    known: dict[str, object | None] = {
        "implementation": execution.implementation,
        "retry_backoff": _text(execution.retry_backoff),
        "follow_up_date": _text(execution.follow_up_date),
        "timeout": _text(execution.timeout),
        "decision": None if call is None else call.decision,
        "called_element": None if call is None else call.called_element,
        "message_name": execution.message_name,
        "correlation_key": _text(execution.correlation_key),
        "attached_to": node.attached_to or _guarded_scope(node, flow),
        "interrupting": None if node.interrupting else False,
        "events": [str(event.kind) for event in node.events] or None,
        "sent": is_sent(node) or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _guarded_scope(node: FlowNode, flow: ScopeFlow) -> str | None:
    """Return the scope that the start event of an event sub-process waits beside."""
    starts = flow.owner is not None and flow.owner.triggered_by_event and start_of(flow.owner) is node
    return flow.outer.scope.id if starts and flow.outer is not None else None


def _text(expression: SourceExpression | None) -> str | None:
    return None if expression is None else expression.text
