"""Incidents: a token that cannot go on waits for somebody to change variables or decide to go on.

    Choice --no match--> [incident, waits] --answer--> Choice again

Every incident may come again, so each is counted among the visits, under the element's id and the code.
"""

from orchestrator.compiler.asl.language.states import Key, Task
from orchestrator.compiler.asl.language.token import VARIABLES, changed, counted_visit, occurrence, query, strings
from orchestrator.compiler.asl.steps.block import Block, Site, Step
from orchestrator.compiler.asl.steps.dispatch import Operation, waiting
from orchestrator.compiler.asl.steps.keeping import with_written
from orchestrator.compiler.asl.steps.moves import written_fields
from orchestrator.compiler.asl.steps.results import Written

_RESULT = "$states.result.result"


def add_incident(block: Block, site: Site, step: Step, *, code: str, message: str) -> Key:
    """Add the state that raises an incident at the element of `site`; answered, the token takes `step`."""
    element = site.node.element
    counter = f"{site.node.id}:{code}"
    fields = written_fields(block, Written(f"$merge([{VARIABLES}, {_RESULT}])", f"$keys({_RESULT})"))
    fields |= {"clock": "$states.result.clock", "trail": strings(step.passed), "visits": counted_visit(counter)}
    told = with_written(block, site.flow, {"code": code, "message": message, "input": query(VARIABLES)})
    about = site.flow.scope.id if element is None else element.id
    payload = waiting(Operation.INCIDENT, about, query(occurrence(counter)), told)
    state = Task(waits=True, payload=payload, output=query(changed(fields)), next=step.key)
    return block.add(block.key(site.node, f":{code}"), state, site, code)
