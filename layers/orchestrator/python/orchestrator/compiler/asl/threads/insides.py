r"""The inside of a threaded region: states that only side threads reach.

    Which thread? --entry--> [ states of the region ] --> leave
                  --entry--> Parallel [ Which? -> states -> leave ] --error for outside--> abort
The `Parallel` is there only where something inside may end more than its own token.
"""

from collections.abc import Collection

from orchestrator.compiler.asl.interruptions.aborts import cancel_errors, catch_error, catch_name, terminate_error
from orchestrator.compiler.asl.language.program import Entry, Program
from orchestrator.compiler.asl.language.states import (
    Catcher,
    Choice,
    Json,
    Key,
    Parallel,
    Rule,
    State,
    States,
    Succeed,
    Task,
)
from orchestrator.compiler.asl.language.token import INPUT, caught, changed, extended_trail, query, quote
from orchestrator.compiler.asl.steps.block import Block, Context, Ending, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.threads.non_interrupting import has_watches, scope_watches
from orchestrator.compiler.asl.threads.side_threads import enter, leave_state
from orchestrator.compiler.flow.analysis import on_cycles
from orchestrator.compiler.flow.escalations import interrupting_escalations
from orchestrator.compiler.flow.graph import Role
from orchestrator.compiler.flow.handlers import scope_handlers
from orchestrator.compiler.flow.scopes import ScopeFlow, terminates
from orchestrator.compiler.flow.threading import Threaded

#: the place of a region's first thread in the order in which threads are merged
FIRST_ORDER = "0"


def add_inside(block: Block, site: Site, part: Threaded, name: str) -> list[Json]:
    """Add the states inside a region, and note where side threads may begin; the first begins at `name`.

    What else begins with the first is returned: the watches of a scope.
    """
    graph = site.flow.graph
    last = Ending(f"{name}:leave", leave_state(block, site.flow), site.node.element, "thread ends")
    stops = {graph.nodes[part.exit].id: last, graph.nodes[graph.exit].id: last}
    inside = block.nested(name, _context(block, site, part), stops)
    first = inside.arrive(site)
    enter(inside, name, first)
    watches = scope_watches(inside, site.flow, FIRST_ORDER) if site.node.role is Role.ENTRY else []
    add_side_states(inside, site, first.key, abort_errors(site.flow, part.inside))
    return watches


def add_side_states(inside: Block, site: Site, start: Key, errors: tuple[str, ...]) -> None:
    """Add the states of side threads to the machine; `errors` are those that end more than their own thread."""
    states = inside.complete(start).states
    program = inside.program
    program.side_states |= _guarded(program, site, inside.name, states, errors) if errors else states


def abort_errors(flow: ScopeFlow, inside: Collection[int]) -> tuple[str, ...]:
    """Return the errors that end more than the side thread in which they are raised, at one of the nodes `inside`."""
    nodes = (flow.graph.nodes[index] for index in sorted(inside))
    ends = [terminate_error(node.id) for node in nodes if terminates(node.element)]
    escalated = (catch_name(handler.id) for handler in interrupting_escalations(flow))
    errors = [*ends, *map(catch_error, scope_handlers(flow)), *cancel_errors(flow), *escalated]
    return tuple(dict.fromkeys(errors))


def thread_choice(entries: list[Entry], otherwise: Key) -> Choice:
    """Return the `Choice` that leads a side thread to where it begins."""
    rules = tuple(
        Rule(f"$states.context.Execution.Input.entry = {quote(entry.name)}", entry.key, _noted(entry))
        for entry in entries
    )
    return Choice(rules, otherwise)


def _context(block: Block, site: Site, part: Threaded) -> Context:
    around, scope = block.context, site.flow.scope.id
    return Context(
        concurrent=True,
        copy=f"{around.copy}^",
        forked=around.forked | {scope},
        cycles={**around.cycles, scope: on_cycles(site.flow.graph.successors, part.inside)},
        threaded=around.threaded | {site.node.id},
        guarded=around.guarded,
        tells=around.tells or has_watches(site.flow),
    )


def _guarded(
    program: Program, site: Site, name: str, states: dict[Key, State], errors: tuple[str, ...]
) -> dict[Key, State]:
    """Return a `Parallel` around the states; what is raised for somebody outside aborts the group."""
    element = site.node.element
    guard, which, done, abort = (
        program.label(f"{name}:{part}", element, purpose)
        for part, purpose in (("guard", "thread"), ("which", "which?"), ("done", "thread done"), ("abort", "aborts"))
    )
    own = [entry for entry in program.entries if entry.key in states]
    program.entries = [Entry(entry.name, guard) if entry in own else entry for entry in program.entries]
    inner = States(which, {which: thread_choice(own, own[0].key), **states})
    raised = changed(
        {
            "error": "$states.errorOutput.Error",
            "variables": caught("variables"),
            "clock": caught("clock"),
            "trail": f"[{caught('trail')}]",
        }
    )
    parallel = Parallel(
        branches=(inner,),
        arguments=query(INPUT),
        output=query(INPUT),
        next=done,
        catch=(Catcher(errors, abort, query(raised)),),
    )
    call = payload(
        Operation.ABORT,
        None,
        {
            "group": query("$states.input.group"),
            "error": query("$states.input.error"),
            "variables": query("$states.input.variables"),
        },
    )
    return {guard: parallel, done: Succeed(), abort: Task(waits=False, payload=call, output={}, next=None)}


def _noted(entry: Entry) -> str | None:
    return query(changed({"trail": extended_trail(entry.passed)})) if entry.passed else None
