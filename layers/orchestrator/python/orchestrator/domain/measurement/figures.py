"""Figures derived from tallies: rates, means and shares. None where there is nothing to divide by."""

from datetime import timedelta

from orchestrator.domain.measurement.statistics import Tally


def percent(part: float, whole: float) -> float | None:
    """Share in percent, one decimal."""
    return round(100 * part / whole, 1) if whole else None


def per_hour(number: int, span: timedelta) -> float:
    """Number per hour, two decimals."""
    return round(number / (span / timedelta(hours=1)), 2)


def success_rate(tally: Tally) -> float | None:
    """Completed workflows in percent of those that completed or failed."""
    completed = tally.count("workflows_completed")
    return percent(completed, completed + tally.count("workflows_failed"))


def executed(tally: Tally) -> int:
    """Executions of tasks that ended: completed or failed."""
    return tally.count("tasks_completed") + tally.count("tasks_failed")


def failure_rate(tally: Tally) -> float | None:
    """Failed executions of tasks in percent of all that ended."""
    return percent(tally.count("tasks_failed"), executed(tally))


def cpu_percent(usage: Tally) -> float | None:
    """CPU time in percent of the time that functions ran."""
    return percent(usage.count("cpu_ms"), usage.count("wall_ms"))


def memory_percent(usage: Tally) -> float | None:
    """Mean of the peak memory of functions in percent of their limit."""
    samples = usage.count("memory_samples")
    return round(usage.count("memory_permille") / samples / 10, 1) if samples else None


def peak(usage: Tally, name: str) -> float | None:
    """The greatest value of a sketch, within 1 %, one decimal."""
    value = usage.quantile(name, 1.0)
    return None if value is None else round(value, 1)


def milliseconds(usage: Tally, name: str, q: float) -> float | None:
    """A quantile of what was timed, in milliseconds."""
    value = usage.quantile(name, q)
    return None if value is None else round(value * 1000, 1)
