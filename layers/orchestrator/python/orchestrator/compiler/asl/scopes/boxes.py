r"""Activities that are a scope of their own: a `Parallel` of the body, and of a watcher per timer.

    +--[ body ]--[close]--+      catch.<boundary> -> [interrupt what is open inside] -> path of the boundary event
    +--[ watcher ]--------+      the watcher waits for its time, or for the body's [close]

The body is what the sub-process contains, or what a loop marker repeats.
"""

from orchestrator.compiler.asl.gateways.joins import scope_end
from orchestrator.compiler.asl.interruptions.aborts import cancels
from orchestrator.compiler.asl.interruptions.catchers import Taking, is_shared, taking_over
from orchestrator.compiler.asl.interruptions.watchers import close, watched_boundaries, watcher
from orchestrator.compiler.asl.language.states import Catcher, Parallel, States
from orchestrator.compiler.asl.language.token import (
    VARIABLES,
    changed,
    fork_fields,
    inner_scope,
    merged_fields,
    occurrence,
    query,
)
from orchestrator.compiler.asl.scopes.compensations import Undoing, add_compensation
from orchestrator.compiler.asl.steps.block import Block, Context, Ending, Site, Step, is_compensable
from orchestrator.compiler.asl.steps.bodies import Begin, exit_of, local_names, outputs_of
from orchestrator.compiler.asl.steps.changes import TOLD
from orchestrator.compiler.asl.steps.keeping import told_before
from orchestrator.compiler.asl.steps.moves import visit_fields
from orchestrator.compiler.asl.steps.results import mapped
from orchestrator.compiler.asl.steps.settlements import settled
from orchestrator.compiler.asl.threads.non_interrupting import add_departure
from orchestrator.compiler.bpmn.model import ElementId, FlowNode
from orchestrator.compiler.flow.graph import Edge, Node
from orchestrator.compiler.flow.scopes import ScopeFlow, is_ad_hoc, is_bounded


def add_box(block: Block, flow: ScopeFlow, node: Node, begin: Begin) -> None:
    """Add the states of an activity that is a scope of its own; `begin` fills its body and returns its start."""
    element = node.element
    if element is None:
        return
    site = Site(flow, node)
    watched = watched_boundaries(flow, element)
    after = block.leave(flow, node)
    scope = inner_scope(element.id, occurrence(node.id) if block.is_cyclic(site) else None)
    told = element.scope is None or (is_compensable(site) and not _is_repeated(element))
    left = () if told else (element.id,)
    merged = merged_fields((*left, *after.passed), concurrent=block.context.concurrent)
    watchers = (watcher(block, block.key(node, f":{position}"), one) for position, one in enumerate(watched, 1))
    state = Parallel(
        branches=(_body(block, site, element, begin, closes=bool(watched)), *watchers),
        arguments=query(changed(_entered(block, element, scope))),
        output=query(changed(merged | _told(block, element) | visit_fields(block, site))),
        next=after.key,
        catch=tuple(_catcher(block, site, edge, scope) for edge in flow.boundary_edges(node.index)),
    )
    key = told_before(block, site, block.key(node))
    block.add(key, state, site, "all rounds" if _is_repeated(element) else "")


def _told(block: Block, element: FlowNode) -> dict[str, str]:
    """Return the keys that leave an activity with variables of its own, where conditional events read some."""
    return {TOLD: "$append([], $states.result.written)"} if block.program.watched and is_bounded(element) else {}


def _is_repeated(element: FlowNode) -> bool:
    return element.multi_instance is not None or element.loop is not None


def _entered(block: Block, element: FlowNode, scope: str) -> dict[str, str]:
    """Return what changes when a token enters; input mappings of a sub-process are variables inside it only."""
    fields = fork_fields(scope, aborts=block.program.may_abort)
    inputs = element.execution.inputs
    if element.scope is None or not inputs:
        return fields
    return fields | {"variables": f"$merge([{VARIABLES}, {mapped(block.program, element, inputs, VARIABLES)}])"}


def _body(block: Block, site: Site, element: FlowNode, begin: Begin, *, closes: bool) -> States:
    name = block.key(site.node, ":0")
    changes, written = outputs_of(block.program, element)
    end = Ending(f"{name}:end", scope_end(changes, written, {}), element, "ends")
    last = Ending(f"{name}:close", close(site.node.id, end.key), element, "close", end) if closes else end
    if is_compensable(site) and not _is_repeated(element):
        last = settled(element, f"{name}:settle", last)
    stops = {exit_of(block.program, element): last}
    context = Context(
        concurrent=True,
        copy=f"{block.context.copy}*" if _is_repeated(element) else block.context.copy,
        forked=block.context.forked,
        cycles={**block.context.cycles, site.flow.scope.id: frozenset()},
        threaded=block.context.threaded,
        guarded=block.context.guarded,
        tells=block.context.tells or _is_interruptible(block, site),
    )
    body = block.nested(name, context, stops)
    return body.complete(begin(body, site, last))


def _catcher(block: Block, site: Site, edge: Edge, scope: str) -> Catcher:
    """Return the catcher of a boundary event."""
    event = site.flow.graph.nodes[edge.target].element
    if event is None:
        raise ValueError(f"{site.node.id} has a boundary event that is none")
    if cancels(event):
        return _cancelled(block, site, event, edge, scope)
    step = block.told(Site(site.flow, site.flow.graph.nodes[edge.target]), block.follow(site.flow, edge))
    taking = Taking(event, event.id, step, visit_fields(block, site), _local(site), keeps=not _is_mapped(site))
    return taking_over(block, taking, scope, is_shared=_is_shared(block, site))


def _cancelled(block: Block, site: Site, event: FlowNode, edge: Edge, scope: str) -> Catcher:
    """Return the catcher of a cancel boundary event: what is open is ended, what was completed compensated."""
    graph, key = site.flow.graph, f"{event.id}{block.context.copy}:compensate"
    after = block.leave(site.flow, graph.nodes[edge.target])
    within = {"thread": query("$states.context.Execution.Input.thread"), "scope": query(scope)}
    undoing = Undoing(event, ElementId(site.node.id), within=within, visit=visit_fields(block, site))
    add_compensation(block, site, undoing, after, key)
    step = Step(key)
    if block.watches(site):
        step = Step(f"{key}:left")
        add_departure(block, site, step.key, Step(key))
    return taking_over(
        block, Taking(event, event.id, step, {}, _local(site), keeps=not _is_mapped(site)), scope, is_shared=True
    )


def _is_interruptible(block: Block, site: Site) -> bool:
    """Tell whether an event may interrupt the activity while several things are open in it."""
    return bool(site.flow.boundary_edges(site.node.index)) and _is_shared(block, site)


def _is_mapped(site: Site) -> bool:
    """Tell whether nothing that is written inside leaves the activity but by its output mappings."""
    element = site.node.element
    return element is not None and element.scope is not None and bool(element.execution.outputs)


def _local(site: Site) -> tuple[str, ...]:
    return () if site.node.element is None else local_names(site.node.element)


def _is_shared(block: Block, site: Site) -> bool:
    """Tell whether anything may be open in the activity when one of its tokens raises an error."""
    element = site.node.element
    if element is None or element.multi_instance is not None or is_ad_hoc(element):
        return element is not None
    return bool(watched_boundaries(site.flow, element)) or (
        element.scope is not None and is_shared(block, element.scope)
    )
