"""How workflows perform and how work is distributed over a period (spec section 5, `GET /analytics/...`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from orchestrator.domain.measurement import advice, figures
from orchestrator.domain.measurement.advice import Constraint, Recommendation, SlowTask
from orchestrator.domain.measurement.buckets import Granularity, Period, floor
from orchestrator.domain.measurement.projection import ALL, WORK, WORKFLOW, of_definition, work_of
from orchestrator.domain.measurement.statistics import Member, Tally, total
from orchestrator.domain.measurement.work import Element, Measured, Performer, Work, element_of, grouped, performer_of
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Present, Reading, Statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPeriod:
    """Whole days of UTC, the last one until now."""

    start: datetime
    end: datetime
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceSummary:
    """Times in seconds; `fastest` and `slowest` are exact, median and p95 within 1 %."""

    total_executions: int
    successful_executions: int
    failed_executions: int
    success_rate: float | None
    average_execution_time: float | None
    median_execution_time: float | None
    p95_execution_time: float | None
    fastest_execution: float | None
    slowest_execution: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottlenecks:
    """Where time is lost."""

    slowest_tasks: tuple[SlowTask, ...]
    resource_constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowPerformance:
    """`GET /analytics/workflow-performance`."""

    workflow_definition_id: str | None
    analysis_period: AnalysisPeriod
    performance_summary: PerformanceSummary
    bottleneck_analysis: Bottlenecks
    optimization_recommendations: tuple[Recommendation, ...]
    analysis_is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDistribution:
    """Tasks of one type; `percentage` of all that were created."""

    type: str
    count: int
    completed: int
    failed: int
    percentage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityDistribution:
    """Tasks of one priority; `percentage` of all that were created."""

    priority: str
    count: int
    completed: int
    failed: int
    percentage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformerShare:
    """Work of one performer (`name` None: of all of the type), in seconds; `percentage` of the executions of all."""

    agent_type: str
    name: str | None
    assigned: int
    completed: int
    failed: int
    percentage: float | None
    average_duration: float | None
    average_waiting: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionShare:
    """Tasks of one definition."""

    workflow_definition_id: str
    count: int
    percentage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDistribution:
    """`GET /analytics/task-distribution`; `current_status` is that of all tasks now, whatever their age."""

    workflow_definition_id: str | None
    analysis_period: AnalysisPeriod
    total_tasks: int
    by_type: tuple[TypeDistribution, ...]
    by_priority: tuple[PriorityDistribution, ...]
    by_agent_type: tuple[PerformerShare, ...]
    by_agent: tuple[PerformerShare, ...]
    by_definition: tuple[DefinitionShare, ...]
    current_status: Mapping[str, int] | None
    analysis_is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsService:
    """Two readings of days, whatever was done."""

    statistics: Statistics
    present: Present
    clock: Clock

    def workflow_performance(self, period: Period, *, definition_id: str | None = None) -> WorkflowPerformance:
        """Of one definition or of all."""
        span = analysis_period(self.clock.now(), period)
        whole = total(row.tally for row in self._read(_summary_of(definition_id), span).rows)
        work = self._read(_work_of(definition_id), span)
        rows = [(row.member, row.tally) for row in work.rows]
        tasks = advice.slowest(_elements(rows), whole.count(f"{WORKFLOW}_ms"))
        held_up = advice.constraints(_performers(rows))
        return WorkflowPerformance(
            workflow_definition_id=definition_id,
            analysis_period=span,
            performance_summary=summary(whole),
            bottleneck_analysis=Bottlenecks(slowest_tasks=tasks, resource_constraints=held_up),
            optimization_recommendations=advice.recommendations(tasks, held_up),
            analysis_is_complete=work.is_complete,
        )

    def task_distribution(self, period: Period, *, definition_id: str | None = None) -> TaskDistribution:
        """Of one definition or of all."""
        span = analysis_period(self.clock.now(), period)
        whole = total(row.tally for row in self._read(_summary_of(definition_id), span).rows)
        work = self._read(_work_of(definition_id), span)
        rows = [(row.member, row.tally) for row in work.rows]
        return TaskDistribution(
            workflow_definition_id=definition_id,
            analysis_period=span,
            total_tasks=whole.count("tasks_created"),
            by_type=tuple(TypeDistribution(type=key, **numbers) for key, numbers in _created(whole, of_priority=False)),
            by_priority=tuple(
                PriorityDistribution(priority=key, **numbers) for key, numbers in _created(whole, of_priority=True)
            ),
            by_agent_type=_performer_shares(grouped(rows, lambda member: (performer_of(member).kind, ""))),
            by_agent=_performer_shares(grouped(rows, performer_of)),
            by_definition=_definition_shares(grouped(rows, lambda member: (Work(*member).definition_id,))),
            current_status=None if definition_id else self.present.census().tasks,
            analysis_is_complete=work.is_complete,
        )

    def _read(self, family: str, span: AnalysisPeriod) -> Reading:
        return self.statistics.read(family, Granularity.DAY, start=span.start, end=span.end)


def analysis_period(now: datetime, period: Period) -> AnalysisPeriod:
    """The period up to now, from the beginning of its first day."""
    return AnalysisPeriod(start=floor(now - period.length, Granularity.DAY), end=now, period=period)


def summary(tally: Tally) -> PerformanceSummary:
    """Figures of workflows that completed or failed."""
    completed, failed = tally.count("workflows_completed"), tally.count("workflows_failed")
    fastest, slowest = tally.spans.get(WORKFLOW, (None, None))
    return PerformanceSummary(
        total_executions=completed + failed,
        successful_executions=completed,
        failed_executions=failed,
        success_rate=figures.success_rate(tally),
        average_execution_time=tally.mean_seconds(WORKFLOW),
        median_execution_time=_rounded(tally.quantile(WORKFLOW, 0.5)),
        p95_execution_time=_rounded(tally.quantile(WORKFLOW, 0.95)),
        fastest_execution=None if fastest is None else fastest / 1000,
        slowest_execution=None if slowest is None else slowest / 1000,
    )


def _summary_of(definition_id: str | None) -> str:
    return of_definition(definition_id) if definition_id else ALL


def _work_of(definition_id: str | None) -> str:
    return work_of(definition_id) if definition_id else WORK


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _elements(rows: Iterable[tuple[Member, Tally]]) -> dict[Element, Tally]:
    return {Element(*member): tally for member, tally in grouped(rows, element_of).items()}


def _performers(rows: Iterable[tuple[Member, Tally]]) -> dict[Performer, Tally]:
    return {Performer(*member): tally for member, tally in grouped(rows, performer_of).items()}


class _Numbers(TypedDict):
    count: int
    completed: int
    failed: int
    percentage: float | None


def _created(tally: Tally, *, of_priority: bool) -> Iterator[tuple[str, _Numbers]]:
    """Tasks by type, or by priority, most first."""
    mark = "priority="
    created = {key: n for key, n in tally.keyed("tasks_created").items() if key.startswith(mark) is of_priority}
    completed, failed = tally.keyed("tasks_completed"), tally.keyed("tasks_failed")
    for key in sorted(created, key=lambda key: (-created[key], key)):
        yield (
            key.removeprefix(mark),
            {
                "count": created[key],
                "completed": completed.get(key, 0),
                "failed": failed.get(key, 0),
                "percentage": figures.percent(created[key], tally.count("tasks_created")),
            },
        )


def _performer_shares(groups: Mapping[Member, Tally]) -> tuple[PerformerShare, ...]:
    known = {Performer(*member): tally for member, tally in groups.items() if member[0]}
    executed = sum(figures.executed(tally) for tally in known.values())
    order = sorted(known, key=lambda performer: (-figures.executed(known[performer]), performer))
    return tuple(_performer_share(performer, known[performer], executed) for performer in order)


def _performer_share(performer: Performer, tally: Tally, executed: int) -> PerformerShare:
    measured = Measured(tally)
    return PerformerShare(
        agent_type=performer.kind,
        name=performer.name or None,
        assigned=tally.count("tasks_assigned") + tally.count("tasks_reassigned"),
        completed=tally.count("tasks_completed"),
        failed=tally.count("tasks_failed"),
        percentage=figures.percent(figures.executed(tally), executed),
        average_duration=measured.duration,
        average_waiting=measured.waiting,
    )


def _definition_shares(groups: Mapping[Member, Tally]) -> tuple[DefinitionShare, ...]:
    created = {member[0]: tally.count("tasks_created") for member, tally in groups.items()}
    whole = sum(created.values())
    return tuple(
        DefinitionShare(workflow_definition_id=key, count=n, percentage=figures.percent(n, whole))
        for key, n in sorted(created.items(), key=lambda item: (-item[1], item[0]))
        if n
    )
