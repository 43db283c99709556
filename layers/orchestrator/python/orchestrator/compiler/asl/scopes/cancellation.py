"""Cancelling an instance from outside: what was completed is compensated before it ends (docs/design-notes.md, 15).

    Which thread? --cancel--> [interrupt all] --> [compensate the process] --> ... --> [complete]

Only where something of the process can be compensated. It is a side thread that the record begins; the states are part
of the machine, so that each version compensates as it was modelled.
"""

from collections.abc import Iterator
from typing import Final

from orchestrator.compiler.asl.interruptions.aborts import catch_error, catch_name
from orchestrator.compiler.asl.language.program import Entry, Program
from orchestrator.compiler.asl.language.states import Catcher, Fail, Json, Key, Parallel, State, States, Succeed, Task
from orchestrator.compiler.asl.language.token import INPUT, caught, changed, query
from orchestrator.compiler.asl.scopes.compensations import Undoing, add_compensation
from orchestrator.compiler.asl.steps.block import Block, Context, Site, Step
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.bpmn.model import ElementId, FlowNode, NodeType
from orchestrator.compiler.flow.compensation import handlers_of
from orchestrator.compiler.flow.escalations import interrupting_escalations
from orchestrator.compiler.flow.handlers import scope_handlers
from orchestrator.compiler.flow.scopes import ScopeFlow

#: where the thread begins that compensates
CANCEL: Final = "cancel"
_ROOT: Final = "root"
#: the scope path of a process; validators take no empty text for a literal
_PROCESS: Final = query("''")
_START, _UNDO, _DONE = f"{CANCEL}:start", f"{CANCEL}:compensate", f"{CANCEL}:done"
_UNCAUGHT = "COMPENSATION_FAILED"


def is_compensated(program: Program) -> bool:
    """Tell whether something in the process can be compensated from its own scope, so that cancelling does so."""
    scope = program.process.scope.id
    return any(True for _ in handlers_of(program.flows[scope].compensables, scope))


def add_cancellation(block: Block, flow: ScopeFlow, initial: str, complete: Task) -> None:
    """Add the states of a cancellation to the machine; `initial` is JSONata for the variables that it begins with."""
    program = block.program
    process, site = program.process, Site(flow, flow.graph.nodes[flow.graph.entry])
    inside = block.nested(CANCEL, Context(concurrent=True, tells=True, copy="!"), {})
    inside.add(_DONE, Succeed(), site, "compensated")
    event = FlowNode(ElementId(process.id), NodeType.END_EVENT)
    undoing = Undoing(event, flow.scope.id, within={"thread": _ROOT, "scope": _PROCESS}, traced=False)
    add_compensation(inside, site, undoing, Step(_DONE), _UNDO)
    target: dict[str, Json] = {"thread": _ROOT, "target": {"scope": _PROCESS}, "reason": CANCEL, "trail": []}
    output = changed({"variables": initial, "clock": "$states.result.Payload.clock", "trail": "[]"})
    call = payload(Operation.INTERRUPT, process.id, target)
    inside.add(_START, Task(waits=False, payload=call, output=query(output), next=_UNDO), site, "cancel")
    program.entries.append(Entry(CANCEL, CANCEL))
    program.side_states |= _guarded(block, site, inside.complete(_START), complete)


def _guarded(block: Block, site: Site, body: States, complete: Task) -> dict[Key, State]:
    """Return a `Parallel` around the compensation: what its handlers raise for somebody outside fails the instance."""
    errors = tuple(dict.fromkeys(_raised(site.flow)))
    uncaught, failed, last = f"{CANCEL}:uncaught", f"{CANCEL}:failed", f"{CANCEL}:complete"
    states: dict[Key, State] = {
        CANCEL: Parallel(
            branches=(body,),
            arguments=query(INPUT),
            output=query("$states.result[0]"),
            next=last,
            catch=(Catcher(errors, uncaught, query(changed({"trail": f"[{caught('trail')}]"}))),) if errors else (),
        ),
        last: complete,
    }
    if errors:
        message = "An error in a compensation handler is caught by nothing while the instance is cancelled"
        call = payload(Operation.FAIL, block.program.process.id, {"code": _UNCAUGHT, "message": message})
        states[uncaught] = Task(waits=False, payload=call, output=query(INPUT), next=failed)
        states[failed] = Fail(_UNCAUGHT, message)
    for key, purpose in ((CANCEL, "cancel all"), (last, "cancelled"), (uncaught, "uncaught"), (failed, "failed")):
        block.program.label(key, None, purpose)
    return states


def _raised(flow: ScopeFlow) -> Iterator[str]:
    yield from map(catch_error, scope_handlers(flow))
    yield from (catch_name(handler.id) for handler in interrupting_escalations(flow))
