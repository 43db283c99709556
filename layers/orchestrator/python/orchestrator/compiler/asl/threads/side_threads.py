r"""What side threads do: begin more threads at a split, reach joins that count them, leave.

    <+> F --> [spawn the others] --> first branch            the token goes on in its own thread
    <o> F --> [spawn those whose condition holds] --> leaves
    --> J     [arrive over this flow] --go--> behind J
                                      \-----> ends           the join goes on with another token
`order` grows by the place of a flow at each split, so that what threads wrote is merged in document order.
"""

from collections.abc import Mapping

from orchestrator.compiler.asl.gateways.gateways import default_edge
from orchestrator.compiler.asl.gateways.parallels import edge_guard, require_match
from orchestrator.compiler.asl.language.program import Entry
from orchestrator.compiler.asl.language.states import Choice, Json, Rule, Succeed, Task
from orchestrator.compiler.asl.language.token import VARIABLES, changed, query, quote, strings
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, Step, Visit
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.keeping import with_written
from orchestrator.compiler.asl.steps.moves import occurrence_of, visit_fields
from orchestrator.compiler.flow.graph import Edge, Node, Role
from orchestrator.compiler.flow.scopes import ScopeFlow
from orchestrator.compiler.flow.token_game import flow_number

ORDER = "$states.input.order"
_ANSWER = "$states.result.Payload"


