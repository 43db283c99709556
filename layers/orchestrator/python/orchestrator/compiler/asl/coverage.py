"""Which BPMN elements run, read from the compiler itself: each row is a tiny model that is compiled."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from orchestrator.compiler.asl.support import unsupported
from orchestrator.compiler.bpmn.model import (
    ElementId,
    EventDefinition,
    EventKind,
    FlowNode,
    MultiInstance,
    NodeType,
    ProcessModel,
    Scope,
    SequenceFlow,
    SourceExpression,
    StandardLoop,
)
from orchestrator.compiler.flow.compensation import compensation_start

_BODY = Scope(ElementId("inner"))
#: what an event-based gateway needs behind it
_CAUGHT = FlowNode(ElementId("y"), NodeType.INTERMEDIATE_CATCH_EVENT, events=(EventDefinition(EventKind.MESSAGE),))
_CANCEL = (EventDefinition(EventKind.CANCEL),)
_TO_CAUGHT = SequenceFlow(ElementId("f"), ElementId("x"), ElementId("y"))


@dataclass(frozen=True, slots=True)
class Row:
    """One construct: its name in words, and why it does not run (None: it runs)."""

    construct: str
    reason: str | None


def coverage() -> tuple[Row, ...]:
    """Every construct of BPMN 2.0 process models, in the order of the specification's chapters."""
    return tuple(Row(name, _reason(node)) for name, node in _constructs())


