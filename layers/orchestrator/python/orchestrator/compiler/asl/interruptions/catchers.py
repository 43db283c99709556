"""Catchers of what stops a scope: its boundary events, and the event sub-processes inside it.

Parallel --catch.<handler>--> [interrupt everything below the scope path] --> path of the handler

The call is left out where nothing can be open: one token inside, and it raised the error itself.
"""

from dataclasses import dataclass, field

from orchestrator.compiler.asl.interruptions.aborts import catch_name
from orchestrator.compiler.asl.interruptions.takeovers import Takeover, add_takeover
from orchestrator.compiler.asl.interruptions.watchers import watched_boundaries, watched_starts
from orchestrator.compiler.asl.language.states import Catcher
from orchestrator.compiler.asl.language.token import changed, query
from orchestrator.compiler.asl.steps.block import Block, Step
from orchestrator.compiler.asl.steps.moves import caught_fields
from orchestrator.compiler.bpmn.model import EventKind, FlowNode, Scope
from orchestrator.compiler.flow.scopes import ScopeFlow, is_ad_hoc

#: why an event interrupts that waits for events of several kinds
SEVERAL = "multiple"


@dataclass(frozen=True, slots=True)
class Taking:
    """A handler that takes over: the `event` that happened, what catches it, where the token goes on.

    `visit` is what an entry of the stopped activity changes in the token. `keeps`: the token goes on with what was
    written in there, but for the `local` names, which exist inside only.
    """

    event: FlowNode
    handler_id: str
    step: Step
    visit: dict[str, str] = field(default_factory=dict[str, str])
    local: tuple[str, ...] = ()
    keeps: bool = True


def taking_over(block: Block, taking: Taking, scope: str, *, is_shared: bool) -> Catcher:
    """Add the interruption of everything below the path `scope` (JSONata) and return the catcher that leads there."""
    event, step = taking.event, taking.step
    error = (catch_name(taking.handler_id),)
    if not is_shared:
        token = changed(caught_fields(block, step.passed, event) | taking.visit)
        return Catcher(error, step.key, query(token))
    takeover = Takeover(
        event=event,
        scope=scope,
        reason=reason_of(event),
        step=step,
        keeps=taking.keeps,
        local=taking.local,
        visit=taking.visit,
    )
    return add_takeover(block, error, f"{event.id}{block.context.copy}:interrupt", takeover)


def reason_of(event: FlowNode) -> str:
    """Return why an event interrupts: its kind; what it waits for in several kinds is told when it happens."""
    kinds = {definition.kind for definition in event.events} or {EventKind.ERROR}
    return SEVERAL if len(kinds) > 1 else str(kinds.pop())


def is_shared(block: Block, scope: Scope) -> bool:
    """Tell whether anything else may be open in a scope when one of its tokens raises an error."""
    scopes = [scope, *(node.scope for node in scope.walk() if node.scope is not None)]
    return any(_has_others(block.program.flows[inner.id]) for inner in scopes)


def _has_others(flow: ScopeFlow) -> bool:
    activities = (node for node in flow.scope.nodes if node.id in flow.attached)
    watched = any(watched_boundaries(flow, node) for node in activities if node.scope is not None)
    concurrent = any(node.multi_instance is not None or is_ad_hoc(node) for node in flow.scope.nodes)
    return watched or concurrent or bool(flow.regions.by_fork or watched_starts(flow))
