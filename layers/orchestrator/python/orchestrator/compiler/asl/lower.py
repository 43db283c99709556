"""From the analysed scopes of a process to its states.

    Start (takes the execution's input) -> states of the process scope -> Complete (tells the runtime)

Which lowering a node gets is a table: by its role where it splits, chooses or aborts, else by its BPMN type.
"""

from orchestrator.compiler.asl.flow_nodes.activities import lower_activity, lower_script
from orchestrator.compiler.asl.flow_nodes.catches import lower_catch, lower_receive
from orchestrator.compiler.asl.flow_nodes.escalations import lower_escalation
from orchestrator.compiler.asl.flow_nodes.event_choices import lower_event_choice
from orchestrator.compiler.asl.flow_nodes.starts import lower_start
from orchestrator.compiler.asl.flow_nodes.throws import is_sent, lower_throw
from orchestrator.compiler.asl.gateways.gateways import lower_exclusive
from orchestrator.compiler.asl.gateways.parallels import lower_fork
from orchestrator.compiler.asl.interruptions.aborts import lower_abort
from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.states import Json, Pass, States, Task
from orchestrator.compiler.asl.language.token import VARIABLES, query, quote
from orchestrator.compiler.asl.scopes.ad_hoc import lower_ad_hoc
from orchestrator.compiler.asl.scopes.boxes import add_box
from orchestrator.compiler.asl.scopes.cancellation import add_cancellation, is_compensated
from orchestrator.compiler.asl.scopes.compensations import lower_compensation, throws_compensation
from orchestrator.compiler.asl.scopes.guards import lower_guarded
from orchestrator.compiler.asl.scopes.repetition import lower_repeated
from orchestrator.compiler.asl.steps.block import (
    Block,
    Context,
    Ending,
    Lowering,
    Step,
    Visit,
    in_order,
    passed_element,
)
from orchestrator.compiler.asl.steps.bodies import begin_scope, enter_scope
from orchestrator.compiler.asl.steps.calls import is_call
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.threads.gathers import lower_threaded
from orchestrator.compiler.asl.threads.insides import thread_choice
from orchestrator.compiler.asl.threads.non_interrupting import lower_departure, lower_watches
from orchestrator.compiler.asl.threads.side_threads import lower_advance, lower_arrival, lower_spawn
from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.scripts import is_computed
from orchestrator.compiler.flow.escalations import escalates
from orchestrator.compiler.flow.graph import Node, Role
from orchestrator.compiler.flow.regions import Mode
from orchestrator.compiler.flow.scopes import ScopeFlow


