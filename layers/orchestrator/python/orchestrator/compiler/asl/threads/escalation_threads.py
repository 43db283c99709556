"""What catches an escalation: the thread that handles it beside what goes on, and what an activity tells of both."""

from orchestrator.compiler.asl.language.states import Json
from orchestrator.compiler.asl.language.token import VARIABLES, query
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.support import UNSUPPORTED_ELEMENT
from orchestrator.compiler.asl.threads.side_threads import ORDER
from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.flow.escalations import EscalationHandler, activity_escalations
from orchestrator.compiler.flow.scopes import ScopeFlow, is_chosen


def catches_of(block: Block, site: Site, element: FlowNode) -> list[Json]:
    """Return what catches the escalations of an activity's performer, or of the instance that it calls."""
    if element.type is NodeType.RECEIVE_TASK:
        return []
    return [_catch(block, site, element, handler) for handler in activity_escalations(site.flow, element)]


def _catch(block: Block, site: Site, element: FlowNode, handler: EscalationHandler) -> Json:
    seen = None if _sees_all(element) else VARIABLES
    begins = None if handler.event.interrupting else handled_by(block, site, handler, seen)
    return {"handler": handler.id, "code": handler.code, "variable": handler.variable, "begins": begins}


def _sees_all(element: FlowNode) -> bool:
    """Tell whether the input of the activity are the variables of its token."""
    call = element.execution.call
    return not element.execution.inputs and (call is None or call.propagate_all_inputs)


def handled_by(block: Block, site: Site, handler: EscalationHandler, variables: str | None) -> Json:
    """Return the thread to begin: in the group of the scope that the handler belongs to, so many hosts further out.

    `variables` (JSONata) None: the runtime has them.
    """
    entry = block.program.handler_entry(handler.event.id, block.context.copy)
    if entry is None or not _is_inside(block, handler.flow):
        element = site.node.element
        shown = site.node.id if element is None else element.name or element.id
        message = f"'{shown}' cannot run: nothing there can run beside what goes on"
        block.program.report(UNSUPPORTED_ELEMENT, message, element)
        return None
    return {
        "group": query("$states.input.group"),
        "outwards": _hosts_between(block, site.flow, handler.flow),
        "entry": entry.name,
        "order": query(ORDER),
        "ahead": entry.ahead,
        "variables": None if variables is None else query(variables),
    }


def _hosts_between(block: Block, flow: ScopeFlow, handling: ScopeFlow) -> int:
    """Count the scopes from the event to the handler's that run in groups of their own."""
    count, level = 0, flow
    while level is not handling and level.outer is not None:
        count += _is_inside(block, level) + is_chosen(level.owner)
        level = level.outer
    return count


def _is_inside(block: Block, flow: ScopeFlow) -> bool:
    return any(flow.graph.nodes[part.entry].id in block.context.threaded for part in flow.threaded)
