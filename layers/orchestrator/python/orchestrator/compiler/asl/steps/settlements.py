"""Activities that can be compensated tell the record when they are completed (docs/design-notes.md, section 12).

Activities that wait for an answer say so when they are activated, and the record notes it with their completion:
no further state. What the machine does by itself has a state for it.

    [script A] -> [settle A]        <body of sub-process X> -> [settle X] -> end
"""

from orchestrator.compiler.asl.language.states import Json, Key, Task
from orchestrator.compiler.asl.language.token import VARIABLES, changed, extended_trail, query, strings
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, Step, is_compensable
from orchestrator.compiler.asl.steps.bodies import local_names
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.moves import occurrence_of, visit_fields
from orchestrator.compiler.bpmn.model import FlowNode


def snapshot_of(element: FlowNode) -> Json:
    """Return the variables that exist inside the activity only: its handler sees them as they were at its end."""
    names = local_names(element)
    return query(f"$merge([$sift({VARIABLES}, function($v, $k) {{ $k in {strings(names)} }})])") if names else {}


def snapshot_fields(site: Site) -> dict[str, Json]:
    """Return what the activation of an activity says of its compensation."""
    element = site.node.element
    return {"snapshot": snapshot_of(element)} if element is not None and is_compensable(site) else {}


def add_settlement(block: Block, site: Site, after: Step, key: Key) -> Key:
    """Add the state that notes the completion of what the machine did by itself, under `key`."""
    element = site.node.element
    if element is None:
        return after.key
    fields: dict[str, Json] = {
        "occurrence": occurrence_of(block, site),
        "trail": query(extended_trail((element.id,))),
        "snapshot": snapshot_of(element),
    }
    output = query(changed({"trail": strings(after.passed)} | visit_fields(block, site)))
    state = Task(waits=False, payload=payload(Operation.SETTLE, element.id, fields), output=output, next=after.key)
    return block.add(key, state, site, "settle")


def settled(element: FlowNode, key: Key, end: Ending) -> Ending:
    """Return the ending of a sub-process body that notes its completion and goes on to `end`."""
    fields: dict[str, Json] = {
        "occurrence": 0,
        "trail": query(extended_trail((element.id,))),
        "snapshot": snapshot_of(element),
    }
    output = query(changed({"trail": "[]"}))
    state = Task(waits=False, payload=payload(Operation.SETTLE, element.id, fields), output=output, next=end.key)
    return Ending(key, state, element, "settle", end)


def settled_round(block: Block, site: Site, end: Ending) -> Ending:
    """Return the ending of a round of a sub-process: each can be compensated."""
    element = site.node.element
    if element is None or element.scope is None or not is_compensable(site):
        return end
    return settled(element, f"{block.name}:settle", end)
