"""Watchers: branches beside the body of a sub-process that wait for what may interrupt it.

[activate boundary event, waits] --answered by the body's close--> end
|  States.Timeout -> fails with catch.<boundary>, which the `Parallel` around it catches
"""

from orchestrator.compiler.asl.aborts import cause
from orchestrator.compiler.asl.block import Block, Site
from orchestrator.compiler.asl.dispatch import Operation, payload, waiting
from orchestrator.compiler.asl.states import Catcher, Fail, Key, States, Succeed, Task
from orchestrator.compiler.asl.timers import Timer, remaining_seconds
from orchestrator.compiler.asl.token import CLOCK, INPUT, SCOPE, changed, query


def watcher(block: Block, site: Site, timer: Timer, position: int) -> States:
    """Return the branch that waits for a timer attached to the node of `site`."""
    boundary = site.flow.graph.nodes[timer.edge.target]
    name = block.key(site.node, f":{position}")
    program = block.program
    start = program.label(f"{name}:watch", boundary.element, "watch")
    end = program.label(f"{name}:end", boundary.element, "not needed")
    due = program.label(f"{name}:due", boundary.element, "due")
    wait = Task(
        waits=True,
        payload=waiting(Operation.ACTIVATE, boundary.id, 0, {"input": {}, "deadline": query(timer.due), "trail": []}),
        output=query(INPUT),
        next=end,
        catch=(Catcher(("States.Timeout",), due, query(INPUT)),),
        timeout=remaining_seconds(timer.due),
    )
    done = Succeed(query(f"{{'changes': {{}}, 'clock': {CLOCK}, 'written': [], 'trail': []}}"))
    fired = Fail(f"catch.{boundary.id}", query(cause("{}", clock=timer.due, trail="")))
    return States(start, {start: wait, end: done, due: fired})


def close(site: Site, end: Key) -> Task:
    """Return the call that lets the watchers go once the body is done."""
    target = {"target": {"scope": query(SCOPE)}, "reason": "completed"}
    output = query(changed({"clock": "$states.result.Payload.clock", "trail": "[]"}))
    return Task(waits=False, payload=payload(Operation.INTERRUPT, site.node.id, target), output=output, next=end)
