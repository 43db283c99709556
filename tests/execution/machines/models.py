"""Process models written as Python: short enough to read beside the test that runs them."""

from itertools import pairwise

from orchestrator.compiler.bpmn.model import (
    LITERAL,
    ElementId,
    EventDefinition,
    EventKind,
    FlowNode,
    NodeType,
    ProcessModel,
    Scope,
    SequenceFlow,
    SourceExpression,
    TimerKind,
)

_KINDS = {
    "start": NodeType.START_EVENT,
    "end": NodeType.END_EVENT,
    "user": NodeType.USER_TASK,
    "task": NodeType.TASK,
    "script": NodeType.SCRIPT_TASK,
    "xor": NodeType.EXCLUSIVE_GATEWAY,
    "and": NodeType.PARALLEL_GATEWAY,
    "or": NodeType.INCLUSIVE_GATEWAY,
    "sub": NodeType.SUB_PROCESS,
    "boundary": NodeType.BOUNDARY_EVENT,
    "throw": NodeType.INTERMEDIATE_THROW_EVENT,
    "catch": NodeType.INTERMEDIATE_CATCH_EVENT,
}


def node(kind: str, id_: str, **fields: object) -> FlowNode:
    """A flow node by a short word for its kind."""
    return FlowNode(ElementId(id_), _KINDS[kind], **fields)  # type: ignore[arg-type]


def error_end(id_: str, code: str) -> FlowNode:
    return node("end", id_, events=(EventDefinition(EventKind.ERROR, code=code),))


def terminate_end(id_: str) -> FlowNode:
    return node("end", id_, events=(EventDefinition(EventKind.TERMINATE),))


def boundary_error(id_: str, host: str, code: str | None = None) -> FlowNode:
    return node("boundary", id_, attached_to=host, events=(EventDefinition(EventKind.ERROR, code=code),))


def boundary_timer(id_: str, host: str, duration: str) -> FlowNode:
    timer = EventDefinition(
        EventKind.TIMER, timer_kind=TimerKind.DURATION, expression=SourceExpression(duration, LITERAL)
    )
    return node("boundary", id_, attached_to=host, events=(timer,))


def event_sub(id_: str, event: EventDefinition, nodes: list[FlowNode], flows: list[str]) -> FlowNode:
    """An event sub-process; its start event is `<id>_start`."""
    start = node("start", f"{id_}_start", events=(event,))
    return node("sub", id_, triggered_by_event=True, scope=scope(id_, [start, *nodes], flows))


def after(duration: str) -> EventDefinition:
    return EventDefinition(
        EventKind.TIMER, timer_kind=TimerKind.DURATION, expression=SourceExpression(duration, LITERAL)
    )


def message(name: str, correlation_key: str | None = None) -> EventDefinition:
    key = None if correlation_key is None else SourceExpression(correlation_key)
    return EventDefinition(EventKind.MESSAGE, name=name, correlation_key=key)


def flow(text: str) -> SequenceFlow:
    """`a > b`, or `a > b if condition`."""
    path, _, condition = text.partition(" if ")
    source, target = (part.strip() for part in path.split(">"))
    expression = SourceExpression(condition) if condition else None
    return SequenceFlow(ElementId(f"{source}-{target}"), ElementId(source), ElementId(target), expression)


def chain(text: str) -> list[SequenceFlow]:
    """`a > b > c`: one flow per arrow."""
    names = [name.strip() for name in text.split(">")]
    return [flow(f"{source} > {target}") for source, target in pairwise(names)]


def scope(id_: str, nodes: list[FlowNode], flows: list[str]) -> Scope:
    """A scope; each text is a chain, or one flow with a condition."""
    edges = [edge for text in flows for edge in ([flow(text)] if " if " in text else chain(text))]
    return Scope(ElementId(id_), tuple(nodes), tuple(edges))


def process(nodes: list[FlowNode], flows: list[str], name: str | None = None) -> ProcessModel:
    return ProcessModel(ElementId("process"), name, scope("process", nodes, flows))


def sub(id_: str, nodes: list[FlowNode], flows: list[str]) -> FlowNode:
    return node("sub", id_, scope=scope(id_, nodes, flows))
