"""Ends that stop more than their own token: error and terminate end events, and errors on their way outwards.

An abort is a `Fail` whose error names who catches it (`catch.<handler id>`, `terminate.<end event id>`) and
whose cause carries the variables written here, the clock and the trail. An error that nobody catches is
reported to the runtime before the machine fails.
"""

from collections.abc import Iterable

from orchestrator.compiler.asl.language.program import shown
from orchestrator.compiler.asl.language.states import Catcher, Fail, Task
from orchestrator.compiler.asl.language.token import CLOCK, INPUT, TRAIL, all_changes, changed, query, quote
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.landings import Landing, Raised
from orchestrator.compiler.asl.steps.moves import caught_fields
from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.catalogue import ErrorHandler
from orchestrator.compiler.flow.escalations import EscalationHandler, activity_escalations, escalation_handlers
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.handlers import activity_handlers, handler_of, scope_handlers
from orchestrator.compiler.flow.scopes import ScopeFlow, terminates


def lower_abort(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of an error end event, or of a terminate end event with other tokens around it."""
    site = Site(flow, node)
    element = node.element
    if element is None or terminates(element):
        block.add(block.key(node), Fail(terminate_error(node.id), query(cause(all_changes()))), site)
        return
    if cancels(element):
        block.add(block.key(node), Fail(catch_name(_cancelled(flow, element)), query(cause(all_changes()))), site)
        return
    code = next((event.code for event in element.events if event.kind is EventKind.ERROR), None)
    handler = handler_of(scope_handlers(flow), code)
    if handler is None:
        _fail(block, site, element, code)
        return
    block.add(block.key(node), Fail(catch_error(handler), query(cause(_with_code(handler, code)))), site)


def cancels(element: FlowNode | None) -> bool:
    """Tell whether the element is a cancel end event, or the boundary event that it leads to."""
    return element is not None and any(event.kind is EventKind.CANCEL for event in element.events)


def cancel_errors(flow: ScopeFlow) -> tuple[str, ...]:
    """Return the errors that cancel the transaction whose contents `flow` is."""
    if flow.owner is None or flow.outer is None:
        return ()
    return tuple(catch_name(node.id) for node in flow.outer.attached.get(flow.owner.id, ()) if cancels(node))


def catch_error(handler: ErrorHandler) -> str:
    """Return the name of the error that the handler catches."""
    return catch_name(handler.handler_id)


def catch_name(handler_id: str) -> str:
    """Return the name of the error by which something goes to a boundary event or event sub-process."""
    return f"catch.{handler_id}"


def terminate_error(end_event_id: str) -> str:
    """Return the name of the error by which a terminate end event stops its scope."""
    return f"terminate.{end_event_id}"


def cause(variables: str, clock: str = CLOCK, trail: str = TRAIL) -> str:
    """Return the cause of an abort."""
    return f"$string({{'variables': {variables}, 'clock': {clock}, 'trail': [{trail}]}})"


def relays(block: Block, site: Site, element: FlowNode) -> tuple[Catcher, ...]:
    """Catch what handlers of a repeated activity take, to raise it again with the variables written in here."""
    handlers = map(catch_error, activity_handlers(site.flow, element))
    errors = (*handlers, *_interrupting(activity_escalations(site.flow, element)))
    return tuple(landing.catcher for landing in _relayed(block, site, errors))


def relayed(block: Block, site: Site) -> tuple[Landing, ...]:
    """Return where what outer scopes handle is raised again, together with the variables written in here."""
    handlers = map(catch_error, scope_handlers(site.flow))
    return _relayed(block, site, (*handlers, *_interrupting(escalation_handlers(site.flow))))


def _interrupting(handlers: Iterable[EscalationHandler]) -> tuple[str, ...]:
    return tuple(catch_name(handler.id) for handler in handlers if handler.event.interrupting)


def _relayed(block: Block, site: Site, errors: Iterable[str]) -> tuple[Landing, ...]:
    errors = tuple(dict.fromkeys(errors))
    if not errors:
        return ()
    key = f"{block.name}:relay"
    if key not in block.states:
        block.states[key] = Fail(query(f"{INPUT}.error"), query(cause(all_changes())))
        block.program.label(key, site.flow.owner, "pass error on")
    return (Landing(errors, key, lambda raised: _relayed_token(block, raised)),)


def _relayed_token(block: Block, raised: Raised) -> str:
    return changed({"error": raised.error} | caught_fields(block, cause=raised.cause))


def _cancelled(flow: ScopeFlow, element: FlowNode) -> str:
    """Return the boundary event that a cancel end event leads to; an end event without is refused."""
    owner, outer = flow.owner, flow.outer
    attached = () if owner is None or outer is None else outer.attached.get(owner.id, ())
    return next((node.id for node in attached if cancels(node)), element.id)


def _with_code(handler: ErrorHandler, code: str | None) -> str:
    if handler.error_variable is None or code is None:
        return all_changes()
    return f"$merge([{all_changes()}, {{{quote(handler.error_variable)}: {quote(code)}}}])"


def _fail(block: Block, site: Site, element: FlowNode, code: str | None) -> None:
    reported = code or "ERROR"
    message = f"The error '{reported}' raised by '{shown(element)}' is caught by nothing"
    last = block.key(site.node, ":uncaught")
    call = payload(Operation.FAIL, element.id, {"code": reported, "message": message})
    block.add(block.key(site.node), Task(waits=False, payload=call, output=query(INPUT), next=last), site)
    block.add(last, Fail(reported, message), site, "uncaught")
