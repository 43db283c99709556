"""Subscriptions of a waiting state: which events end it, with their names and correlation keys evaluated."""

from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.states import Json
from orchestrator.compiler.asl.language.token import query
from orchestrator.compiler.asl.steps.changes import picked
from orchestrator.compiler.bpmn.model import EventDefinition, EventKind, FlowNode, NodeType, SourceExpression

#: kinds that are found by what others publish, or change
PUBLISHED = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL})


def subscriptions_of(program: Program, element: FlowNode) -> list[Json]:
    """Return the subscriptions of a catch event or receive task."""
    return [_subscription(program, element, event) for event in events_of(element) if event.kind in PUBLISHED]


def events_of(element: FlowNode) -> tuple[EventDefinition, ...]:
    """Return what an element waits for or throws; a receive or send task stands for a message event."""
    if element.type not in {NodeType.RECEIVE_TASK, NodeType.SEND_TASK}:
        return element.events
    execution = element.execution
    name = execution.message_name or element.name or element.id
    return (EventDefinition(EventKind.MESSAGE, name=name, correlation_key=execution.correlation_key),)


def name_of(program: Program, element: FlowNode, event: EventDefinition) -> Json:
    """Return the name of a message or signal: as modelled, or evaluated where it is an expression."""
    name = event.name or element.name or element.id
    if not name.startswith(("=", "${", "#{")):
        return name
    return query(f"$string({program.queries.value(SourceExpression(name, line=event.line), element)})")


def key_of(program: Program, element: FlowNode, event: EventDefinition) -> Json:
    """Return the correlation key as text; None where the model has none: then the name alone correlates."""
    if event.correlation_key is None:
        return None
    return query(f"$string({program.queries.value(event.correlation_key, element)})")


def _subscription(program: Program, element: FlowNode, event: EventDefinition) -> Json:
    if event.kind is EventKind.CONDITIONAL:
        return _condition(program, element, event)
    subscription: dict[str, Json] = {
        "element_id": element.id,
        "kind": str(event.kind),
        "name": name_of(program, element, event),
    }
    if event.kind is EventKind.MESSAGE:
        subscription["correlation_key"] = key_of(program, element, event)
    return subscription


def _condition(program: Program, element: FlowNode, event: EventDefinition) -> Json:
    """Return the subscription of a condition: the record evaluates it over what this token sees, and what changes."""
    source = event.expression
    names: tuple[str, ...] = ()
    if source is not None:
        program.queries.condition(source, element)  # what cannot be translated is a finding
        names = program.queries.read_by(source)
    return {
        "element_id": element.id,
        "kind": str(event.kind),
        "condition": None if source is None else source.text,
        "language": None if source is None else source.language,
        "reads": list(names),
        "seen": query(picked(names)),
    }
