r"""Completion conditions of instances that run all at once: the record counts the rounds that have ended.

[A] -> [round: noted and counted] -> <enough?> --no--> end of the instance
                                            \--yes--> enough.<activity>, which fails the Map
Map --catch enough.<activity>--> [conclude: rest withdrawn, results of the ended rounds] -> next

The results come from the record, because a failed `Map` has none. A round keeps its trail until it is merged.
"""

from orchestrator.compiler.asl.block import Block, Site
from orchestrator.compiler.asl.dispatch import Operation, payload
from orchestrator.compiler.asl.instances import Counters, Instances
from orchestrator.compiler.asl.states import Catcher, Choice, Fail, Key, Rule, Succeed, Task
from orchestrator.compiler.asl.token import INPUT, changed, query
from orchestrator.compiler.bpmn.model import FlowNode

#: where the results of the ended rounds are in the answer of `conclude`
CONCLUDED = "$states.result.Payload.rounds"
_COUNTED = "$states.input.counted"


def is_counted(instances: Instances) -> bool:
    """Tell whether the record counts the rounds, because a condition may end the others."""
    return instances.completion is not None


def count_round(one: Block, site: Site, element: FlowNode, instances: Instances, end: Succeed) -> Task:
    """Return the call that notes the result `end` of a round, and add what follows it to the round's block."""
    enough, go_on, over = f"{one.name}:enough", f"{one.name}:counted", f"{one.name}:over"
    one.add(go_on, Succeed(end.output), site, "one ends, others go on")
    one.add(over, Fail(enough_error(element)), site, "enough")
    counters = Counters(
        "$states.input.total", f"{_COUNTED}.completed", "$states.input.total - " + f"{_COUNTED}.completed"
    )
    condition = f"{_COUNTED}.closed or {instances.enough(counters)}"
    one.add(enough, Choice((Rule(condition, over),), go_on), site, "enough?")
    call = payload(Operation.ROUND, element.id, {"trail": [], "result": end.output})
    output = query(changed({"counted": "$states.result.Payload"}))
    return Task(waits=False, payload=call, output=output, next=enough)


def conclude(body: Block, site: Site, element: FlowNode, merged: str, end: Key) -> Catcher:
    """Add the call that ends the other rounds, and return the catcher that leads there."""
    key = f"{body.name}:conclude"
    call = Task(waits=False, payload=payload(Operation.CONCLUDE, element.id, {"trail": []}), output=merged, next=end)
    body.add(key, call, site, "conclude")
    return Catcher((enough_error(element),), key, query(INPUT))


def enough_error(element: FlowNode) -> str:
    """Return the name of the error by which a round ends the others."""
    return f"enough.{element.id}"
