r"""Scopes with event sub-processes: the body is a `Parallel` of its own, so that a handler may take its place.

    entry -> Parallel [ body ][ watchers ] ------------------------------------------------> exit of the scope
                |   catch.<event sub-process> -> [interrupt the body] -> contents of the event sub-process --/

The body is a scope path below the scope; the contents of an event sub-process run in the scope itself. So boundary
events of the scope's owner stay armed, and what is raised in an event sub-process is looked for further out.
"""

from dataclasses import replace

from orchestrator.compiler.asl.gateways.joins import scope_end
from orchestrator.compiler.asl.interruptions.catchers import Taking, is_shared, taking_over
from orchestrator.compiler.asl.interruptions.watchers import close, watched_starts, watcher
from orchestrator.compiler.asl.language.states import Catcher, Parallel, States
from orchestrator.compiler.asl.language.token import changed, changes, fork_fields, inner_scope, merged_fields, query
from orchestrator.compiler.asl.steps.block import Block, Ending, Site
from orchestrator.compiler.asl.steps.bodies import enter_scope
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.scopes import ScopeFlow, started


def lower_guarded(block: Block, site: Site) -> None:
    """Add the states of a scope with event sub-processes; `site` is its entry."""
    flow, graph = site.flow, site.flow.graph
    watched = watched_starts(flow)
    after = block.arrive(Site(flow, graph.nodes[graph.exit]))
    scope = inner_scope(flow.scope.id, None)
    name = block.guard_key(site)
    state = Parallel(
        branches=(
            _body(block, site, f"{name}:0", closes=bool(watched)),
            *(watcher(block, f"{name}:{position}", one) for position, one in enumerate(watched, 1)),
        ),
        arguments=query(changed(fork_fields(scope, aborts=block.program.may_abort))),
        output=query(changed(merged_fields(after.passed, concurrent=block.context.concurrent))),
        next=after.key,
        catch=tuple(_catcher(block, flow, owner, start, scope) for owner, start in started(flow)),
    )
    block.states[name] = state
    block.program.label(name, flow.owner, "body" if flow.owner else "Body")


def _body(block: Block, site: Site, name: str, *, closes: bool) -> States:
    flow, owner = site.flow, site.flow.owner
    end = Ending(f"{name}:end", scope_end(changes(), "[$states.input.written]", {}), owner, "body ends")
    last = Ending(f"{name}:close", close(flow.scope.id, end.key), owner, "body close") if closes else end
    context = replace(
        block.context,
        concurrent=True,
        guarded=block.context.guarded | {flow.scope.id},
        tells=block.context.tells or is_shared(block, flow.scope),
    )
    body = block.nested(name, context, {flow.graph.nodes[flow.graph.exit].id: last})
    step = enter_scope(body, flow)
    start = body.begin(f"{name}:start", step, owner)
    if closes:
        body.end(end)
    return body.complete(start)


def _catcher(block: Block, flow: ScopeFlow, owner: FlowNode, event: FlowNode, scope: str) -> Catcher:
    """Return the catcher of an event sub-process: what is open in the body is interrupted first."""
    inner = block.program.flows["" if owner.scope is None else owner.scope.id]
    step = block.arrive(Site(inner, inner.graph.nodes[inner.graph.entry]))
    step = block.told(Site(inner, next(node for node in inner.graph.nodes if node.element is event)), step)
    return taking_over(block, Taking(event, owner.id, step), scope, is_shared=is_shared(block, flow.scope))
