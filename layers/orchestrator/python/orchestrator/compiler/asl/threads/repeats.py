"""Timers that fire again and again: when the next time is, and whether there is one.

The token's `turn` counts from 1; its clock is when the timer fired before (at first: when it began to wait).
"""

from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.token import CLOCK
from orchestrator.compiler.bpmn.model import LITERAL, EventDefinition, FlowNode, TimerKind
from orchestrator.compiler.expressions import emit_due_after
from orchestrator.compiler.expressions.iso8601 import Cycle, parse_cycle

_TURN = "$states.input.turn"


def repeated_due(program: Program, event: FlowNode, timer: EventDefinition) -> str:
    """Return JSONata for the time of this turn, in epoch milliseconds."""
    cycle = _cycle(timer)
    if cycle is None or cycle.start is None:
        return program.queries.due(timer, event)
    return f"({_TURN} = 1 ? {_first(cycle, cycle.start)} : {emit_due_after(cycle.interval)})"


def repeats(program: Program, event: FlowNode, timer: EventDefinition) -> str:
    """Return JSONata that tells, once it has fired, whether it will fire again."""
    source, cycle = timer.expression, _cycle(timer)
    if cycle is None:
        computed = timer.timer_kind is TimerKind.CYCLE and source is not None and source.language != LITERAL
        return program.queries.goes_on(timer, event, _TURN) if computed else "false"
    tests = [] if cycle.repetitions is None else [f"{_TURN} < {cycle.repetitions}"]
    if cycle.end is not None:
        tests.append(f"({emit_due_after(cycle.interval)}) <= {cycle.end}")
    return " and ".join(tests) or "true"


def _first(cycle: Cycle, start: int) -> str:
    """Return the first time; an endless cycle that began long ago does not catch up."""
    length = cycle.interval.millis
    if cycle.repetitions is not None or cycle.interval.months:
        return str(start)
    return f"({CLOCK} <= {start} ? {start} : {start} + $ceil(({CLOCK} - {start}) / {length}) * {length})"


def _cycle(timer: EventDefinition) -> Cycle | None:
    source = timer.expression
    if source is None or source.language != LITERAL or timer.timer_kind is not TimerKind.CYCLE:
        return None
    cycle = parse_cycle(source.text)
    return cycle if isinstance(cycle, Cycle) else None
