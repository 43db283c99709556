r"""Compensation: the record says what is to be undone, one loop undoes it, the latest first.

    (<<) --> [compensate: handlers due] --> <next?> --undo B--> [undo B] --+
                                            ^   \---undo A--> [undo A] --+ |
                                            |       \--none--> next      | |
                                            +----------------------------+-+

Each handler runs in a scope path of its own, `<scope>/<event>#<occurrence>[<index>]`, so that what interrupts the
event interrupts its handlers. The token remembers in `undo`: the `handlers` due, the `round`, the `base` of the
paths, `scope` and `visits` to go on with, and the `outer` compensation that this one is part of. Variables that
existed only inside what is undone are there for its handlers (`current.variables`), and hide others meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orchestrator.compiler.asl.language.states import Choice, Json, Key, Pass, Rule, Succeed, Task
from orchestrator.compiler.asl.language.token import SCOPE, VARIABLES, changed, extended_trail, query, quote, strings
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, Step
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.moves import occurrence_of, visit_fields
from orchestrator.compiler.bpmn.model import ElementId, EventKind, FlowNode
from orchestrator.compiler.flow.compensation import Compensable, handler_scope_id, handlers_of
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow

_UNDO = "$states.input.undo"
_ITEM = f"{_UNDO}.handlers[{_UNDO}.round]"
_ANSWER = "$states.result.Payload"
#: variables without those of the activity that was undone last
_LEFT = (
    f"$merge([$sift({VARIABLES}, function($v, $k) {{ $not($k in $keys({_UNDO}.current.variables)) }}), {_UNDO}.hidden])"
)
#: the same of the keys that were written
_WRITTEN = (
    f"[$filter([$states.input.written], function($k) {{ $not($k in $keys({_UNDO}.current.variables)) }}), {_UNDO}.kept]"
)


@dataclass(frozen=True, slots=True)
class Undoing:
    """A compensation: the `event` that asks for it, the `scope` that is compensated, or one `activity` of it.

    `within` is JSONata for thread and scope path of that scope, where the event does not happen inside of it.
    `traced`: the event is an element of the model, which the trail tells of.
    """

    event: FlowNode
    scope: ElementId
    activity: ElementId | None = None
    within: Json = None
    visit: Mapping[str, str] = field(default_factory=dict[str, str])
    traced: bool = True


def throws_compensation(element: FlowNode) -> bool:
    """Tell whether the element, an end or throw event, asks for compensation."""
    return any(event.kind is EventKind.COMPENSATION for event in element.events)


def lower_compensation(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of a compensation throw or end event."""
    site, element = Site(flow, node), node.element
    if element is None:
        return
    event = next(event for event in element.events if event.kind is EventKind.COMPENSATION)
    scope, within = _compensated(flow)
    undoing = Undoing(element, scope, event.activity_ref, within, visit_fields(block, site))
    add_compensation(block, site, undoing, block.leave(flow, node), block.key(node))


def add_compensation(block: Block, site: Site, undoing: Undoing, after: Step, key: Key) -> Key:
    """Add the states of a compensation; the first is `key`, and the token takes the step `after` in the end."""
    event = undoing.event
    handlers = tuple(dict.fromkeys(handlers_of(site.flow.compensables, undoing.scope, undoing.activity)))
    fields: dict[str, Json] = {
        "occurrence": occurrence_of(block, site),
        "compensated": {"scope": undoing.scope, "activity": undoing.activity, "within": undoing.within},
    }
    call = payload(Operation.COMPENSATE, event.id, fields)
    passed = (event.id, *after.passed) if undoing.traced else after.passed
    if not handlers:
        output = changed({"trail": strings(passed)} | dict(undoing.visit))
        return block.add(key, Task(waits=False, payload=call, output=query(output), next=after.key), site)
    again = f"{key}:next"
    output = query(changed({"clock": f"{_ANSWER}.clock", "trail": "[]", "undo": _begun(block, site, undoing)}))
    block.add(key, Task(waits=False, payload=call, output=output, next=again), site)
    rules = _add_handlers(block, site, handlers, again)
    done = {"scope": f"{_UNDO}.scope", "visits": f"{_UNDO}.visits", "undo": f"{_UNDO}.outer"}
    done |= {"trail": extended_trail(passed)} | _variables(block, _LEFT)
    block.add(again, Choice(rules, after.key, query(changed(done))), site, "next?")
    return key


