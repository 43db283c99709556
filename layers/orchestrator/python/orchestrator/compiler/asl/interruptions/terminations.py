"""Terminate end events among other tokens: the outermost `Parallel` of their scope catches them.

Parallel --terminate.<end>--> [interrupt everything below the scope path] --> end of the scope
"""

from orchestrator.compiler.asl.interruptions.aborts import terminate_error
from orchestrator.compiler.asl.interruptions.takeovers import Takeover, add_takeover
from orchestrator.compiler.asl.language.states import Catcher
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.moves import visit_fields
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.regions import Region
from orchestrator.compiler.flow.scopes import terminates


def may_terminate(block: Block, site: Site, region: Region) -> bool:
    """Tell whether the `Parallel` of a region catches terminate end events; none where an outer region does."""
    return site.flow.scope.id not in block.context.forked and site.flow.has_terminate(region)


def termination_catchers(block: Block, site: Site, region: Region, scope: str) -> tuple[Catcher, ...]:
    """Return the catchers of the terminate end events inside a region; none where an outer region has them."""
    if not may_terminate(block, site, region):
        return ()
    nodes = (site.flow.graph.nodes[index] for index in sorted(region.body()))
    return tuple(_catcher(block, site, node.element, scope) for node in nodes if terminates(node.element))


def _catcher(block: Block, site: Site, end: FlowNode | None, scope: str) -> Catcher:
    if end is None:
        raise ValueError(f"{site.node.id} has an end that is no element")
    graph = site.flow.graph
    step = block.arrive(Site(site.flow, graph.nodes[graph.exit]))
    visit = visit_fields(block, site)
    taking = Takeover(
        event=end, scope=scope, reason="terminate", step=step, receives=False, purpose="stops", visit=visit
    )
    return add_takeover(block, (terminate_error(end.id),), f"{end.id}{block.context.copy}:terminated", taking)
