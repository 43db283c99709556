"""What takes the place of a scope that is interrupted: the record ends what is open, and says what was written inside.

catch --> [interrupt: everything below the scope path] --> [the event's variables over what was kept] --> next
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orchestrator.compiler.asl.language.states import Catcher, Key, Pass, Task
from orchestrator.compiler.asl.language.token import CAUSE, INPUT, VARIABLES, caught, changed, query, strings
from orchestrator.compiler.asl.steps.block import Block, Step
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.moves import received, written_fields
from orchestrator.compiler.bpmn.model import FlowNode

_RAISED = f"{INPUT}.raised"
_ANSWER = "$states.result.Payload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """The `event` that interrupts everything below the path `scope` (JSONata), for what `reason`, and what follows.

    `purpose` is that of the state that asks the record. `receives`: the event's mappings say where its payload goes.
    `keeps`: the token goes on with what was written in the scope, but for the `local` names. `visit` is what an entry
    of the stopped activity changes in the token.
    """

    event: FlowNode
    scope: str
    reason: str
    step: Step
    receives: bool = True
    keeps: bool = True
    local: Iterable[str] = ()
    purpose: str = ""
    visit: Mapping[str, str] = field(default_factory=dict[str, str])


def add_takeover(block: Block, errors: tuple[str, ...], key: Key, taking: Takeover) -> Catcher:
    """Add the states of a takeover, the first under `key`, and return the catcher of `errors` that leads there."""
    event, then = taking.event, f"{key}:kept"
    call = payload(Operation.INTERRUPT, event.id, {"target": {"scope": query(taking.scope)}, "reason": taking.reason})
    answered = changed({**_kept(block, taking), "clock": f"{_ANSWER}.clock", "trail": "[]"})
    block.states[key] = Task(waits=False, payload=call, output=query(answered), next=then)
    block.program.label(key, event, taking.purpose)
    written = received(block, event if taking.receives else None, f"{_RAISED}.variables")
    last = {"raised": "null", "trail": strings(taking.step.passed), **taking.visit}
    block.states[then] = Pass(query(changed(written_fields(block, written) | last)), taking.step.key)
    block.program.label(then, event, "takes over")
    raised = {"raised": CAUSE, "clock": caught("clock"), "trail": f"[{caught('trail')}]"}
    return Catcher(errors, key, query(changed(raised)))


def _kept(block: Block, taking: Takeover) -> dict[str, str]:
    if not taking.keeps:
        return {}
    names = strings(taking.local)
    kept = f"{_ANSWER}.kept"
    if names != "[]":
        kept = f"$sift({kept}, function($v, $k) {{ $not($k in {names}) }})"
    fields = {"variables": f"$merge([{VARIABLES}, {kept}])"}
    if block.context.concurrent:
        fields["written"] = f"$distinct($append($states.input.written, $keys({kept})))"
    return fields
