"""Terminate end events among other tokens: the outermost `Parallel` of their scope catches them.

Parallel --terminate.<end>--> [interrupt everything below the scope path] --> end of the scope
"""

from orchestrator.compiler.asl.interruptions.aborts import terminate_error
from orchestrator.compiler.asl.language.states import Catcher, Task
from orchestrator.compiler.asl.language.token import changed, query, strings
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.moves import caught_fields, visit_fields
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.regions import Region
from orchestrator.compiler.flow.scopes import terminates


def termination_catchers(block: Block, site: Site, region: Region, scope: str) -> tuple[Catcher, ...]:
    """Return the catchers of the terminate end events inside a region; none where an outer region has them."""
    if site.flow.scope.id in block.context.forked:
        return ()
    nodes = (site.flow.graph.nodes[index] for index in sorted(region.body()))
    return tuple(_catcher(block, site, node, scope) for node in nodes if terminates(node.element))


def _catcher(block: Block, site: Site, end: Node, scope: str) -> Catcher:
    graph = site.flow.graph
    key = block.key(end, ":terminated")
    step = block.arrive(Site(site.flow, graph.nodes[graph.exit]))
    call = payload(Operation.INTERRUPT, end.id, {"target": {"scope": query(scope)}, "reason": "terminate"})
    fields = {"clock": "$states.result.Payload.clock", "trail": strings(step.passed)}
    after = query(changed(fields | visit_fields(block, site)))
    block.add(key, Task(waits=False, payload=call, output=after, next=step.key), Site(site.flow, end), "stops")
    return Catcher((terminate_error(end.id),), key, query(changed(caught_fields(block))))
