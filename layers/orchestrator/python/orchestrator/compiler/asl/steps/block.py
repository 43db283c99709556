"""A `States` map under construction: the machine, or one branch of a `Parallel`.

Nodes that do nothing but pass a token on (none events, abstract tasks, merges, inlined sub-processes) get no
state: the state before them adds their ids to the trail on its way.

    Task A -> [X merge] -> [task B] -> Task C          A: Output trail ["X", "B"], Next C
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.states import Key, Pass, State, States, is_end, targets
from orchestrator.compiler.asl.language.token import CLOCK, changed, extended_trail, occurrence, query
from orchestrator.compiler.asl.steps.changes import telling
from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.flow.graph import JOINS, Edge, Node, Role
from orchestrator.compiler.flow.scopes import ScopeFlow, awaited, is_bounded, terminates
from orchestrator.diagnostics import has_errors

ENDLESS_LOOP = "ENDLESS_LOOP"
_PASSING_TYPES = frozenset(
    {
        NodeType.START_EVENT,
        NodeType.END_EVENT,
        NodeType.INTERMEDIATE_THROW_EVENT,
        NodeType.INTERMEDIATE_CATCH_EVENT,
        NodeType.BOUNDARY_EVENT,
        NodeType.TASK,
        NodeType.EXCLUSIVE_GATEWAY,
        NodeType.PARALLEL_GATEWAY,
        NodeType.INCLUSIVE_GATEWAY,
    }
)


class Site(NamedTuple):
    """A node in its scope."""

    flow: ScopeFlow
    node: Node


def is_compensable(site: Site) -> bool:
    """Tell whether the node is an activity that can be compensated, so that the record must know of its completion."""
    return site.node.element is not None and site.node.element.id in site.flow.compensables


class Ending(NamedTuple):
    """A state in which a block ends; it is added when something leads to it, and what comes `then` with it."""

    key: Key
    state: State
    element: FlowNode | None = None
    purpose: str = "end"
    then: "Ending | None" = None


class Step(NamedTuple):
    """Where an edge leads: the next state, and the ids of the nodes passed on the way."""

    key: Key
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a block knows of what is around it.

    `concurrent`: a `Parallel` merges what this block writes. `counted`: its join counts tokens. `copy` tells
    copies of a node apart. `forked` are the scopes with a `Parallel` between their border and this block.
    `cycles` are the nodes on cycles for scopes where the block sees less than the whole scope. `threaded` are the
    entries of the threaded regions whose side threads run this block. `guarded` are the scopes whose event
    sub-processes may take over from this block. `tells`: what is written in this block is told, for
    what may interrupt it together with others, or begin beside it.
    """

    concurrent: bool = False
    counted: bool = False
    copy: str = ""
    forked: frozenset[str] = frozenset()
    cycles: Mapping[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])
    threaded: frozenset[str] = frozenset()
    guarded: frozenset[str] = frozenset()
    tells: bool = False


class Visit(NamedTuple):
    """A token about to enter a node, over an edge (None: the node is where it begins).

    `left`: what happens beside the activity that it comes from has been told that the activity has ended.
    """

    site: Site
    via: Edge | None = None
    left: bool = False


Lowering = Callable[["Block", ScopeFlow, Node], None]
"""Adds the states of one node to a block."""

Entering = Callable[["Block", Visit], None]
"""Adds the states of one visit to a block."""


