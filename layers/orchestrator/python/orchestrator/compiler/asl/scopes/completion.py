r"""Completion conditions of instances that run all at once: the record counts the rounds that have ended.

[A] -> [round: noted and counted] -> <enough?> --no--> end of the instance
                                            \--yes--> enough.<activity>, which fails the Map
Map --catch enough.<activity>--> [conclude: rest withdrawn, results of the ended rounds] -> next

The results come from the record, because a failed `Map` has none. A round keeps its trail until it is merged.
"""

from collections.abc import Mapping

from orchestrator.compiler.asl.language.states import Catcher, Choice, Fail, Json, Key, Rule, Succeed, Task
from orchestrator.compiler.asl.language.token import INPUT, changed, query
from orchestrator.compiler.asl.scopes.instances import Counters, Instances
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.bpmn.model import FlowNode

#: where the results of the ended rounds are in the answer of `conclude`
CONCLUDED = "$states.result.Payload.rounds"
#: what the record answered about the round that has just ended
COUNTED = "$states.input.counted"


def is_counted(instances: Instances) -> bool:
    """Tell whether the record counts the rounds, because a condition may end the others."""
    return instances.completion is not None


def count_round(one: Block, site: Site, element: FlowNode, instances: Instances, end: Succeed) -> Task:
    """Return the call that notes the result `end` of a round, and add what follows it to the round's block."""
    completed = f"{COUNTED}.completed"
    counters = Counters("$states.input.total", completed, f"$states.input.total - {completed}")
    return note_round(one, site, instances.enough(counters), end, {"element_id": element.id})


def note_round(one: Block, site: Site, condition: str, end: Succeed, fields: Mapping[str, Json]) -> Task:
    """Return the call that notes the result `end` of a round; when `condition` holds then, the others are ended.

    `fields` are the element and what the call asks for beside the number of the round.
    """
    enough, go_on, over = f"{one.name}:enough", f"{one.name}:counted", f"{one.name}:over"
    one.add(go_on, Succeed(end.output), site, "one ends, others go on")
    one.add(over, Fail(enough_error(site.node.id)), site, "enough")
    one.add(enough, Choice((Rule(f"{COUNTED}.closed or {condition}", over),), go_on), site, "enough?")
    call = payload(Operation.ROUND, None, {"trail": [], "result": end.output, **fields})
    output = query(changed({"counted": "$states.result.Payload"}))
    return Task(waits=False, payload=call, output=output, next=enough)


def conclude(body: Block, site: Site, element: FlowNode, merged: str, end: Key) -> Catcher:
    """Add the call that ends the other rounds, and return the catcher that leads there."""
    key = f"{body.name}:conclude"
    call = Task(waits=False, payload=payload(Operation.CONCLUDE, element.id, {"trail": []}), output=merged, next=end)
    body.add(key, call, site, "conclude")
    return Catcher((enough_error(element.id),), key, query(INPUT))


def enough_error(element_id: str) -> str:
    """Return the name of the error by which a round of an element ends the others."""
    return f"enough.{element_id}"
