"""Intermediate catch events and receive tasks: a token waits until something happens.

A timer is a `Wait` until its due time, which then is the token's clock. Messages and signals are a `Task` that
waits with subscriptions; the payload is written as an activity's result is. A timer among them limits how long, and
the record says what was first.
"""

from orchestrator.compiler.asl.flow_nodes.activities import add_activity, performed
from orchestrator.compiler.asl.flow_nodes.parallel_catches import lower_parallel_catch, waits_for_all
from orchestrator.compiler.asl.interruptions.boundary_events import catchers
from orchestrator.compiler.asl.language.states import Catcher, Json, Task, Wait
from orchestrator.compiler.asl.language.token import SCOPE, changed, extended_trail, query, strings
from orchestrator.compiler.asl.steps.block import Block, Site, Step
from orchestrator.compiler.asl.steps.dispatch import Operation, payload, waiting
from orchestrator.compiler.asl.steps.keeping import told_before, with_written
from orchestrator.compiler.asl.steps.moves import answered, occurrence_of, visit_fields
from orchestrator.compiler.asl.steps.subscriptions import subscriptions_of
from orchestrator.compiler.asl.steps.timers import boundary_timers, has_timer, remaining_seconds, timer_due
from orchestrator.compiler.bpmn.model import EventDefinition, EventKind, FlowNode
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow


def lower_catch(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of an intermediate catch event."""
    element = node.element
    if element is None:
        return
    event = timer_of(element)
    if waits_for_all(element):
        lower_parallel_catch(block, Site(flow, node), element)
        return
    if event is None:
        _add_wait(block, Site(flow, node), element)
        return
    due = block.program.queries.due(event, element)
    after = block.leave(flow, node)
    output = changed({"clock": due, "trail": extended_trail((element.id, *after.passed))})
    site = Site(flow, node)
    key = told_before(block, site, block.key(node))
    block.add(key, Wait(f"$fromMillis({due})", after.key, query(output)), site)


def lower_receive(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of a receive task and those of its interrupting boundary events."""
    site = Site(flow, node)
    timers = boundary_timers(block, site)
    after = block.leave(flow, node)
    add_activity(block, site, after, catchers(block, site, timers, after), timers)


def timer_of(element: FlowNode) -> EventDefinition | None:
    """Return the timer definition of an event that has no other."""
    return element.events[0] if [event.kind for event in element.events] == [EventKind.TIMER] else None


def _add_wait(block: Block, site: Site, element: FlowNode) -> None:
    after = block.leave(site.flow, site.node)
    passed = (element.id, *after.passed)
    due = timer_due(block, element) if has_timer(element) else None
    fields: dict[str, Json] = {"input": {}, "subscriptions": subscriptions_of(block.program, element)}
    if due is not None:
        fields["deadline"] = query(due)
    written = performed(block.program, element, "$states.result.result")
    state = Task(
        waits=True,
        payload=waiting(
            Operation.ACTIVATE, element.id, occurrence_of(block, site), with_written(block, site.flow, fields)
        ),
        output=query(answered(block, site, written, "$states.result", passed)),
        next=after.key,
        catch=() if due is None else (_timeout(block, site, element, after, passed),),
        timeout=None if due is None else remaining_seconds(due),
    )
    block.add(block.key(site.node), state, site)


def _timeout(block: Block, site: Site, element: FlowNode, after: Step, passed: tuple[str, ...]) -> Catcher:
    """Add the call that asks the record whether the timer was first, and return the catcher that leads to it."""
    target: dict[str, Json] = {
        "element_id": element.id,
        "scope": query(SCOPE),
        "occurrence": occurrence_of(block, site),
    }
    call = payload(Operation.INTERRUPT, element.id, {"target": target, "reason": str(EventKind.TIMER)})
    answer = "$states.result.Payload"
    fired = changed({"clock": f"{answer}.clock", "trail": strings(passed)} | visit_fields(block, site))
    published = answered(block, site, performed(block.program, element, f"{answer}.result"), answer, passed)
    output = query(f"{answer}.interrupted ? {fired} : {published}")
    key = block.key(site.node, ":interrupt")
    block.add(key, Task(waits=False, payload=call, output=output, next=after.key), site, "timeout")
    return Catcher(("States.Timeout",), key, query(changed({"trail": "[]"})))