def lower_sub_process(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of a sub-process that cannot be inlined."""
    add_box(block, flow, node, begin_scope)


def lower_throwing(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of a throw or end event that does not abort: it compensates, escalates, is sent, or publishes."""
    if node.element is not None and throws_compensation(node.element):
        lower_compensation(block, flow, node)
    elif node.element is not None and escalates(node.element):
        lower_escalation(block, flow, node)
    elif node.element is not None and is_sent(node.element):
        lower_activity(block, flow, node)
    else:
        lower_throw(block, flow, node)


def lower_split(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of a split: one `Parallel`, or side threads."""
    threaded = flow.regions.by_fork[node.index].mode is Mode.THREADED
    (lower_spawn if threaded else lower_fork)(block, flow, node)


_BY_ROLE: dict[Role, Lowering] = {
    Role.CHOICE: lower_exclusive,
    Role.FORK: lower_split,
    Role.INCLUSIVE_FORK: lower_split,
    Role.ABORT: lower_abort,
    Role.EVENT_CHOICE: lower_event_choice,
}
_BY_TYPE: dict[NodeType, Lowering] = {
    NodeType.TASK: lower_activity,
    NodeType.USER_TASK: lower_activity,
    NodeType.MANUAL_TASK: lower_activity,
    NodeType.SERVICE_TASK: lower_activity,
    NodeType.SEND_TASK: lower_activity,
    NodeType.BUSINESS_RULE_TASK: lower_script,
    NodeType.RECEIVE_TASK: lower_receive,
    NodeType.CALL_ACTIVITY: lower_activity,
    NodeType.SCRIPT_TASK: lower_script,
    NodeType.INTERMEDIATE_CATCH_EVENT: lower_catch,
    NodeType.INTERMEDIATE_THROW_EVENT: lower_throwing,
    NodeType.END_EVENT: lower_throwing,
    NodeType.START_EVENT: lower_start,
    NodeType.SUB_PROCESS: lower_sub_process,
    NodeType.TRANSACTION: lower_sub_process,
    NodeType.AD_HOC_SUB_PROCESS: lower_ad_hoc,
}


def lower_process(program: Program) -> States:
    """Return the states of the machine. Elements without a lowering are left out; `support` has reported them."""
    flow = program.flows[program.process.scope.id]
    graph = flow.graph
    cancels = is_compensated(program)
    complete = Ending(program.label("complete", None, "Complete"), _complete(), None, "Complete")
    block = Block(
        program.process.id,
        program,
        lower_visit,
        context=Context(concurrent=cancels, tells=cancels),
        stops={graph.nodes[graph.exit].id: complete},
    )
    _check_conditions(program)
    start = program.label("start", None, "Start")
    first = enter_scope(block, flow)
    token = _token(program, first)
    block.states[start] = Pass({**token, "written": []} if cancels else token, first.key)
    if cancels:
        add_cancellation(block, flow, _initial(program), _complete())
    states = block.complete(start)
    return _with_threads(program, states) if program.entries else states


def _check_conditions(program: Program) -> None:
    """Report conditions of start events that cannot be evaluated; the machine itself needs none of them."""
    for node in program.process.scope.nodes:
        for event in node.events if node.type is NodeType.START_EVENT else ():
            if event.kind is EventKind.CONDITIONAL and event.expression is not None:
                program.queries.condition(event.expression, node)


def _with_threads(program: Program, states: States) -> States:
    """Begin with a `Choice` between the root thread and the places where side threads begin."""
    which = program.label("thread", None, "Which thread?")
    choice = thread_choice(program.entries, states.start_at)
    return States(which, in_order(which, {which: choice, **states.states, **program.side_states}))


def becomes_task(element: FlowNode) -> bool:
    """Tell whether somebody or something performs the element."""
    lowered = _BY_TYPE.get(element.type)
    if lowered is lower_script:
        return not is_computed(element)
    if lowered is lower_throwing:
        return is_sent(element)
    return lowered is lower_activity and not passed_element(element) and not is_call(element)


def lower_visit(block: Block, visit: Visit) -> None:
    """Add the states that a token meets at a node: a threaded region, a join that counts, or the node itself."""
    site = visit.site
    if block.is_departure(visit):
        lower_departure(block, visit)
    elif block.is_guarded_entry(site):
        lower_guarded(block, site)
    elif block.is_threaded_entry(site):
        lower_threaded(block, site.flow, site.node)
    elif block.is_advance(visit):
        lower_advance(block, visit)
    elif block.is_counted(site):
        lower_arrival(block, visit)
    else:
        lower_watches(block, site)
        lower_node(block, site.flow, site.node)


def lower_node(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of one node."""
    element = node.element
    lowering = _BY_ROLE.get(node.role)
    if lowering is None and element is not None and (element.multi_instance or element.loop):
        lowering = lower_repeated
    if lowering is None and node.element is not None:
        lowering = _BY_TYPE.get(node.element.type)
    if lowering is not None:
        lowering(block, flow, node)


def _token(program: Program, first: Step) -> dict[str, Json]:
    """Return the token that an execution starts with."""
    return {
        "variables": query(_initial(program)),
        "clock": query("$states.input.clock"),
        "scope": query("$states.input.scope"),
        "visits": query("$states.input.visits"),
        "trail": list(first.passed),
    }


def _initial(program: Program) -> str:
    """Return JSONata for the variables that an execution starts with.

    Data objects give variables their initial values; the variable that a start event names for it gets who started.
    """
    initial = [
        f"{quote(item.name or item.id)}: {program.queries.initial(item)}"
        for item in program.process.scope.data_objects
        if item.initial is not None
    ]
    parts = [f"{{{', '.join(initial)}}}"] if initial else []
    parts.append(VARIABLES)
    if program.process.initiator:
        parts.append(f"{{{quote(program.process.initiator)}: $states.input.initiator}}")
    return f"$merge([{', '.join(parts)}])" if len(parts) > 1 else VARIABLES


def _complete() -> Task:
    call = payload(Operation.COMPLETE, None, {"variables": query(VARIABLES)})
    return Task(waits=False, payload=call, output=query(VARIABLES), next=None)
