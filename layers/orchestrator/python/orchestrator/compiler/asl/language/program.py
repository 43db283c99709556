"""What the lowering of one process knows and collects beside the states."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.compiler.asl.language.queries import Queries
from orchestrator.compiler.asl.language.states import Json, Key, State
from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType, ProcessModel
from orchestrator.compiler.flow.scopes import ScopeFlow, is_bounded, terminates
from orchestrator.diagnostics import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Label:
    """Where a state comes from: its element (None: the process), and what it does beside the element itself."""

    element: FlowNode | None
    purpose: str = ""


def shown(element: FlowNode | None) -> str:
    """Return an element's name for messages, on one line; its id where it has none."""
    return "" if element is None else " ".join((element.name or element.id).split())


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a side thread may begin: its name, the state, and the ids of the nodes passed on the way there."""

    name: str
    key: Key
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandlerEntry:
    """Where the thread of an escalation handler begins: its event, in which copy of the states, what it can reach."""

    event_id: str
    copy: str
    name: str
    ahead: Json


@dataclass(slots=True)
class Program:
    """One process on its way to a machine. `flows` are the analysed scopes, `labels` say where states come from."""

    process: ProcessModel
    flows: Mapping[str, ScopeFlow]
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    labels: dict[Key, Label] = field(default_factory=dict[Key, Label])
    #: where side threads begin, and the states that only they reach
    entries: list[Entry] = field(default_factory=list[Entry])
    side_states: dict[Key, State] = field(default_factory=dict[Key, State])
    handlers: list[HandlerEntry] = field(default_factory=list[HandlerEntry])
    queries: Queries = field(init=False)
    #: some scope may be stopped from inside, so that tokens remember what they wrote before inner splits
    may_abort: bool = field(init=False)
    #: some activity that can be compensated has variables of its own, which its handler sees
    has_snapshots: bool = field(init=False)
    #: variables that conditional events of an instance read: what writes them tells the record
    watched: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.queries = Queries(self.diagnostics)
        boxed = any(flow.is_boxed() or flow.is_guarded() for flow in self.flows.values())
        nodes = (node for flow in self.flows.values() for node in flow.scope.nodes if node.id in flow.compensables)
        self.has_snapshots = any(map(is_bounded, nodes))
        begins = {node.id for node in self.process.scope.nodes if node.type is NodeType.START_EVENT}
        conditions = [
            event.expression
            for node in self.process.scope.walk()
            if node.id not in begins
            for event in node.events
            if event.kind is EventKind.CONDITIONAL and event.expression is not None
        ]
        self.watched = tuple(sorted({name for each in conditions for name in self.queries.read_by(each)}))
        self.may_abort = boxed or any(terminates(node) for node in self.process.scope.walk())

    def handler_entry(self, event_id: str, copy: str) -> HandlerEntry | None:
        """Return where the thread of a handler begins that is around the states of this `copy`."""
        found = (entry for entry in self.handlers if entry.event_id == event_id and copy.startswith(entry.copy))
        return max(found, key=lambda entry: len(entry.copy), default=None)

    def report(self, code: str, message: str, element: FlowNode | None, severity: Severity = Severity.ERROR) -> None:
        """Add a finding about an element."""
        self.diagnostics.append(
            Diagnostic(
                code,
                message,
                None if element is None else element.id,
                severity,
                None if element is None else element.line,
            )
        )

    def label(self, key: Key, element: FlowNode | None, purpose: str = "") -> Key:
        """Note where the state `key` comes from, and return the key."""
        self.labels[key] = Label(element, purpose)
        return key