class Block:
    """Collects the states of one map; `stops` are the nodes where it ends, with the states to go to there."""

    def __init__(
        self, name: str, program: Program, lower: "Entering", *, context: Context, stops: Mapping[str, Ending]
    ) -> None:
        self.name = name
        self.program = program
        self._lower = lower
        self.context = context
        self.stops = stops
        self.states: dict[Key, State] = {}
        self._pending: list[Visit] = []
        self._known: set[Key] = set()

    def add(self, key: Key, state: State, site: Site, purpose: str = "") -> Key:
        """Add a state that comes from the element of `site`."""
        self.states[key] = state
        return self.program.label(key, site.node.element, purpose)

    def key(self, node: Node, suffix: str = "") -> Key:
        """Return the key of the state of a node."""
        return f"{node.id}{self.context.copy}{suffix}"

    def nested(self, name: str, context: Context, stops: Mapping[str, Ending]) -> "Block":
        """Begin a branch inside this block."""
        return Block(name, self.program, self._lower, context=context, stops=stops)

    def complete(self, start_at: Key) -> States:
        """Lower the nodes that the states so far lead to, until nothing is missing."""
        while self._pending:
            self._lower(self, self._pending.pop())
        met = reached(start_at, self.states)
        # where something was refused, states are missing
        if not any(map(is_end, met.values())) and not has_errors(self.program.diagnostics):
            elements = (self.program.labels[key].element for key in met if key in self.program.labels)
            self.program.report(ENDLESS_LOOP, "Nothing leads out of this loop", next(filter(None, elements), None))
        return States(start_at, met | self.states)

    def begin(self, key: Key, step: Step, element: FlowNode | None) -> Key:
        """Return the first state of a block; nodes passed before it need the state `key`, which notes them."""
        if not step.passed:
            return step.key
        self.states[key] = Pass(query(changed({"trail": extended_trail(step.passed)})), step.key)
        return self.program.label(key, element, "begins")

    def leave(self, flow: ScopeFlow, node: Node) -> Step:
        """Return where a token goes that leaves the node regularly."""
        step = self.follow(flow, flow.graph.flows(node.index)[0])
        return self.told(Site(flow, node), step) if writes(node.element) else step

    def told(self, site: Site, step: Step) -> Step:
        """Return the way to `step` past the record, which is told what a node has written that conditions read."""
        element, watched = site.node.element, self.program.watched
        if element is None or not watched or is_mapped(site.flow):
            return step
        entered = occurrence(site.node.id) if self.is_cyclic(site) else "0"
        number = query(f"{CLOCK} * 1000 + {entered}")
        state = telling(element.id, number, watched, step.key, step.passed)
        return Step(self.add(self.key(site.node, ":changed"), state, site, "changed"))

    def follow(self, flow: ScopeFlow, edge: Edge) -> Step:
        """Return where an edge leads, past the nodes that need no state."""
        return self.arrive(Site(flow, flow.graph.nodes[edge.target]), edge)

    def arrive(self, site: Site, via: Edge | None = None, *, left: bool = False) -> Step:
        """Return where a token goes that is about to enter a node; `left` as in `Visit`."""
        visit = Visit(site, via, left)
        if self.is_departure(visit):
            return Step(self._enter(visit))
        passed: list[str] = []
        seen: set[str] = set()
        while site.node.id not in seen:
            seen.add(site.node.id)
            stop = self.stops.get(site.node.id)
            if stop is not None:
                return Step(self.end(stop), tuple(passed))
            if self._is_special(visit):
                return Step(self._enter(visit), tuple(passed))
            following = self._pass(site)
            if following is None:
                return Step(self._enter(visit), (*passed, *_announced(site.node)))
            site, via, ids = following
            visit = Visit(site, via)
            passed.extend(ids)
        self.program.report(ENDLESS_LOOP, "Nothing on this loop waits or leaves it", site.node.element)
        return Step(self.end(next(iter(self.stops.values()))), tuple(passed))

    def end(self, ending: Ending) -> Key:
        """Add an end of the block if it is not there yet, and return its key."""
        if ending.key not in self.states:
            self.states[ending.key] = ending.state
            self.program.label(ending.key, ending.element, ending.purpose)
            if ending.then is not None:
                self.end(ending.then)
        return ending.key

    def is_cyclic(self, site: Site) -> bool:
        """Tell whether a token of this block may enter the node again in the same scope path."""
        flow = site.flow
        known = self.context.cycles.get(flow.scope.id)
        if known is not None:
            return site.node.index in known
        if site.node.index in flow.cyclic:
            return True
        if flow.outer is None or flow.owner_node is None or flow.is_boxed():
            return False
        return self.is_cyclic(Site(flow.outer, flow.owner_node))

    def watches(self, site: Site) -> tuple[FlowNode, ...]:
        """Return the boundary events that are waited for beside the activity at a node."""
        element = site.node.element
        attached = () if element is None else site.flow.attached.get(element.id, ())
        if not attached or site.node.synthetic or passes(element):
            return ()
        return tuple(event for event in attached if not event.interrupting and awaited(event))

    def is_departure(self, visit: Visit) -> bool:
        """Tell whether a token leaves an activity here beside which something may still happen."""
        flow, via = visit.site.flow, visit.via
        if via is None or visit.left:
            return False
        return bool(self.watches(Site(flow, flow.graph.nodes[via.source])))

    def _is_special(self, visit: Visit) -> bool:
        site = visit.site
        begins = self.is_guarded_entry(site) or self.is_threaded_entry(site)
        return begins or self.is_counted(site) or self.is_advance(visit)

    def is_guarded_entry(self, site: Site) -> bool:
        """Tell whether a scope with event sub-processes is entered here, and not yet its body."""
        flow = site.flow
        return site.node.role is Role.ENTRY and flow.is_guarded() and flow.scope.id not in self.context.guarded

    def is_threaded_entry(self, site: Site) -> bool:
        """Tell whether a threaded region begins here that this block is no part of."""
        return site.node.id not in self.context.threaded and site.flow.threaded_at(site.node.index) is not None

    def is_counted(self, site: Site) -> bool:
        """Tell whether the node is a join that counts the tokens of side threads."""
        return any(site.node.index in part.joins for part in site.flow.threaded)

    def is_advance(self, visit: Visit) -> bool:
        """Tell whether a token of a side thread can reach fewer inclusive joins behind this edge than before."""
        return visit.via is not None and visit.site.flow.is_advance(visit.via)

    def visit_key(self, visit: Visit) -> Key:
        """Return the key of the state that a visit leads to."""
        site, via, _ = visit
        graph = site.flow.graph
        if via is not None and self.is_departure(visit):
            return self.key(graph.nodes[via.source], f":left:{graph.outgoing[via.source].index(via)}")
        if via is not None and (self.is_counted(site) or self.is_advance(visit)):
            return self.key(site.node, f":{graph.incoming[site.node.index].index(via)}")
        if self.is_guarded_entry(site):
            return self.guard_key(site)
        if self.watches(site) and not self.is_threaded_entry(site):
            return self.key(site.node, ":watched")
        return self.key(site.node)

    def guard_key(self, site: Site) -> Key:
        """Return the key of the state around the body of a scope with event sub-processes; `site` is its entry."""
        return self.key(site.node, ":guarded")

    def _enter(self, visit: Visit) -> Key:
        key = self.visit_key(visit)
        if key not in self._known:
            self._known.add(key)
            self._pending.append(visit)
        return key

    def _pass(self, site: Site) -> tuple[Site, Edge | None, tuple[str, ...]] | None:
        """Return where a token stands after a node that needs no state, and the ids passed; None if it needs one."""
        flow, node = site
        if node.role is Role.EXIT:
            return self._leave_scope(flow)
        ids = () if node.synthetic or node.element is None else (node.element.id,)
        if node.role is Role.ABORT:
            plain = terminates(node.element) and flow.scope.id not in self.context.forked
            return (Site(flow, flow.graph.nodes[flow.graph.exit]), None, ids) if plain else None
        if places_payload(site):
            return None
        passed = node.role is Role.STEP and passes(node.element) and not is_compensable(site)
        if node.role is Role.ENTRY or node.role in JOINS or passed:
            return (*_next_site(site), ids)
        inner = self._inlined(node)
        return None if inner is None else (Site(inner, inner.graph.nodes[inner.graph.entry]), None, ())

    def _leave_scope(self, flow: ScopeFlow) -> tuple[Site, Edge | None, tuple[str, ...]] | None:
        if flow.outer is None or flow.owner_node is None:
            return self._leave_event_sub_process(flow)
        return (*_next_site(Site(flow.outer, flow.owner_node)), (flow.owner_node.id,))

    def _leave_event_sub_process(self, flow: ScopeFlow) -> tuple[Site, Edge | None, tuple[str, ...]] | None:
        """The scope around an event sub-process that has taken over ends with it."""
        outer, owner = flow.outer, flow.owner
        if outer is None or owner is None or not owner.triggered_by_event:
            return None
        return Site(outer, outer.graph.nodes[outer.graph.exit]), None, (owner.id,)

    def _inlined(self, node: Node) -> ScopeFlow | None:
        """Return the contents of a sub-process that needs no state of its own."""
        if node.role is not Role.STEP or node.element is None or node.element.scope is None:
            return None
        inner = self.program.flows[node.element.scope.id]
        return None if inner.is_boxed() else inner


