r"""Sub-processes that something may stop as a whole: a `Parallel` of the body, and of a watcher per timer.

+--[ body ]--[close]--+      catch.<boundary> -> [interrupt what is open inside] -> path of the boundary event
+--[ watcher ]--------+      the watcher waits for its time, or for the body's [close]
"""

from orchestrator.compiler.asl.aborts import cause
from orchestrator.compiler.asl.block import Block, Context, Ending, Site
from orchestrator.compiler.asl.dispatch import Operation, payload, waiting
from orchestrator.compiler.asl.joins import branch_end
from orchestrator.compiler.asl.moves import caught_fields, visit_fields
from orchestrator.compiler.asl.states import Catcher, Fail, Key, Parallel, Pass, States, Succeed, Task
from orchestrator.compiler.asl.timers import Timer, boundary_timers
from orchestrator.compiler.asl.token import (
    INPUT,
    SCOPE,
    changed,
    extended_trail,
    fork_fields,
    inner_scope,
    merged_fields,
    occurrence,
    query,
    strings,
)
from orchestrator.compiler.flow.graph import Edge, Node
from orchestrator.compiler.flow.scopes import ScopeFlow


def lower_box(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of a sub-process that is a state of its own."""
    element = node.element
    if element is None or element.scope is None:
        return
    site = Site(flow, node)
    inner = block.program.flows[element.scope.id]
    timers = boundary_timers(block, site)
    after = block.leave(flow, node)
    scope = inner_scope(element.id, occurrence(node.id) if block.is_cyclic(site) else None)
    watchers = tuple(_watcher(block, site, timer, position) for position, timer in enumerate(timers, 1))
    block.add(
        block.key(node),
        Parallel(
            branches=(_body(block, site, inner, closes=bool(timers)), *watchers),
            arguments=query(changed(fork_fields(scope, aborts=block.program.may_abort))),
            output=query(
                changed(
                    merged_fields((element.id, *after.passed), concurrent=block.context.concurrent)
                    | visit_fields(block, site)
                )
            ),
            next=after.key,
            catch=tuple(_catcher(block, site, edge, timers, scope) for edge in flow.boundary_edges(node.index)),
        ),
        site,
    )


def _body(block: Block, site: Site, inner: ScopeFlow, *, closes: bool) -> States:
    name = block.key(site.node, ":0")
    end = Ending(f"{name}:end", branch_end(None), site.node.element, "ends")
    exit_ = Ending(f"{name}:close", _close(site, end.key), site.node.element, "close") if closes else end
    context = Context(concurrent=True, copy=block.context.copy, forked=block.context.forked)
    body = block.nested(name, context, {inner.graph.nodes[inner.graph.exit].id: exit_})
    step = body.arrive(Site(inner, inner.graph.nodes[inner.graph.entry]))
    start = step.key
    if step.passed:
        output = query(changed({"trail": extended_trail(step.passed)}))
        start = body.add(f"{name}:start", Pass(output, step.key), site, "begins")
    if closes:
        body.end(end)
    return body.complete(start)


def _close(site: Site, end: Key) -> Task:
    """Return the call that lets the watchers go once the body is done."""
    target = {"target": {"scope": query(SCOPE)}, "reason": "completed"}
    output = query(changed({"clock": "$states.result.Payload.clock", "trail": "[]"}))
    return Task(waits=False, payload=payload(Operation.INTERRUPT, site.node.id, target), output=output, next=end)


def _watcher(block: Block, site: Site, timer: Timer, position: int) -> States:
    boundary = site.flow.graph.nodes[timer.edge.target]
    name = block.key(site.node, f":{position}")
    program = block.program
    start = program.label(f"{name}:watch", boundary.element, "watch")
    end = program.label(f"{name}:end", boundary.element, "not needed")
    due = program.label(f"{name}:due", boundary.element, "due")
    wait = Task(
        waits=True,
        payload=waiting(Operation.ACTIVATE, boundary.id, 0, {"input": {}, "deadline": query(timer.due), "trail": []}),
        output=query("$states.input"),
        next=end,
        catch=(Catcher(("States.Timeout",), due, query(INPUT)),),
        timeout=f"$max([1, $ceil(({timer.due} - $millis()) / 1000)])",
    )
    done = Succeed(query("{'changes': {}, 'clock': $states.input.clock, 'written': [], 'trail': []}"))
    fired = Fail(f"catch.{boundary.id}", query(cause("{}", clock=timer.due, trail="")))
    return States(start, {start: wait, end: done, due: fired})


def _catcher(block: Block, site: Site, edge: Edge, timers: list[Timer], scope: str) -> Catcher:
    """Return the catcher of a boundary event; what may be open inside is interrupted first."""
    boundary = site.flow.graph.nodes[edge.target]
    step = block.follow(site.flow, edge)
    error = (f"catch.{boundary.id}",)
    visit = visit_fields(block, site)
    if not timers and not _concurrent(block, site):
        return Catcher(error, step.key, query(changed(caught_fields(block, step.passed) | visit)))
    reason = "timer" if any(timer.edge is edge for timer in timers) else "error"
    call = payload(Operation.INTERRUPT, boundary.id, {"target": {"scope": query(scope)}, "reason": reason})
    after = changed({"clock": "$states.result.Payload.clock", "trail": strings(step.passed)} | visit)
    key = block.key(boundary, ":interrupt")
    block.add(key, Task(waits=False, payload=call, output=query(after), next=step.key), Site(site.flow, boundary))
    return Catcher(error, key, query(changed(caught_fields(block))))


def _concurrent(block: Block, site: Site) -> bool:
    """Tell whether several tokens may be inside the sub-process at once."""
    element = site.node.element
    if element is None or element.scope is None:
        return False
    inside = [element.scope, *(node.scope for node in element.scope.walk() if node.scope is not None)]
    return any(block.program.flows[scope.id].regions.by_fork for scope in inside)