def lower_spawn(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of a split inside a threaded region."""
    site = Site(flow, node)
    if node.role is Role.INCLUSIVE_FORK:
        _spawn_chosen(block, site)
        return
    first, *others = flow.graph.flows(node.index)
    step = block.follow(flow, first)
    width = len(str(len(others) + 1))
    begun = [query(_beginning(block, site, edge, number, width)) for number, edge in enumerate(others, 2)]
    call = _call(
        block, site, Operation.SPAWN, {"beginnings": begun, "ahead": ahead_on(block.context.copy, flow, first)}
    )
    fields = {"order": f"{ORDER} & '.{1:0{width}}'", "trail": strings(step.passed)} | visit_fields(block, site)
    block.add(block.key(node), Task(waits=False, payload=call, output=query(changed(fields)), next=step.key), site)


def _spawn_chosen(block: Block, site: Site) -> None:
    """Begin a thread for each flow that is taken; the thread that decided has come to its end."""
    graph = site.flow.graph
    edges = graph.flows(site.node.index)
    key = block.key(site.node)
    if default_edge(site.node.element, edges) is None:
        key = require_match(block, site)
    width = len(str(len(edges)))
    begun = [
        f"{edge_guard(block, site, edge, edges)} ? {_beginning(block, site, edge, number, width)}"
        for number, edge in enumerate(edges, 1)
    ]
    call = _call(block, site, Operation.SPAWN, {"beginnings": query("[" + ", ".join(begun) + "]"), "ahead": None})
    leaves = block.end(block.stops[graph.nodes[graph.exit].id])
    output = query(changed({"trail": "[]"} | visit_fields(block, site)))
    block.add(key, Task(waits=False, payload=call, output=output, next=leaves), site, "splits")


def _beginning(block: Block, site: Site, edge: Edge, number: int, width: int) -> str:
    """Return JSONata for one thread to begin, and note where it begins."""
    name = block.key(site.node, f":{number}")
    step = block.follow(site.flow, edge)
    enter(block, name, step)
    ahead = _literal(ahead_on(block.context.copy, site.flow, edge))
    return f"{{'entry': {quote(name)}, 'order': {ORDER} & '.{number:0{width}}', 'ahead': {ahead}}}"


def enter(block: Block, name: str, step: Step) -> None:
    """Note where a side thread may begin, once."""
    entry = Entry(name, step.key, step.passed)
    if entry not in block.program.entries:
        block.program.entries.append(entry)


def lower_arrival(block: Block, visit: Visit) -> None:
    """Add the states of a token that reaches a counting join over one of its flows."""
    site, via, _ = visit
    if via is None:
        return
    flow, join = site
    name = block.key(join)
    step = block.leave(flow, join)
    enter(block, name, Step(step.key, _joined(join, step)))
    fields: dict[str, Json] = {
        "join": name,
        "occurrence": occurrence_of(block, site),
        "flow": str(flow_number(flow.graph, via)),
        "flows": [str(number) for number in range(len(flow.graph.incoming[join.index]))],
        "inclusive": join.role is Role.INCLUSIVE_JOIN,
        "ahead": ahead_on(block.context.copy, flow, flow.graph.flows(join.index)[0]),
        **with_written(block, flow, _data()),
    }
    key = block.visit_key(visit)
    merged = {name: f"{_ANSWER}.{name}" for name in ("variables", "clock", "order")}
    merged |= {"written": f"[{_ANSWER}.written]", "trail": strings(_joined(join, step))}
    goes = changed(merged | visit_fields(block, site))
    output = {"go": query(f"{_ANSWER}.go"), "token": query(f"{_ANSWER}.go ? {goes} : $states.input")}
    call = payload(Operation.ARRIVE, _element_id(site), {"group": query("$states.input.group"), **fields})
    chosen = f"{key}:go"
    block.add(key, Task(waits=False, payload=call, output=output, next=chosen), site, "arrives")
    waits = block.end(Ending(f"{name}:waits", Succeed(), join.element, "waits"))
    rule = Rule("$states.input.go", step.key, query("$states.input.token"))
    block.add(chosen, Choice((rule,), waits), site, "complete?")


def _joined(join: Node, step: Step) -> tuple[str, ...]:
    own = () if join.synthetic or join.element is None else (join.element.id,)
    return (*own, *step.passed)


def lower_advance(block: Block, visit: Visit) -> None:
    """Add the state that tells of a way from which fewer joins can be reached."""
    flow, node = visit.site
    step = block.arrive(visit.site)
    ahead = ahead_of(block.context.copy, flow, node.index)
    call = payload(Operation.ADVANCE, _element_id(visit.site), {"group": query("$states.input.group"), "ahead": ahead})
    output = query(changed({"trail": strings(step.passed)}))
    block.add(block.visit_key(visit), Task(waits=False, payload=call, output=output, next=step.key), visit.site, "way")


def leave_state(block: Block, flow: ScopeFlow) -> Task:
    """Return the last state of a side thread."""
    fields = with_written(block, flow, _data())
    call = payload(Operation.LEAVE, None, {"group": query("$states.input.group"), **fields})
    return Task(waits=False, payload=call, output={}, next=None)


def ahead_of(copy: str, flow: ScopeFlow, index: int) -> dict[str, list[str]]:
    """Return which flows into inclusive joins a token can reach that is about to enter a node, by the joins' names."""
    part = flow.threaded_around(index)
    if part is None or index not in part.ahead:
        return {}
    return {
        f"{flow.graph.nodes[join].id}{copy}": [str(number) for number in sorted(numbers)]
        for join, numbers in sorted(part.ahead[index].items())
    }


def ahead_on(copy: str, flow: ScopeFlow, edge: Edge) -> dict[str, list[str]]:
    """Return the same for a token on an edge: on a flow into an inclusive join, it reaches this flow surely."""
    target = flow.graph.nodes[edge.target]
    reached = ahead_of(copy, flow, edge.target)
    part = flow.threaded_around(edge.target)
    if part is not None and edge.target in part.joins and target.role is Role.INCLUSIVE_JOIN:
        reached[f"{target.id}{copy}"] = [str(flow_number(flow.graph, edge))]
    return reached


def _call(block: Block, site: Site, operation: Operation, fields: Mapping[str, Json]) -> dict[str, Json]:
    own: dict[str, Json] = {
        "group": query("$states.input.group"),
        "occurrence": occurrence_of(block, site),
        "variables": query(VARIABLES),
    }
    return payload(operation, _element_id(site), {**own, **fields})


def _data() -> dict[str, Json]:
    return {
        "variables": query(VARIABLES),
        "written": query("[$states.input.written]"),
        "order": query(ORDER),
    }


def _element_id(site: Site) -> str:
    return site.flow.scope.id if site.node.element is None else site.node.element.id


def _literal(value: Mapping[str, list[str]]) -> str:
    pairs = (f"{quote(name)}: {strings(numbers)}" for name, numbers in value.items())
    return "{" + ", ".join(pairs) + "}"
