"""Outputs of states: the token after an answer, an error, or just on its way.

A state that reported the trail starts a new one; the others extend the trail they got.
"""

from dataclasses import replace

from orchestrator.compiler.asl.language.states import Json
from orchestrator.compiler.asl.language.token import (
    CAUSE,
    INPUT,
    VARIABLES,
    caught,
    changed,
    counted_visit,
    extended_trail,
    occurrence,
    query,
    quote,
    strings,
)
from orchestrator.compiler.asl.steps.block import Block, Site, Step
from orchestrator.compiler.asl.steps.calls import is_call
from orchestrator.compiler.asl.steps.changes import TOLD
from orchestrator.compiler.asl.steps.results import Written, written_by
from orchestrator.compiler.bpmn.model import EventKind, FlowNode


def passed_on(step: Step, base: str = INPUT) -> Json:
    """Return the output of a state that changes nothing; None where the input is handed on as it is."""
    if base == INPUT:
        return query(changed({"trail": extended_trail(step.passed)})) if step.passed else None
    trail = ", ".join([f"{base}.trail", *map(quote, step.passed)])
    return query(changed({"trail": f"[{trail}]"}, base) if step.passed else base)


def answered(block: Block, site: Site, written: Written, answer: str, passed: tuple[str, ...]) -> str:
    """Return the token after `answer`: variables written, the clock moved on, the trail reported."""
    fields = written_fields(block, written)
    fields["clock"] = f"{answer}.clock"
    fields["trail"] = strings(passed)
    return with_prelude(written, changed(fields | visit_fields(block, site)))


def caught_fields(
    block: Block, passed: tuple[str, ...] = (), event: FlowNode | None = None, *, cause: str = CAUSE
) -> dict[str, str]:
    """Return what an error changes (the one just caught): its cause carries variables, clock and perhaps a trail.

    Output mappings and the payload variable of a message or signal `event` say where the payload goes.
    """
    fields = written_fields(block, received(block, event, caught("variables", cause)))
    trail = "[" + ", ".join([caught("trail", cause), *map(quote, passed)]) + "]"
    return fields | {"clock": caught("clock", cause), "trail": trail}


def received(block: Block, event: FlowNode | None, payload: str) -> Written:
    """Return what an event that others publish writes, as its mappings say; of another, all that it carries."""
    definition = event.events[0] if event is not None and event.events else None
    if event is None or definition is None or definition.kind not in {EventKind.MESSAGE, EventKind.SIGNAL}:
        return Written(f"$merge([{VARIABLES}, {payload}])", f"$keys({payload})")
    if definition.variable:
        payload = f"{{{quote(definition.variable)}: {payload}}}"
    written = written_by(block.program, event, payload)
    return replace(written, variables=f"({written.prelude}{written.variables})") if written.prelude else written


def written_fields(block: Block, written: Written) -> dict[str, str]:
    """Return the variables, and inside a `Parallel` the keys written."""
    fields = {"variables": written.variables}
    if block.program.watched:
        fields[TOLD] = f"$append([], {written.keys})"
    if block.context.concurrent:
        # not [a, b]: a list literal inside of a list stays one
        fields["written"] = f"$distinct($append($states.input.written, {written.keys}))"
    return fields


def visit_fields(block: Block, site: Site) -> dict[str, str]:
    """Count an entry of the node, where it may be entered again."""
    return {"visits": counted_visit(site.node.id)} if block.is_cyclic(site) else {}


def occurrence_of(block: Block, site: Site) -> Json:
    """Return the number of earlier entries of the node, for the record's key; a call may be tried again."""
    again = block.is_cyclic(site) or is_call(site.node.element)
    return query(occurrence(site.node.id)) if again else 0


def with_prelude(written: Written, text: str) -> str:
    """Put the definitions that `written` needs before a text."""
    return f"({written.prelude}{text})" if written.prelude else text
