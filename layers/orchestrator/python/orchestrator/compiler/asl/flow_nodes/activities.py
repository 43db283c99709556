"""Activities that somebody or something performs: one `Task` that waits for its token.

[A] --answer--> next
|   catch.<boundary>   -> path of that boundary event
|   States.Timeout     -> [interrupt] -> <really interrupted?> path of the timer : next
|   catch.<outer>      -> raised again for an outer scope, with what was written here
"""

from collections.abc import Sequence
from typing import cast

from orchestrator.compiler.asl.interruptions.boundary_events import catchers, watched_by
from orchestrator.compiler.asl.language.states import Catcher, Json, Key, Pass, Task
from orchestrator.compiler.asl.language.token import VARIABLES, changed, counted_visit, extended_trail, query
from orchestrator.compiler.asl.steps.block import Block, Site, Step, is_compensable, passed_element
from orchestrator.compiler.asl.steps.calls import call_fields, is_call, performed
from orchestrator.compiler.asl.steps.dispatch import Operation, waiting
from orchestrator.compiler.asl.steps.keeping import with_written
from orchestrator.compiler.asl.steps.moves import (
    answered,
    caught_fields,
    occurrence_of,
    with_prelude,
    written_fields,
)
from orchestrator.compiler.asl.steps.results import Written, answered_by, mapped
from orchestrator.compiler.asl.steps.settlements import add_settlement, snapshot_fields
from orchestrator.compiler.asl.steps.subscriptions import subscriptions_of
from orchestrator.compiler.asl.steps.timers import Timer, boundary_timers, remaining_seconds, soonest
from orchestrator.compiler.asl.threads.escalation_threads import catches_of
from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.scripts import is_computed, result_variable_of, script_of
from orchestrator.compiler.expressions import Expression, ExpressionError
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow


def lower_activity(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of an activity and those of its interrupting boundary events."""
    site = Site(flow, node)
    after = block.leave(flow, node)
    if node.element is not None and passed_element(node.element):
        add_settlement(block, site, after, block.key(node))
        return
    timers = boundary_timers(block, site)
    add_activity(block, site, after, catchers(block, site, timers, after), timers)


def add_activity(
    block: Block, site: Site, after: Step, catch: tuple[Catcher, ...], timers: Sequence[Timer] = ()
) -> Key:
    """Add the `Task` of an activity and return its key."""
    key, element = block.key(site.node), site.node.element
    if element is None:
        return key
    due = soonest(timers) if timers else None
    fields: dict[str, Json] = {
        "input": _input(block, element),
        "deadline": None if due is None else query(due),
        **snapshot_fields(site),
    }
    operation = Operation.ACTIVATE
    waits = element.type is NodeType.RECEIVE_TASK
    if waits:
        fields = {**fields, "input": {}, "subscriptions": subscriptions_of(block.program, element)}
    own = [one for event in watched_by(site) for one in subscriptions_of(block.program, event)]
    if own:
        fields["subscriptions"] = [*cast("list[Json]", fields.get("subscriptions", [])), *own]
    escalations = catches_of(block, site, element)
    if escalations:
        fields["escalations"] = escalations
    if is_call(element):
        operation, fields = Operation.CALL, fields | call_fields(block.program, element)
        catch = (*catch, _called_again(block, site, key))
    written = performed(block.program, element, "$states.result.result")
    passed = (element.id, *after.passed) if waits else after.passed
    state = Task(
        waits=True,
        payload=waiting(operation, element.id, occurrence_of(block, site), with_written(block, site.flow, fields)),
        output=query(answered(block, site, written, "$states.result", passed)),
        next=after.key,
        catch=catch,
        timeout=None if due is None else remaining_seconds(due),
    )
    return block.add(key, state, site)


def lower_script(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of a script or business rule task: it sets variables without any call, or is performed."""
    if node.element is not None and is_computed(node.element):
        add_script(block, Site(flow, node), block.leave(flow, node))
    else:
        lower_activity(block, flow, node)


def add_script(block: Block, site: Site, after: Step) -> Key:
    """Add the `Pass` of a script or decision and return its key."""
    key, element = block.key(site.node), site.node.element
    if element is None:
        return key
    done = (element.id, *after.passed)
    if is_compensable(site):
        after, done = Step(add_settlement(block, site, after, block.key(site.node, ":settle"))), ()
    fields = {"trail": extended_trail(done)}
    written = _script(block, element)
    if written is not None:
        fields = written_fields(block, written) | fields
    output = changed(fields) if written is None else with_prelude(written, changed(fields))
    return block.add(key, Pass(query(output), after.key), site)


def _called_again(block: Block, site: Site, key: Key) -> Catcher:
    """Return the catcher of a call that is to be tried again, as another entry."""
    again = changed(caught_fields(block) | {"visits": counted_visit(site.node.id)})
    return Catcher((f"catch.{site.node.id}",), key, query(again))


def _script(block: Block, element: FlowNode) -> Written | None:
    source, script, queries = element.execution.script, script_of(element), block.program.queries
    if isinstance(script, ExpressionError):
        if source is not None:
            queries.value(source, element)  # it reports what is wrong; of decisions a rule does
        return None
    values = {name: queries.translated(value) for name, value in script.assignments}
    target = result_variable_of(element)
    if target and script.value is not None:
        values[target] = _computed(block, element, script.value)
    return answered_by(block.program, element, values) if values else None


def _computed(block: Block, element: FlowNode, value: Expression) -> str:
    """Return a value; a decision sees the task's input mappings before the variables."""
    inputs = element.execution.inputs
    if element.execution.decision is None or not inputs:
        return block.program.queries.translated(value)
    local = f"$merge([{VARIABLES}, {mapped(block.program, element, inputs, VARIABLES)}])"
    return f"($mapped := {local}; {block.program.queries.translated(value, '$mapped')})"


def _input(block: Block, element: FlowNode) -> Json:
    inputs = element.execution.inputs
    return query(mapped(block.program, element, inputs, VARIABLES) if inputs else VARIABLES)
