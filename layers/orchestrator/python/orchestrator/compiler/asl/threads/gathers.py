r"""Threaded regions seen from their host: one state that waits until the side threads inside have ended.

[gather] --> what follows
   |--stuck: [incident JOIN_INCOMPLETE] --> [gather, the join goes on without what is missing] --> ...
   \--aborted: end of the scope (terminate), or the error once more, for who catches it
"""

from dataclasses import dataclass

from orchestrator.compiler.asl.gateways.joins import JOIN_INCOMPLETE
from orchestrator.compiler.asl.interruptions.aborts import cause
from orchestrator.compiler.asl.language.program import shown
from orchestrator.compiler.asl.language.states import Choice, Fail, Json, Key, Rule, Task
from orchestrator.compiler.asl.language.token import (
    CLOCK,
    INPUT,
    VARIABLES,
    all_changes,
    changed,
    counted_visit,
    extended_trail,
    inner_scope,
    occurrence,
    query,
    quote,
    strings,
)
from orchestrator.compiler.asl.steps.block import Block, Site, Step
from orchestrator.compiler.asl.steps.dispatch import Operation, waiting
from orchestrator.compiler.asl.steps.incidents import add_incident
from orchestrator.compiler.asl.steps.keeping import with_written
from orchestrator.compiler.asl.steps.moves import visit_fields
from orchestrator.compiler.asl.threads.insides import FIRST_ORDER, abort_errors, add_inside
from orchestrator.compiler.asl.threads.side_threads import ahead_of
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow
from orchestrator.compiler.flow.threading import Threaded

_RESULT = "$states.result.result"
#: how the threads ended: "" (well), `stuck.<join>`, or the name of the error that aborted them
HOW = f"$exists({_RESULT}.stuck) ? 'stuck.' & {_RESULT}.stuck : $exists({_RESULT}.aborted) ? {_RESULT}.aborted : ''"


def lower_threaded(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of a threaded region that is entered at a node, and those of its side threads."""
    part = flow.threaded_at(node.index)
    if part is None:
        return
    site = Site(flow, node)
    key = block.key(node)
    watches = add_inside(block, site, part, f"{key}^")
    after = block.arrive(Site(flow, flow.graph.nodes[part.exit]))
    joins = part.joins if _may_stick(part) else frozenset[int]()
    if not (joins or abort_errors(flow, part.inside)):
        output = query(changed(gathered(block) | {"trail": strings(after.passed)} | visit_fields(block, site)))
        _Gather(block, site, part, watches, after.key, output).add(key)
        return
    how = f"{key}:how"
    told = {"ended": HOW, "trail": "[]", "visits": counted_visit(_counter(site))}
    gather = _Gather(block, site, part, watches, how, query(changed(gathered(block) | told)))
    gather.add(key)
    rules = (*(gather.stuck(index) for index in sorted(joins)), *_aborts(block, site, part))
    done = changed({"trail": extended_trail(after.passed)} | visit_fields(block, site))
    block.add(how, Choice(rules, after.key, query(done)), site, "how?")


@dataclass(frozen=True, slots=True)
class _Gather:
    """The state in which the host waits: the same each time, but for what it asks."""

    block: Block
    site: Site
    part: Threaded
    watches: list[Json]
    next: Key
    output: Json

    def add(self, key: Key, release: str | None = None) -> None:
        """Add the state that begins the first thread, or lets a join go on without the tokens it misses."""
        block, site = self.block, self.site
        flow = site.flow
        seed = flow.graph.nodes[self.part.seed].element
        owner = flow.scope.id if seed is None else seed.id
        scope = inner_scope(owner, occurrence(site.node.id) if block.is_cyclic(site) else None)
        first = {
            "entry": f"{block.key(site.node)}^",
            "order": FIRST_ORDER,
            "ahead": ahead_of(f"{block.context.copy}^", flow, site.node.index),
        }
        fields: dict[str, Json] = {
            "scope": query(scope),
            "input": query(VARIABLES),
            "beginnings": [] if release else [first, *self.watches],
            "release": release,
        }
        told = with_written(block, flow, fields)
        call = waiting(Operation.GATHER, owner, query(occurrence(_counter(site))), told)
        purpose = "threads" if release is None else "threads again"
        block.add(key, Task(waits=True, payload=call, output=self.output, next=self.next), site, purpose)

    def stuck(self, index: int) -> Rule:
        """Return the rule for a join whose tokens are left over: an incident; a retry goes on without the others."""
        block, flow = self.block, self.site.flow
        join = Site(flow, flow.graph.nodes[index])
        name = f"{block.key(join.node)}^"
        again = f"{block.key(self.site.node)}:{name}:again"
        self.add(again, release=name)
        message = f"'{shown(join.node.element)}' waits for a token that can no longer come; a retry goes on without it"
        incident = add_incident(block, join, Step(again), code=JOIN_INCOMPLETE, message=message)
        return Rule(f"{INPUT}.ended = {quote(f'stuck.{name}')}", incident)


def _counter(site: Site) -> str:
    return f"{site.node.id}:threads"


def gathered(block: Block) -> dict[str, str]:
    """Return what changes when the threads have ended: the host learns what they wrote."""
    fields = {
        "variables": f"$merge([{VARIABLES}, {_RESULT}.changes])",
        "clock": f"$max([{CLOCK}, {_RESULT}.clock])",
    }
    if block.context.concurrent:
        fields["written"] = f"$distinct([$states.input.written, $keys({_RESULT}.changes)])"
    return fields


def _may_stick(part: Threaded) -> bool:
    return bool(part.joins) and (not part.outcome.is_known or bool(part.outcome.waiting))


def _aborts(block: Block, site: Site, part: Threaded) -> list[Rule]:
    """Return the rules for errors and terminate end events in side threads."""
    flow = site.flow
    key = f"{block.key(site.node)}:aborted"
    rules: list[Rule] = []
    for error in abort_errors(flow, part.inside):
        if flow.scope.id not in block.context.forked and error.startswith("terminate."):
            step = block.arrive(Site(flow, flow.graph.nodes[flow.graph.exit]))
            done = changed({"trail": extended_trail(step.passed)} | visit_fields(block, site))
            rules.append(Rule(f"{INPUT}.ended = {quote(error)}", step.key, query(done)))
        else:
            block.add(key, Fail(query(f"{INPUT}.ended"), query(cause(all_changes()))), site, "pass error on")
            rules.append(Rule(f"{INPUT}.ended = {quote(error)}", key))
    return rules
