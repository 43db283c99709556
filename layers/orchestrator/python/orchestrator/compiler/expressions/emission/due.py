"""Write due times of timers: JSONata that yields integer epoch milliseconds."""

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.emission.emitter import CLOCK, ROOT, emit_value
from orchestrator.compiler.expressions.emission.prelude import with_prelude
from orchestrator.compiler.expressions.iso8601 import Duration


def emit_due_after(duration: Duration, *, clock: str = CLOCK) -> str:
    """Write the point that a duration known at compile time has after `clock`."""
    if duration.months == 0:
        sign = "-" if duration.millis < 0 else "+"
        return f"{clock} {sign} {abs(duration.millis)}"
    return with_prelude(f"$dueAfter({clock}, {duration.months}, {duration.millis})", tagged=True)


def emit_due_after_value(expression: Expression, root: str = ROOT, *, clock: str = CLOCK) -> str:
    """Write the point that the duration which an expression yields has after `clock`; null where it yields none."""
    return with_prelude(f"$dueAfterText({emit_value(expression, root, clock=clock)}, {clock})", tagged=True)


def emit_due_at_value(expression: Expression, root: str = ROOT, *, clock: str = CLOCK) -> str:
    """Write the point that the date and time which an expression yields is; null where it yields none."""
    return with_prelude(f"$dueAtText({emit_value(expression, root, clock=clock)})", tagged=True)


def emit_due_in_cycle(expression: Expression, root: str = ROOT, *, clock: str = CLOCK) -> str:
    """Write the next point of the cycle (or duration) that an expression yields; null where it yields none."""
    value = emit_value(expression, root, clock=clock)
    return with_prelude(f"$dueAfterText($cycleInterval({value}), {clock})", tagged=True)


def emit_cycle_goes_on(expression: Expression, turns: str, root: str = ROOT, *, clock: str = CLOCK) -> str:
    """Write whether the cycle that an expression yields goes on after so many `turns` (JSONata for a number)."""
    return with_prelude(f"$cycleGoesOn({emit_value(expression, root, clock=clock)}, {turns})", tagged=True)
