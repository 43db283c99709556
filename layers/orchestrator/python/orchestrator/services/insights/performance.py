"""What the service does and has done lately (spec section 5, `GET /monitoring/...`)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.assignment import AgentType
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.measurement import figures
from orchestrator.domain.measurement.buckets import Granularity, TimeRange, covering, floor
from orchestrator.domain.measurement.projection import ALL, PERFORMERS, TASK, WORKFLOW, of_definition
from orchestrator.domain.measurement.statistics import Tally, total
from orchestrator.domain.measurement.usage import USAGE
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Row, Statistics

MOST_POINTS: Final = 1500
COMMON_TYPES: Final = 10
#: in which buckets a range is counted, whatever the granularity of its trend
_COUNTED_IN: Final = {
    TimeRange.HOUR: Granularity.MINUTE,
    TimeRange.DAY: Granularity.MINUTE,
    TimeRange.WEEK: Granularity.HOUR,
    TimeRange.MONTH: Granularity.HOUR,
}
_PERFORMERS_IN: Final = {
    TimeRange.HOUR: Granularity.MINUTE,
    TimeRange.DAY: Granularity.HOUR,
    TimeRange.WEEK: Granularity.HOUR,
    TimeRange.MONTH: Granularity.DAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What the numbers cover."""

    start: datetime
    end: datetime
    granularity: Granularity


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowMetrics:
    """Times in seconds, rates in percent."""

    total_workflows_started: int
    total_workflows_completed: int
    total_workflows_failed: int
    total_workflows_cancelled: int
    total_workflows_terminated: int
    average_execution_time: float | None
    success_rate: float | None
    throughput_per_hour: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeShare:
    """How often a type of task was executed."""

    type: str
    count: int
    percentage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMetrics:
    """Executions are tasks that completed or failed."""

    total_tasks_executed: int
    average_task_duration: float | None
    task_failure_rate: float | None
    most_common_task_types: tuple[TypeShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceMetrics:
    """What functions measured of themselves, and how busy performers were; percent."""

    average_cpu_usage: float | None
    peak_cpu_usage: float | None
    average_memory_usage: float | None
    peak_memory_usage: float | None
    agent_utilization: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One bucket of the trend."""

    timestamp: datetime
    workflows_started: int
    workflows_completed: int
    workflows_failed: int
    average_execution_time: float | None
    cpu_usage: float | None
    memory_usage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """`GET /monitoring/performance`."""

    time_range: Span
    workflow_definition_id: str | None
    workflow_metrics: WorkflowMetrics
    task_metrics: TaskMetrics
    resource_metrics: ResourceMetrics
    performance_trends: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceService:
    """Four readings, whatever was done."""

    statistics: Statistics
    clock: Clock

    def performance(
        self, time_range: TimeRange, granularity: Granularity, *, definition_id: str | None = None
    ) -> Performance:
        """Totals of the range, counted to the minute (up to a day) or hour, and its trend without holes.

        Raises:
            InvalidRequest: the trend would have more than `MOST_POINTS` points.
        """
        require_drawable(time_range, granularity)
        counted_in, end = _COUNTED_IN[time_range], self.clock.now()
        start = floor(end - time_range.length, counted_in)
        family = of_definition(definition_id) if definition_id else ALL
        rows = self.statistics.read(family, counted_in, start=start, end=end).rows
        usage = self.statistics.read(USAGE, counted_in, start=start, end=end).rows
        whole = total(row.tally for row in rows)
        return Performance(
            time_range=Span(start=start, end=end, granularity=granularity),
            workflow_definition_id=definition_id,
            workflow_metrics=workflow_metrics(whole, end - start),
            task_metrics=task_metrics(whole),
            resource_metrics=self._resources(time_range, total(row.tally for row in usage), end),
            performance_trends=trend(rows, usage, Span(start=start, end=end, granularity=granularity)),
        )

    def _resources(self, time_range: TimeRange, usage: Tally, end: datetime) -> ResourceMetrics:
        granularity = _PERFORMERS_IN[time_range]
        start = floor(end - time_range.length, granularity)
        performers = self.statistics.read(PERFORMERS, granularity, start=start, end=end).rows
        return ResourceMetrics(
            average_cpu_usage=figures.cpu_percent(usage),
            peak_cpu_usage=figures.peak(usage, "cpu"),
            average_memory_usage=figures.memory_percent(usage),
            peak_memory_usage=figures.peak(usage, "memory"),
            agent_utilization={f"{kind}_agents": utilization(performers, kind, end - start) for kind in AgentType},
        )


def require_drawable(time_range: TimeRange, granularity: Granularity) -> None:
    """Refuse trends of too many points.

    Raises:
        InvalidRequest: naming the granularities that the range allows.
    """
    allowed = [width for width in Granularity if time_range.length / width.width <= MOST_POINTS]
    if granularity not in allowed:
        raise InvalidRequest("granularity", f"must be one of {', '.join(allowed)} with time_range {time_range}")


def workflow_metrics(tally: Tally, span: timedelta) -> WorkflowMetrics:
    """Figures of workflows."""
    return WorkflowMetrics(
        total_workflows_started=tally.count("workflows_started"),
        total_workflows_completed=tally.count("workflows_completed"),
        total_workflows_failed=tally.count("workflows_failed"),
        total_workflows_cancelled=tally.count("workflows_cancelled"),
        total_workflows_terminated=tally.count("workflows_terminated"),
        average_execution_time=tally.mean_seconds(WORKFLOW),
        success_rate=figures.success_rate(tally),
        throughput_per_hour=figures.per_hour(tally.count("workflows_completed"), span),
    )


def task_metrics(tally: Tally) -> TaskMetrics:
    """Figures of tasks."""
    executed = figures.executed(tally)
    by_type = Counter(tally.keyed("tasks_completed")) + Counter(tally.keyed("tasks_failed"))
    types = sorted(((kind, n) for kind, n in by_type.items() if "=" not in kind), key=lambda item: (-item[1], item[0]))
    return TaskMetrics(
        total_tasks_executed=executed,
        average_task_duration=tally.mean_seconds(TASK),
        task_failure_rate=figures.failure_rate(tally),
        most_common_task_types=tuple(
            TypeShare(type=kind, count=n, percentage=figures.percent(n, executed)) for kind, n in types[:COMMON_TYPES]
        ),
    )


def utilization(performers: Iterable[Row], kind: AgentType, span: timedelta) -> float | None:
    """Time worked in percent of the time that all performers of a kind had who were active; None: none was."""
    of_kind = [row for row in performers if row.member[0] == kind]
    active = {row.member for row in of_kind}
    worked = sum(row.tally.count(f"{TASK}_ms") for row in of_kind)
    share = figures.percent(worked, len(active) * span.total_seconds() * 1000)
    return None if share is None else min(share, 100.0)


def trend(rows: Iterable[Row], usage: Iterable[Row], span: Span) -> tuple[TrendPoint, ...]:
    """One point per bucket of the span, oldest first; buckets without anything are zero."""
    work, load = _folded(rows, span.granularity), _folded(usage, span.granularity)
    return tuple(
        _point(moment, work.get(moment, Tally()), load.get(moment, Tally()))
        for moment in covering(span.start, span.end, span.granularity)
    )


def _folded(rows: Iterable[Row], granularity: Granularity) -> dict[datetime, Tally]:
    folded: dict[datetime, Tally] = {}
    for row in rows:
        folded.setdefault(floor(row.start, granularity), Tally()).add(row.tally)
    return folded


def _point(moment: datetime, work: Tally, load: Tally) -> TrendPoint:
    return TrendPoint(
        timestamp=moment,
        workflows_started=work.count("workflows_started"),
        workflows_completed=work.count("workflows_completed"),
        workflows_failed=work.count("workflows_failed"),
        average_execution_time=work.mean_seconds(WORKFLOW),
        cpu_usage=figures.cpu_percent(load),
        memory_usage=figures.memory_percent(load),
    )
