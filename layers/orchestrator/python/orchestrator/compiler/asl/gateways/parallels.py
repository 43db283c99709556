r"""Concurrent regions: one `Parallel`, whose branches nest, and whose output merges what they wrote.

    F --> [ a ]            Parallel F: branches a, b; Output: variables, then changes of a, then of b
      \-> [ b ] --> J      inclusive: each branch begins with a Choice on its condition
                           several flows in one group: a Parallel inside one branch
The first branch carries the trail. A region on a loop, or with a terminate end inside a sub-process, is a scope
path of its own.
"""

from orchestrator.compiler.asl.gateways.gateways import NO_MATCHING_FLOW, condition_of, default_edge, no_match
from orchestrator.compiler.asl.gateways.joins import branch_end, continuation, is_counted
from orchestrator.compiler.asl.interruptions.terminations import may_terminate, termination_catchers
from orchestrator.compiler.asl.language.states import Choice, Key, Parallel, Pass, Rule, States
from orchestrator.compiler.asl.language.token import (
    SCOPE,
    changed,
    extended_trail,
    fork_fields,
    inner_scope,
    occurrence,
    query,
    strings,
)
from orchestrator.compiler.asl.steps.block import Block, Context, Ending, Site, Step
from orchestrator.compiler.asl.steps.incidents import add_incident
from orchestrator.compiler.asl.steps.keeping import told_at_end, told_before
from orchestrator.compiler.flow.graph import Edge, Node, Role
from orchestrator.compiler.flow.regions import Branch, Mode, Region
from orchestrator.compiler.flow.scopes import ScopeFlow


def lower_fork(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of a parallel or inclusive split and of everything up to its join."""
    site = Site(flow, node)
    region = flow.regions.by_fork[node.index]
    key = block.key(node)
    if node.role is Role.INCLUSIVE_FORK and default_edge(node.element, flow.graph.flows(node.index)) is None:
        key = require_match(block, site)
    add_region(block, site, region, told_before(block, site, key))


def add_region(block: Block, site: Site, region: Region, key: Key) -> None:
    """Add the `Parallel` of a region and what follows its join."""
    scope = _scope_text(block, site, region)
    branches = tuple(_branch(block, site, region, position, key) for position in range(len(region.branches)))
    next_key, output = continuation(block, site, region, key)
    block.add(
        key,
        Parallel(
            branches=branches,
            arguments=query(changed(fork_fields(scope, aborts=block.program.may_abort))),
            output=output,
            next=next_key,
            catch=termination_catchers(block, site, region, scope or SCOPE),
        ),
        site,
    )


def _scope_text(block: Block, site: Site, region: Region) -> str | None:
    """Return the scope path of the region, None where it is that of the token."""
    element = site.node.element
    owner = site.flow.scope.id if element is None else element.id
    if block.is_cyclic(site):
        return inner_scope(owner, occurrence(site.node.id))
    bordered = site.flow.owner is not None or site.flow.is_guarded()
    stoppable = bordered and site.flow.scope.id not in block.context.forked
    return inner_scope(owner, None) if stoppable and site.flow.has_terminate(region) else None


def _branch(block: Block, site: Site, region: Region, position: int, key: Key) -> States:
    name = f"{key}:{position}"
    counted = is_counted(block, site, region)
    graph = site.flow.graph
    delivered = Ending(f"{name}:end", branch_end("1" if counted else None), site.node.element, f"{position + 1} joins")
    consumed = Ending(f"{name}:ended", branch_end("0"), site.node.element, f"{position + 1} ends")
    stops = {
        graph.nodes[graph.exit].id: consumed if counted else delivered,
        graph.nodes[region.join].id: delivered,
    }
    context = _context(block, site, region, position, counted=counted)
    inner = block.nested(name, context, stops)
    inner.stops = {id_: told_at_end(inner, site, end, region.branches[position]) for id_, end in stops.items()}
    return inner.complete(_start(inner, site, region, position))


def _context(block: Block, site: Site, region: Region, position: int, *, counted: bool) -> Context:
    around = block.context
    cycles = dict(around.cycles)
    if block.is_cyclic(site):
        cycles[site.flow.scope.id] = site.flow.cyclic if region.cyclic is None else region.cyclic
    return Context(
        concurrent=True,
        counted=counted,
        copy=f"{around.copy}~{position + 1}" if region.copied else around.copy,
        forked=around.forked | {site.flow.scope.id},
        cycles=cycles,
        threaded=around.threaded,
        guarded=around.guarded,
        tells=around.tells or may_terminate(block, site, region),
    )


def _start(inner: Block, site: Site, region: Region, position: int) -> Key:
    """Return the first state of a branch, which sets up its trail and scope and tests its condition."""
    branch = region.branches[position]
    step = _opened(inner, site, branch)
    fields: dict[str, str] = {}
    if position == 0 and step.passed:
        fields["trail"] = extended_trail(step.passed)
    elif position > 0:
        fields["trail"] = strings(step.passed)
    if region.mode is Mode.STRUCTURED:
        fields |= {"scope": f"{SCOPE} & '[{position}]'", "visits": "{}"}
    guard = _guard(inner, site, branch)
    output = query(changed(fields)) if fields else None
    key = f"{inner.name}:start"
    if guard is not None:
        skipped = inner.end(inner.stops[site.flow.graph.nodes[site.flow.graph.exit].id])
        silent = query(changed({"trail": "[]"})) if position > 0 else None
        return inner.add(key, Choice((Rule(guard, step.key, output),), skipped, silent), site, f"{position + 1} if")
    if output is None:
        return step.key
    return inner.add(key, Pass(output, step.key), site, f"{position + 1}")


def _opened(inner: Block, site: Site, branch: Branch) -> Step:
    if branch.inner is None:
        return inner.follow(site.flow, branch.edges[0])
    key = f"{inner.name}:group"
    add_region(inner, site, branch.inner, key)
    return Step(key)


def _guard(block: Block, site: Site, branch: Branch) -> str | None:
    """Return the condition under which a branch of an inclusive split is taken, None if it always is."""
    if site.node.role is not Role.INCLUSIVE_FORK:
        return None
    edges = site.flow.graph.flows(site.node.index)
    texts = [edge_guard(block, site, edge, edges) for edge in branch.edges]
    return None if "true" in texts else " or ".join(texts)


def edge_guard(block: Block, site: Site, edge: Edge, edges: tuple[Edge, ...]) -> str:
    """Return the condition under which an inclusive split takes one of its edges."""
    default = None if site.node.element is None else site.node.element.default_flow
    if default is None or edge.flow is None or edge.flow.id != default:
        return f"({condition_of(block, site, edge)})" if edge.flow and edge.flow.condition else "true"
    others = [condition_of(block, site, other) for other in edges if other is not edge]
    return "$not(" + " or ".join(f"({text})" for text in others) + ")"


def require_match(block: Block, site: Site) -> Key:
    """Put a `Choice` before an inclusive split that has no way out for sure, and return the key of the split."""
    key = block.key(site.node, ":split")
    conditions = [condition_of(block, site, edge) for edge in site.flow.graph.flows(site.node.index)]
    again = Step(block.key(site.node))
    incident = add_incident(block, site, again, code=NO_MATCHING_FLOW, message=no_match(site.node.element))
    rule = Rule(" or ".join(f"({text})" for text in conditions), key)
    block.add(block.key(site.node), Choice((rule,), incident), site, "any?")
    return key
