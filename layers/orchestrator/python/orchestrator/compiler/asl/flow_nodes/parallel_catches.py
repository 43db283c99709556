r"""Catch events that wait until each of several events has happened, in any order (parallel multiple, BPMN 10.5.4).

    Parallel [ wait for A ][ wait for B ][ until T ] --> next

Each event is waited for once, in a scope path of the catch event's own; what they brought is written together when the
last has happened, in the order of the model.
"""

from dataclasses import replace

from orchestrator.compiler.asl.flow_nodes.activities import performed
from orchestrator.compiler.asl.language.states import Json, Key, Parallel, State, States, Succeed, Task, Wait
from orchestrator.compiler.asl.language.token import (
    CLOCK,
    changed,
    extended_trail,
    fork_fields,
    inner_scope,
    occurrence,
    query,
)
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, waiting
from orchestrator.compiler.asl.steps.keeping import told_before
from orchestrator.compiler.asl.steps.moves import visit_fields, with_prelude, written_fields
from orchestrator.compiler.asl.steps.subscriptions import subscriptions_of
from orchestrator.compiler.bpmn.model import EventDefinition, EventKind, FlowNode

_BROUGHT = "$states.result"


def waits_for_all(element: FlowNode) -> bool:
    """Tell whether several events have to happen before the token goes on."""
    return element.parallel_multiple and len(element.events) > 1


def lower_parallel_catch(block: Block, site: Site, element: FlowNode) -> None:
    """Add the states of a catch event that waits for all of its events."""
    after = block.leave(site.flow, site.node)
    written = performed(block.program, element, f"$merge([{_BROUGHT}.result])")
    fields = {
        "clock": f"$max([{CLOCK}, {_BROUGHT}.clock])",
        "trail": extended_trail((element.id, *after.passed)),
    }
    token = changed(written_fields(block, written) | fields | visit_fields(block, site))
    scope = inner_scope(element.id, occurrence(site.node.id) if block.is_cyclic(site) else None)
    state = Parallel(
        branches=tuple(_wait(block, site, element, event, number) for number, event in enumerate(element.events)),
        arguments=query(changed(fork_fields(scope, aborts=False))),
        output=query(with_prelude(written, token)),
        next=after.key,
    )
    block.add(told_before(block, site, block.key(site.node)), state, site)


def _wait(block: Block, site: Site, element: FlowNode, event: EventDefinition, number: int) -> States:
    """Return the branch that waits for one of the events, and ends with what it brought."""
    key, end = block.key(site.node, f":{number}"), block.key(site.node, f":{number}:end")
    alone = replace(element, events=(event,))
    first: State
    if event.kind is EventKind.TIMER:
        due = block.program.queries.due(event, element)
        first = Wait(f"$fromMillis({due})", end, _ended("{}", due))
    else:
        fields: dict[str, Json] = {"input": {}, "subscriptions": subscriptions_of(block.program, alone), "trail": []}
        call = waiting(Operation.ACTIVATE, element.id, number, fields)
        first = Task(waits=True, payload=call, output=_ended("$states.result.result", "$states.result.clock"), next=end)
    states: dict[Key, State] = {key: first, end: Succeed()}
    block.program.label(key, element, f"waits {number + 1}")
    block.program.label(end, element, f"happened {number + 1}")
    return States(key, states)


def _ended(result: str, clock: str) -> Json:
    return query(f"{{'result': {result}, 'clock': {clock}}}")