def _next_site(site: Site) -> tuple[Site, Edge]:
    graph = site.flow.graph
    edge = graph.flows(site.node.index)[0]
    return Site(site.flow, graph.nodes[edge.target]), edge


def in_order(start_at: Key, states: dict[Key, State]) -> dict[Key, State]:
    """Return the states in the order in which a token may meet them, then those that none meets."""
    return reached(start_at, states) | states


def reached(start_at: Key, states: dict[Key, State]) -> dict[Key, State]:
    """Return the states that a token may meet, in this order."""
    ordered: dict[Key, State] = {}
    pending = [start_at]
    while pending:
        key = pending.pop()
        if key in states and key not in ordered:
            ordered[key] = states[key]
            pending.extend(reversed(targets(states[key])))
    return ordered


def places_payload(site: Site) -> bool:
    """Tell whether a start event of the process says where the payload of its message or signal goes."""
    element = site.node.element
    if element is None or element.type is not NodeType.START_EVENT or site.flow.owner is not None:
        return False
    return any(event.variable for event in element.events) or bool(element.events and element.execution.outputs)


def passes(element: FlowNode | None) -> bool:
    """Tell whether a token passes the element at once, without any effect but a trace in the trail."""
    return element is not None and not is_bounded(element) and passed_element(element)


