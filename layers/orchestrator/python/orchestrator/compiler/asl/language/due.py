"""When a timer fires: JSONata for epoch milliseconds, counted from the token's clock and never from the time of day.

So a machine that runs again meets the same due times.
"""

from orchestrator.compiler.asl.language.token import CLOCK
from orchestrator.compiler.bpmn.model import TimerKind
from orchestrator.compiler.expressions import (
    Expression,
    ExpressionError,
    emit_due_after,
    emit_due_after_value,
    emit_due_at_value,
    emit_due_in_cycle,
)
from orchestrator.compiler.expressions.iso8601 import Cycle, parse_cycle, parse_duration, parse_point

#: far enough to be never, and within what `TimeoutSeconds` takes
_NEVER_MILLISECONDS = 99_999_000_000
_BY_KIND = {TimerKind.DATE: emit_due_at_value, TimerKind.CYCLE: emit_due_in_cycle}


def due_literal(text: str, kind: TimerKind | None) -> str | ExpressionError:
    """Return the due time of a timer written as ISO 8601; of a cycle, its first."""
    if kind is TimerKind.DATE:
        point = parse_point(text)
        return point if isinstance(point, ExpressionError) else str(point)
    timing = parse_cycle(text) if kind is TimerKind.CYCLE else parse_duration(text)
    if isinstance(timing, ExpressionError):
        return timing
    if isinstance(timing, Cycle):
        return f"({emit_due_after(timing.interval)})" if timing.start is None else str(timing.start)
    return f"({emit_due_after(timing)})"


def due_expression(expression: Expression, kind: TimerKind | None) -> str:
    """Return the due time that an expression yields; what is no time never comes."""
    emit = emit_due_after_value if kind is None else _BY_KIND.get(kind, emit_due_after_value)
    text = emit(expression)
    return f"($due := {text}; $due = null ? {CLOCK} + {_NEVER_MILLISECONDS} : $due)"
