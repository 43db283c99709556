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
from orchestrator.compiler.asl.threads.escalation_threads import handled_by
from orchestrator.compiler.bpmn.model import EventKind
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
            fields["begins"] = handled_by(block, Site(flow, node), handler, _given(VARIABLES, handler, code))
        after = block.leave(flow, node)
        last, passed = after.key, (element.id, *after.passed)
    output = query(changed({"trail": strings(passed)} | visit_fields(block, site)))
    call = payload(Operation.ESCALATE, element.id, fields)
    block.add(block.key(node), Task(waits=False, payload=call, output=output, next=last), site)


def _given(variables: str, handler: EscalationHandler, code: str | None) -> str:
    if handler.variable is None:
        return variables
    return f"$merge([{variables}, {{{quote(handler.variable)}: {'null' if code is None else quote(code)}}}])"