def _compensated(flow: ScopeFlow) -> tuple[ElementId, Json]:
    """Return the scope that an event in a scope compensates, and where that is if the event is not inside of it.

    An event sub-process compensates what is around it (BPMN 13.5.5).
    """
    level = flow
    while level.owner is not None and level.owner.triggered_by_event:
        if level.outer is None:
            within: Json = {name: query(f"{_UNDO}.current.{name}") for name in ("thread", "scope")}
            return _undone_by(level, level.owner), within
        level = level.outer
    return level.scope.id, None


def _undone_by(flow: ScopeFlow, handler: FlowNode) -> ElementId:
    owners = (one.element_id for one in flow.compensables.values() if one.handler == handler.id)
    return next(owners, flow.scope.id)


def _begun(block: Block, site: Site, undoing: Undoing) -> str:
    number = occurrence_of(block, site)
    path = f"/{undoing.event.id}#"
    counted = quote(f"{path}0") if number == 0 else f"{quote(path)} & $string({_unquoted(number)})"
    visits = undoing.visit.get("visits", "$states.input.visits")
    return (
        f"{{'handlers': [{_ANSWER}.handlers], 'round': 0, 'base': {SCOPE} & {counted}, 'scope': {SCOPE}, "
        f"'visits': {visits}, 'outer': $exists({_UNDO}) ? {_UNDO} : null}}"
    )


def _unquoted(text: Json) -> str:
    return str(text).removeprefix("{% ").removesuffix(" %}")


def _add_handlers(block: Block, site: Site, handlers: tuple[Compensable, ...], again: Key) -> tuple[Rule, ...]:
    """Add the states of the handlers, which lead back to `again`, and return the rules that lead to them."""
    flows = {one.handler: _flow_of(block, one) for one in handlers}
    stops = {
        flow.graph.nodes[flow.graph.exit].id: _left(block, one.handler, flow, again)
        for one in handlers
        if (flow := flows[one.handler]) is not None
    }
    context = replace(block.context, copy=f"{block.context.copy}<{site.node.id}", counted=False)
    inside = block.nested(again, context, stops)
    inside.states[again] = Succeed()
    rules = [
        _rule(block, one, inside.arrive(Site(flow, flow.graph.nodes[flow.graph.entry])))
        for one in {one.handler: one for one in handlers}.values()
        if (flow := flows[one.handler]) is not None
    ]
    block.states |= inside.complete(again).states
    return tuple(rules)


def _flow_of(block: Block, one: Compensable) -> ScopeFlow | None:
    handler = one.handler or ElementId("")
    return block.program.flows.get(handler_scope_id(handler)) or block.program.flows.get(handler)


def _left(block: Block, handler: ElementId | None, flow: ScopeFlow, again: Key) -> Ending:
    """Return where a handler ends: an event sub-process is noted when it is left."""
    if flow.owner is None:
        return Ending(again, Succeed())
    left = Pass(query(changed({"trail": extended_trail((str(handler),))})), again)
    return Ending(f"{again}:{handler}{block.context.copy}:left", left, flow.owner, "undone")


def _rule(block: Block, one: Compensable, step: Step) -> Rule:
    """Return the rule that leads to a handler, with the token as the handler gets it."""
    fields = {
        "scope": f"{_UNDO}.base & '[' & $string({_UNDO}.round) & ']'",
        "visits": "{}",
        "trail": extended_trail(step.passed),
        "undo": f"$merge([{_UNDO}, {{'round': {_UNDO}.round + 1, 'current': {_ITEM}{_hidden(block)}}}])",
    } | _variables(block, f"$merge([{_LEFT}, {_ITEM}.variables])")
    return Rule(f"{_ITEM}.handler = {quote(str(one.handler))}", step.key, query(changed(fields)))


def _hidden(block: Block) -> str:
    """Return the variables that those of the activity hide while it is undone, and which of them were written."""
    if not block.program.has_snapshots:
        return ""
    hidden = f"$sift({_LEFT}, function($v, $k) {{ $k in $keys({_ITEM}.variables) }})"
    kept = f"$filter({_WRITTEN}, function($k) {{ $k in $keys({_ITEM}.variables) }})"
    return f", 'hidden': $merge([{hidden}]), 'kept': [{kept}]"


def _variables(block: Block, text: str) -> dict[str, str]:
    if not block.program.has_snapshots:
        return {}
    return {"variables": text} | ({"written": _WRITTEN} if block.context.concurrent else {})