def passed_element(element: FlowNode) -> bool:
    """Tell whether one entry of the element has no effect, its loop marker aside."""
    if element.type not in _PASSING_TYPES:
        return False
    if element.type is NodeType.INTERMEDIATE_CATCH_EVENT and not element.events:
        return False
    if element.type is NodeType.TASK:
        return element.execution.task_type is None
    entered = element.type in {NodeType.START_EVENT, NodeType.BOUNDARY_EVENT}
    return entered or all(event.kind is EventKind.LINK for event in element.events)


def _announced(node: Node) -> tuple[str, ...]:
    """Return the id of a gateway or abort: the state before it notes it in the trail."""
    if node.synthetic or node.element is None or node.role is Role.STEP:
        return ()
    return (node.element.id,)


def writes(element: FlowNode | None) -> bool:
    """Tell whether a token that leaves the element may have other variables than before."""
    if element is None or passes(element):
        return False
    if element.scope is not None:
        return is_bounded(element)
    if element.type is NodeType.INTERMEDIATE_CATCH_EVENT:
        return any(event.kind is not EventKind.TIMER for event in element.events)
    return element.type not in {NodeType.INTERMEDIATE_THROW_EVENT, NodeType.END_EVENT}


def is_mapped(flow: ScopeFlow) -> bool:
    """Tell whether what is written in a scope stays inside: a sub-process around it has output mappings."""
    level: ScopeFlow | None = flow
    while level is not None:
        if level.owner is not None and level.owner.execution.outputs:
            return True
        level = level.outer
    return False
