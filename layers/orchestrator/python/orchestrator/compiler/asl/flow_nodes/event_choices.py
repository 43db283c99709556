r"""Event-based gateways: one `Task` waits for all alternatives, then a `Choice` takes the one that happened.

    <gateway> --answer {event, result}--> <which event?> --A--> after catch event A
        |                                       ^      \--T--> after timer T
        |  States.Timeout -> [interrupt] -------+   the record says whether the timer was first

The catch events and receive tasks behind the gateway have no states of their own.
"""

from typing import NamedTuple

from orchestrator.compiler.asl.flow_nodes.catches import timer_of
from orchestrator.compiler.asl.language.states import Catcher, Choice, Json, Pass, Rule, Task
from orchestrator.compiler.asl.language.token import SCOPE, VARIABLES, changed, query, quote, strings
from orchestrator.compiler.asl.steps.block import Block, Site, Step
from orchestrator.compiler.asl.steps.calls import performed
from orchestrator.compiler.asl.steps.dispatch import Operation, payload, waiting
from orchestrator.compiler.asl.steps.keeping import with_written
from orchestrator.compiler.asl.steps.moves import occurrence_of, visit_fields, with_prelude, written_fields
from orchestrator.compiler.asl.steps.results import Written
from orchestrator.compiler.asl.steps.subscriptions import subscriptions_of
from orchestrator.compiler.asl.steps.timers import remaining_seconds
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow


class Alternative(NamedTuple):
    """One event behind the gateway, where its token goes, and its due time if it is a timer."""

    element: FlowNode
    after: Step
    due: str | None


def lower_event_choice(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of an event-based gateway."""
    site = Site(flow, node)
    alternatives = _alternatives(block, site)
    if not alternatives:  # a finding of the rules
        return
    timers = [alternative for alternative in alternatives if alternative.due is not None]
    which = block.key(node, ":which")
    due = _soonest(timers)
    subscriptions = [one for a in alternatives for one in subscriptions_of(block.program, a.element)]
    fields: dict[str, Json] = {
        "input": {},
        "deadline": None if due is None else query(due),
        "subscriptions": subscriptions,
    }
    catch: tuple[Catcher, ...] = ()
    if timers:
        late = _add_timeout(block, site, timers, which)
        catch = (Catcher(("States.Timeout",), late, query(changed({"trail": "[]"}))),)
    state = Task(
        waits=True,
        payload=waiting(Operation.ACTIVATE, node.id, occurrence_of(block, site), with_written(block, flow, fields)),
        output=query(_decided(block, site, "$states.result", "$states.result.event")),
        next=which,
        catch=catch,
        timeout=None if due is None else remaining_seconds(due),
    )
    block.add(block.key(node), state, site)
    _add_which(block, site, alternatives)


def _alternatives(block: Block, site: Site) -> list[Alternative]:
    found: list[Alternative] = []
    for edge in site.flow.graph.flows(site.node.index):
        target = site.flow.graph.nodes[edge.target]
        if target.element is None:
            continue
        timer = timer_of(target.element)
        due = None if timer is None else block.program.queries.due(timer, target.element)
        found.append(Alternative(target.element, block.leave(site.flow, target), due))
    return found


def _soonest(timers: list[Alternative]) -> str | None:
    dues = [timer.due for timer in timers if timer.due is not None]
    return None if not dues else dues[0] if len(dues) == 1 else f"$min([{', '.join(dues)}])"


def _add_timeout(block: Block, site: Site, timers: list[Alternative], which: str) -> str:
    """Add the call that asks the record whether the timer that is due was first."""
    first = quote(timers[-1].element.id)
    for timer in reversed(timers[:-1]):
        first = f"{timer.due} = {_soonest(timers)} ? {quote(timer.element.id)} : {first}"
    target: dict[str, Json] = {
        "element_id": site.node.id,
        "scope": query(SCOPE),
        "occurrence": occurrence_of(block, site),
    }
    fields: dict[str, Json] = {"element_id": query(first), "target": target, "reason": "timer"}
    answer = "$states.result.Payload"
    event = f"({answer}.interrupted ? ({first}) : {answer}.event)"
    output = query(_decided(block, site, answer, event))
    call = payload(Operation.INTERRUPT, site.node.id, fields)
    state = Task(waits=False, payload=call, output=output, next=which)
    return block.add(block.key(site.node, ":interrupt"), state, site, "timeout")


def _decided(block: Block, site: Site, answer: str, event: str) -> str:
    """Return the token with the answer beside it: which event it was, and its payload."""
    fields = {
        "clock": f"{answer}.clock",
        "trail": "[]",
        "event": event,
        "payload": f"$merge([{answer}.result])",
    }
    return changed(fields | visit_fields(block, site))


def _add_which(block: Block, site: Site, alternatives: list[Alternative]) -> None:
    rules = [Rule(f"$states.input.event = {quote(a.element.id)}", a.after.key, _taken(block, a)) for a in alternatives]
    last = rules.pop()
    state = Choice(tuple(rules), last.next, last.output) if rules else Pass(last.output, last.next)
    block.add(block.key(site.node, ":which"), state, site, "which event")


def _taken(block: Block, alternative: Alternative) -> Json:
    """Return the token that leaves the event: what it brought is written, the answer is dropped."""
    element = alternative.element
    payload = "$states.input.payload"
    written = Written(VARIABLES, "[]") if alternative.due else performed(block.program, element, payload)
    fields = {"trail": strings((element.id, *alternative.after.passed))} | written_fields(block, written)
    token = f"$sift({changed(fields)}, function($v, $k) {{ $not($k in ['event', 'payload']) }})"
    return query(with_prelude(written, token))
