r"""Ad-hoc sub-processes whose activities somebody begins, over the API, as often as it is asked for (BPMN 10.3.5).

    host        [gather: waits until the record says that it is done] --> <how?> --> end
                                                    cut short --> [interrupt what is open] --^
    each begun  Which thread? --<activity>:begun--> [A] -> ... -> leave

What is begun are side threads of one group, in a scope path of its own below that of the body. The record keeps the
completion condition and tests it whenever one of them has ended (docs/design-notes.md, section 14).
"""

from dataclasses import replace

from orchestrator.compiler.asl.interruptions.aborts import cause
from orchestrator.compiler.asl.language.states import Choice, Fail, Json, Key, Rule, Task
from orchestrator.compiler.asl.language.token import INPUT, VARIABLES, all_changes, changed, inner_scope, query, quote
from orchestrator.compiler.asl.scopes.boxes import add_box
from orchestrator.compiler.asl.steps.block import Block, Ending, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, payload, waiting
from orchestrator.compiler.asl.steps.keeping import with_written
from orchestrator.compiler.asl.threads.gathers import HOW, gathered
from orchestrator.compiler.asl.threads.insides import abort_errors, add_side_states
from orchestrator.compiler.asl.threads.side_threads import enter, leave_state
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow

SEQUENTIAL = "Sequential"
_CUT = "cut"
#: why what is open is ended: it is done without it
_REASON = "ad-hoc completion"


def lower_chosen(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of an ad-hoc sub-process whose activities are begun over the API."""
    add_box(block, flow, node, _begin)


def _begin(body: Block, site: Site, last: Ending) -> Key:
    element = site.node.element
    if element is None or element.scope is None:
        raise ValueError(f"{site.node.id} has no contents")
    inner = body.program.flows[element.scope.id]
    errors = abort_errors(inner, range(len(inner.graph.nodes)))
    name, scope = f"{body.name}:begun", query(inner_scope(element.id, None))
    choices = _activities(body, site, inner, name, errors)
    fields: dict[str, Json] = {
        "scope": scope,
        "input": query(VARIABLES),
        "beginnings": [],
        "release": None,
        "ad_hoc": _told(body, element, choices),
    }
    how, cut, after = f"{name}:how", f"{name}:cut", body.end(last)
    told = {"ended": f"$exists($states.result.result.cut) ? '{_CUT}' : {HOW}", "trail": "[]"}
    call = waiting(Operation.GATHER, element.id, 0, with_written(body, site.flow, fields))
    waits = Task(waits=True, payload=call, output=query(changed(gathered(body) | told)), next=how)
    stop = payload(Operation.INTERRUPT, element.id, {"target": {"scope": scope}, "reason": _REASON})
    body.add(name, waits, site, "activities")
    body.add(how, Choice((Rule(_ended(_CUT), cut), *_aborts(body, site, name, errors)), after), site, "how?")
    body.add(
        cut, Task(waits=False, payload=stop, output=query(changed({"trail": "[]"})), next=after), site, "end others"
    )
    return name


def _activities(body: Block, site: Site, inner: ScopeFlow, name: str, errors: tuple[str, ...]) -> dict[str, str]:
    """Add what side threads do, and return the entry of each activity that may be begun, by its id."""
    element, graph = site.node.element, inner.graph
    leave = Ending(f"{name}^:leave", leave_state(body, inner), element, "activity ends")
    context = replace(
        body.context,
        concurrent=True,
        copy=f"{body.context.copy}^",
        forked=body.context.forked | {inner.scope.id},
    )
    inside = body.nested(f"{name}^", context, {graph.nodes[graph.exit].id: leave})
    choices: dict[str, str] = {}
    starts: list[Key] = []
    for edge in graph.flows(graph.entry):
        step = inside.follow(inner, edge)
        activity = graph.nodes[edge.target]
        choices[activity.id] = inside.key(activity, ":begun")
        enter(inside, choices[activity.id], step)
        starts.append(step.key)
    add_side_states(inside, site, starts[0], errors)
    return choices


def _told(body: Block, element: FlowNode, choices: dict[str, str]) -> Json:
    """Return what the record needs to decide: what may begin, and when it is enough."""
    condition = element.completion_condition
    if condition is not None:
        body.program.queries.condition(condition, element)  # what cannot be translated is a finding
    return {
        "choices": dict(choices),
        "sequential": element.ordering == SEQUENTIAL,
        "cancel_remaining": element.cancel_remaining,
        "condition": None if condition is None else condition.text,
        "language": None if condition is None else condition.language,
    }


def _aborts(body: Block, site: Site, name: str, errors: tuple[str, ...]) -> list[Rule]:
    """Return the rules for errors that end more than their own thread: raised once more, for who catches them."""
    if not errors:
        return []
    key = body.add(f"{name}:aborted", Fail(query(f"{INPUT}.ended"), query(cause(all_changes()))), site, "pass error on")
    return [Rule(_ended(error), key) for error in errors]


def _ended(how: str) -> str:
    return f"{INPUT}.ended = {quote(how)}"
