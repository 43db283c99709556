r"""Escalations: told to the runtime, and caught by whom the scopes around say (flow/escalations.py).

[escalate] --> next                    caught beside what goes on, by a thread of its own; or by nothing
[escalate] --> fails with catch.<handler>, for a handler that interrupts
"""

from orchestrator.compiler.asl.interruptions.aborts import catch_name, cause
from orchestrator.compiler.asl.language.states import Fail, Json, Task
from orchestrator.compiler.asl.language.token import VARIABLES, all_changes, changed, query, quote, strings
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.moves import occurrence_of, visit_fields
from orchestrator.compiler.asl.support import UNSUPPORTED_ELEMENT
from orchestrator.compiler.asl.threads.side_threads import ORDER
from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.flow.escalations import EscalationHandler, escalation_handler
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow


def lower_escalation(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of an event that raises an escalation."""
    element = node.element
    if element is None:
        return
    site = Site(flow, node)
    code = next(event.code for event in element.events if event.kind is EventKind.ESCALATION)
    handler = escalation_handler(flow, code)
    fields: dict[str, Json] = {
        "occurrence": occurrence_of(block, site),
        "code": code,
        "handler": None if handler is None else handler.id,
        "begins": None,
    }
    passed = (element.id,)
    if handler is not None and handler.event.interrupting:
        last = block.key(node, ":interrupts")
        raised = Fail(catch_name(handler.id), query(cause(_given(all_changes(), handler, code))))
        block.add(last, raised, site, "interrupts")
    else:
        if handler is not None:
            fields["begins"] = _begins(block, flow, element, handler, code)
        after = block.leave(flow, node)
        last, passed = after.key, (element.id, *after.passed)
    output = query(changed({"trail": strings(passed)} | visit_fields(block, site)))
    call = payload(Operation.ESCALATE, element.id, fields)
    block.add(block.key(node), Task(waits=False, payload=call, output=output, next=last), site)


def _begins(block: Block, flow: ScopeFlow, element: FlowNode, handler: EscalationHandler, code: str | None) -> Json:
    """Return the thread to begin: in the group of the scope that the handler belongs to, so many hosts further out."""
    entry = block.program.handler_entry(handler.event.id, block.context.copy)
    if entry is None or not _is_inside(block, handler.flow):
        message = f"'{element.name or element.id}' cannot run: nothing there can run beside what goes on"
        block.program.report(UNSUPPORTED_ELEMENT, message, element)
        return None
    return {
        "group": query("$states.input.group"),
        "outwards": _hosts_between(block, flow, handler.flow),
        "entry": entry.name,
        "order": query(ORDER),
        "ahead": entry.ahead,
        "variables": query(_given(VARIABLES, handler, code)),
    }


def _hosts_between(block: Block, flow: ScopeFlow, handling: ScopeFlow) -> int:
    """Count the scopes from the event to the handler's that run in groups of their own."""
    count, level = 0, flow
    while level is not handling and level.outer is not None:
        count += _is_inside(block, level)
        level = level.outer
    return count


def _is_inside(block: Block, flow: ScopeFlow) -> bool:
    return any(flow.graph.nodes[part.entry].id in block.context.threaded for part in flow.threaded)


def _given(variables: str, handler: EscalationHandler, code: str | None) -> str:
    if handler.variable is None:
        return variables
    return f"$merge([{variables}, {{{quote(handler.variable)}: {'null' if code is None else quote(code)}}}])"