def render_coverage() -> str:
    """The table as a Markdown page."""
    rows = coverage()
    runs = sum(row.reason is None for row in rows)
    lines = [
        "# BPMN coverage",
        "",
        "Generated from the compiler (`make docs`). What does not run is refused by validation with",
        "`UNSUPPORTED_ELEMENT`, the element and the reason: nothing deploys and then does nothing.",
        "",
        f"{runs} of {len(rows)} constructs run.",
        "",
        "| construct | runs | if not, why |",
        "|---|---|---|",
        *(f"| {row.construct} | {'no' if row.reason else 'yes'} | {row.reason or ''} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def _constructs() -> Iterator[tuple[str, FlowNode]]:
    for kind in NodeType:
        if kind.name.endswith(("_TASK", "_GATEWAY", "PROCESS")) or kind in {NodeType.TASK, NodeType.CALL_ACTIVITY}:
            yield _words(kind), _node(kind)
        if kind is NodeType.TRANSACTION:
            yield "transaction", _node(kind)
        if kind is NodeType.AD_HOC_SUB_PROCESS:
            named = SourceExpression("=[]")
            begun = replace(_node(kind), scope=Scope(ElementId("x"), nodes=(_CAUGHT,)), active_elements=named)
            yield "ad hoc sub process that names what it begins with", begun
    yield from _events()
    yield from _several()
    yield from _event_sub_processes()
    yield "compensation handler", FlowNode(ElementId("x"), NodeType.SERVICE_TASK, for_compensation=True)
    yield "standard loop", FlowNode(ElementId("x"), NodeType.USER_TASK, loop=StandardLoop(None))
    condition = SourceExpression("true")
    for name, sequential in (("sequential", True), ("parallel", False)):
        plain, ending = MultiInstance(sequential), MultiInstance(sequential, completion_condition=condition)
        yield f"{name} multi-instance", FlowNode(ElementId("x"), NodeType.USER_TASK, multi_instance=plain)
        title = f"{name} multi-instance with completion condition"
        yield title, FlowNode(ElementId("x"), NodeType.USER_TASK, multi_instance=ending)


def _event_sub_processes() -> Iterator[tuple[str, FlowNode]]:
    for kind in (_E.ERROR, _E.TIMER, _E.MESSAGE, _E.SIGNAL, _E.ESCALATION, _E.CONDITIONAL, _E.COMPENSATION):
        for interrupting in (True, False):
            if not interrupting and kind not in _NON_INTERRUPTING:
                continue
            events = (EventDefinition(kind),)
            start = FlowNode(ElementId("s"), NodeType.START_EVENT, events=events, interrupting=interrupting)
            body = Scope(ElementId("x"), nodes=(start,))
            title = f"{kind} event sub-process" if interrupting else f"{kind} event sub-process, non-interrupting"
            yield title, FlowNode(ElementId("x"), NodeType.SUB_PROCESS, scope=body, triggered_by_event=True)


def _events() -> Iterator[tuple[str, FlowNode]]:
    plain = (NodeType.START_EVENT, NodeType.INTERMEDIATE_THROW_EVENT, NodeType.END_EVENT)
    for kind in plain:
        yield f"none {_words(kind)}", FlowNode(ElementId("x"), kind)
    for kind, events in _EVENTS.items():
        for event in events:
            definition = (EventDefinition(event),)
            yield f"{event} {_words(kind)}", FlowNode(ElementId("x"), kind, events=definition)
            if kind is NodeType.BOUNDARY_EVENT and event in _NON_INTERRUPTING:
                title = f"{event} boundary event, non-interrupting"
                yield title, FlowNode(ElementId("x"), kind, events=definition, interrupting=False)


def _several() -> Iterator[tuple[str, FlowNode]]:
    """Events with several definitions: one of them is enough, or (parallel multiple) all have to happen."""
    definitions = (EventDefinition(_E.MESSAGE), EventDefinition(_E.SIGNAL))
    caught = (NodeType.START_EVENT, NodeType.INTERMEDIATE_CATCH_EVENT, NodeType.BOUNDARY_EVENT)
    for kind in (*caught, NodeType.INTERMEDIATE_THROW_EVENT, NodeType.END_EVENT):
        yield f"multiple {_words(kind)}", FlowNode(ElementId("x"), kind, events=definitions)
    timed = (*definitions, EventDefinition(_E.TIMER))
    for kind in caught[1:]:
        yield f"multiple {_words(kind)} with a timer", FlowNode(ElementId("x"), kind, events=timed)
    for kind in caught:
        every = FlowNode(ElementId("x"), kind, events=definitions, parallel_multiple=True)
        yield f"parallel multiple {_words(kind)}", every


_E = EventKind
_NON_INTERRUPTING = frozenset({_E.TIMER, _E.MESSAGE, _E.SIGNAL, _E.ESCALATION, _E.CONDITIONAL})
_EVENTS: dict[NodeType, tuple[EventKind, ...]] = {
    NodeType.START_EVENT: (_E.TIMER, _E.MESSAGE, _E.SIGNAL, _E.CONDITIONAL),
    NodeType.INTERMEDIATE_CATCH_EVENT: (_E.TIMER, _E.MESSAGE, _E.SIGNAL, _E.CONDITIONAL, _E.LINK),
    NodeType.INTERMEDIATE_THROW_EVENT: (_E.MESSAGE, _E.SIGNAL, _E.ESCALATION, _E.COMPENSATION, _E.LINK),
    NodeType.END_EVENT: (
        _E.MESSAGE,
        _E.SIGNAL,
        _E.ERROR,
        _E.ESCALATION,
        _E.COMPENSATION,
        _E.CANCEL,
        _E.TERMINATE,
    ),
    NodeType.BOUNDARY_EVENT: (
        _E.ERROR,
        _E.TIMER,
        _E.MESSAGE,
        _E.SIGNAL,
        _E.ESCALATION,
        _E.CONDITIONAL,
        _E.COMPENSATION,
        _E.CANCEL,
    ),
}


def _node(kind: NodeType) -> FlowNode:
    scope = _BODY if kind.name.endswith("PROCESS") or kind is NodeType.TRANSACTION else None
    return FlowNode(ElementId("x"), kind, scope=scope)


def _reason(node: FlowNode) -> str | None:
    nodes, flows = ((node, _CAUGHT), (_TO_CAUGHT,)) if node.type is NodeType.EVENT_BASED_GATEWAY else ((node,), ())
    process = ProcessModel(ElementId("p"), None, _around(Scope(ElementId("p"), nodes=nodes, flows=flows)))
    finding = next(iter(unsupported(process)), None)
    return None if finding is None else finding.message.partition("cannot run: ")[2]


def _around(scope: Scope) -> Scope:
    """Put what belongs inside of a transaction into one: cancel end events, compensation event sub-processes."""
    inside = any(compensation_start(node) for node in scope.nodes)
    if not inside and not any(node.type is NodeType.END_EVENT and node.events == _CANCEL for node in scope.nodes):
        return scope
    transaction = FlowNode(ElementId("t"), NodeType.TRANSACTION, scope=scope)
    cancelled = FlowNode(ElementId("c"), NodeType.BOUNDARY_EVENT, events=_CANCEL, attached_to=transaction.id)
    return Scope(ElementId("q"), nodes=(transaction, cancelled))


def _words(kind: NodeType) -> str:
    return kind.name.replace("_", " ").lower()
