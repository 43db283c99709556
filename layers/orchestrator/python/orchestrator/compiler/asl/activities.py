"""Activities that somebody or something performs: one `Task` that waits for its token.

[A] --answer--> next
|   catch.<boundary>   -> path of that boundary event
|   States.Timeout     -> [interrupt] -> <really interrupted?> path of the timer : next
|   catch.<outer>      -> raised again for an outer scope, with what was written here
"""

from orchestrator.compiler.asl.aborts import relays
from orchestrator.compiler.asl.block import Block, Site, Step
from orchestrator.compiler.asl.dispatch import Operation, waiting
from orchestrator.compiler.asl.moves import (
    answered,
    caught_fields,
    occurrence_of,
    visit_fields,
    with_prelude,
    written_fields,
)
from orchestrator.compiler.asl.results import Written, assigned, mapped, written_by
from orchestrator.compiler.asl.states import Catcher, Json, Pass, Task
from orchestrator.compiler.asl.timers import Timer, add_timeout, boundary_timers, soonest
from orchestrator.compiler.asl.token import VARIABLES, changed, extended_trail, query, quote
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.graph import Edge, Node
from orchestrator.compiler.flow.handlers import scope_handlers
from orchestrator.compiler.flow.scopes import ScopeFlow


def lower_activity(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of an activity and those of its interrupting boundary events."""
    site = Site(flow, node)
    element = node.element
    if element is None:
        return
    after = block.leave(flow, node)
    timers = boundary_timers(block, site)
    written = performed(block, element, "$states.result.result")
    fields: dict[str, Json] = {
        "input": _input(block, element),
        "deadline": query(soonest(timers)) if timers else None,
    }
    state = Task(
        waits=True,
        payload=waiting(Operation.ACTIVATE, element.id, occurrence_of(block, site), fields),
        output=query(answered(block, site, written, "$states.result", after.passed)),
        next=after.key,
        catch=_catchers(block, site, timers, after),
        timeout=f"$max([1, $ceil(({soonest(timers)} - $millis()) / 1000)])" if timers else None,
    )
    block.add(block.key(node), state, site)


def lower_script(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of a script task: its value goes to the result variable, without any call."""
    element = node.element
    if element is None:
        return
    after = block.leave(flow, node)
    fields = {"trail": extended_trail((element.id, *after.passed))}
    written = _script(block, element)
    if written is not None:
        fields = written_fields(block, written) | fields
    output = changed(fields) if written is None else with_prelude(written, changed(fields))
    block.add(block.key(node), Pass(query(output), after.key), Site(flow, node))


def performed(block: Block, element: FlowNode, result: str) -> Written:
    """Return what the answer of an activity writes: under its result variable, by its mappings, or as it is."""
    variable = element.execution.result_variable
    if variable and not element.execution.outputs:
        return assigned(variable, result)
    return written_by(block.program, element, f"{{{quote(variable)}: {result}}}" if variable else result)


def _script(block: Block, element: FlowNode) -> Written | None:
    script, variable = element.execution.script, element.execution.result_variable
    if script is None or not variable:
        return None
    return performed(block, element, block.program.queries.value(script, element))


def _input(block: Block, element: FlowNode) -> Json:
    inputs = element.execution.inputs
    return query(mapped(block.program, element, inputs, VARIABLES) if inputs else VARIABLES)


def _catchers(block: Block, site: Site, timers: list[Timer], after: Step) -> tuple[Catcher, ...]:
    timed = {timer.edge for timer in timers}
    own = [edge for edge in site.flow.boundary_edges(site.node.index) if edge not in timed]
    catchers = [_caught_here(block, site, edge) for edge in own]
    if timers:
        catchers.append(add_timeout(block, site, timers, after))
    return (*catchers, *relays(block, site, scope_handlers(site.flow)))


def _caught_here(block: Block, site: Site, edge: Edge) -> Catcher:
    boundary = site.flow.graph.nodes[edge.target]
    step = block.follow(site.flow, edge)
    token = changed(caught_fields(block, step.passed) | visit_fields(block, site))
    return Catcher((f"catch.{boundary.id}",), step.key, query(token))
