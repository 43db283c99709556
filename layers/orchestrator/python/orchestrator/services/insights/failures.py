"""What fails, where and since when (spec section 5, `GET /analytics/failure-analysis`).

A failure is a failed execution of a task, or a failure of a workflow that no task caused.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from orchestrator.domain.measurement import figures
from orchestrator.domain.measurement.buckets import Granularity, Period, covering, floor
from orchestrator.domain.measurement.failure_patterns import Pattern, patterns, suggested_actions
from orchestrator.domain.measurement.projection import AFFECTED, ALL, FAILURES, OF_TASK, SEEN, of_definition
from orchestrator.domain.measurement.statistics import total
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Reading, Row, Statistics
from orchestrator.services.insights.analytics import AnalysisPeriod, analysis_period

#: affected instances that are named per code
NAMED: Final = 10


class Place(NamedTuple):
    """Member of a row of failures; empty where it does not apply."""

    what: str
    code: str
    definition_id: str
    element_id: str
    task_name: str
    task_type: str
    performer_kind: str
    performer: str

    @property
    def is_counted(self) -> bool:
        """A workflow that fails because a task did is counted with the task."""
        return self.what == OF_TASK or not self.task_name


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureSummary:
    """`failure_rate` is of tasks, `workflow_failure_rate` of workflows that ended, both in percent."""

    total_failures: int
    failed_tasks: int
    failed_workflows: int
    affected_instances: int
    failure_rate: float | None
    workflow_failure_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFailures:
    """One error code. `affected_instances` counts all, `recent_instances` names some, the newest first."""

    error_code: str
    count: int
    percentage: float | None
    first_seen: datetime
    last_seen: datetime
    affected_instances: int
    recent_instances: tuple[str, ...]
    suggested_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailures:
    """One element."""

    workflow_definition_id: str
    element_id: str
    task_name: str | None
    task_type: str | None
    count: int
    percentage: float | None
    most_common_code: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformerFailures:
    """One service or agent."""

    name: str
    agent_type: str
    count: int
    percentage: float | None
    most_common_code: str
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFailures:
    """One day of UTC."""

    timestamp: datetime
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureAnalysis:
    """`GET /analytics/failure-analysis`."""

    workflow_definition_id: str | None
    analysis_period: AnalysisPeriod
    summary: FailureSummary
    by_error_code: tuple[CodeFailures, ...]
    by_task: tuple[TaskFailures, ...]
    by_service: tuple[PerformerFailures, ...]
    by_agent: tuple[PerformerFailures, ...]
    failure_trends: tuple[DayFailures, ...]
    patterns: tuple[Pattern, ...]
    analysis_is_complete: bool


@dataclass(frozen=True, slots=True)
class Failures:
    """Counted failures of one kind."""

    rows: tuple[tuple[Place, Row], ...]

    @property
    def count(self) -> int:
        """How many."""
        return sum(row.tally.count("failures") for _, row in self.rows)

    @property
    def first_seen(self) -> datetime:
        """When the first happened."""
        return _moment(min(row.tally.spans[SEEN][0] for _, row in self.rows))

    @property
    def last_seen(self) -> datetime:
        """When the last happened."""
        return _moment(max(row.tally.spans[SEEN][1] for _, row in self.rows))

    def by(self, *fields: str) -> dict[tuple[str, ...], "Failures"]:
        """Apart by fields of the place, most failures first."""
        groups: dict[tuple[str, ...], list[tuple[Place, Row]]] = {}
        for place, row in self.rows:
            groups.setdefault(tuple(getattr(place, field) for field in fields), []).append((place, row))
        found = {key: Failures(tuple(rows)) for key, rows in groups.items()}
        return {key: found[key] for key in sorted(found, key=lambda key: (-found[key].count, key))}

    def most(self, field: str) -> str | None:
        """The value of a field with most failures; None where it is empty everywhere."""
        return next((key[0] for key in self.by(field) if key[0]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureService:
    """Three readings of days, whatever failed."""

    statistics: Statistics
    clock: Clock

    def analysis(self, period: Period, *, definition_id: str | None = None) -> FailureAnalysis:
        """Of one definition or of all."""
        span = analysis_period(self.clock.now(), period)
        reading, affected = self._read(FAILURES, span), self._read(AFFECTED, span)
        places = [(Place(*row.member), row) for row in reading.rows]
        of_interest = [(place, row) for place, row in places if definition_id in {None, place.definition_id}]
        failures = Failures(tuple((place, row) for place, row in of_interest if place.is_counted))
        instances = instances_by_code(affected.rows, definition_id)
        by_day = failures_by_day(failures, span)
        return FailureAnalysis(
            workflow_definition_id=definition_id,
            analysis_period=span,
            summary=self._summary(span, definition_id, failures, instances),
            by_error_code=tuple(
                _code(code, of, failures.count, instances) for (code,), of in failures.by("code").items()
            ),
            by_task=tuple(_task(key, of, failures.count) for key, of in failures.by(*_ELEMENT).items()),
            by_service=_performers(failures, is_service=True),
            by_agent=_performers(failures, is_service=False),
            failure_trends=by_day,
            patterns=_patterns(failures, [day.failures for day in by_day]),
            analysis_is_complete=reading.is_complete and affected.is_complete,
        )

    def _summary(
        self, span: AnalysisPeriod, definition_id: str | None, failures: Failures, instances: "dict[str, list[str]]"
    ) -> FailureSummary:
        family = of_definition(definition_id) if definition_id else ALL
        whole = total(row.tally for row in self._read(family, span).rows)
        completed, failed = whole.count("workflows_completed"), whole.count("workflows_failed")
        return FailureSummary(
            total_failures=failures.count,
            failed_tasks=whole.count("tasks_failed"),
            failed_workflows=failed,
            affected_instances=len({instance for named in instances.values() for instance in named}),
            failure_rate=figures.failure_rate(whole),
            workflow_failure_rate=figures.percent(failed, completed + failed),
        )

    def _read(self, family: str, span: AnalysisPeriod) -> Reading:
        return self.statistics.read(family, Granularity.DAY, start=span.start, end=span.end)


_ELEMENT: Final = ("definition_id", "element_id", "task_name", "task_type")


def instances_by_code(rows: Iterable[Row], definition_id: str | None) -> dict[str, list[str]]:
    """Affected instances by code, each once, those of the latest day first."""
    found: dict[str, dict[str, None]] = {}
    for row in sorted(rows, key=lambda row: (row.start, row.member), reverse=True):
        code, of_definition_id, instance = row.member
        if definition_id in {None, of_definition_id}:
            found.setdefault(code, {})[instance] = None
    return {code: list(instances) for code, instances in found.items()}


def failures_by_day(failures: Failures, span: AnalysisPeriod) -> tuple[DayFailures, ...]:
    """Every day of the period, those without failures too."""
    counted = Counter[datetime]()
    for _, row in failures.rows:
        counted[floor(row.start, Granularity.DAY)] += row.tally.count("failures")
    days = covering(span.start, span.end, Granularity.DAY)
    return tuple(DayFailures(timestamp=day, failures=counted[day]) for day in days)


def _code(code: str, failures: Failures, whole: int, instances: dict[str, list[str]]) -> CodeFailures:
    affected = instances.get(code, [])
    performer = failures.most("performer")
    is_retryable = any(place.what == OF_TASK for place, _ in failures.rows)
    return CodeFailures(
        error_code=code,
        count=failures.count,
        percentage=figures.percent(failures.count, whole),
        first_seen=failures.first_seen,
        last_seen=failures.last_seen,
        affected_instances=len(affected),
        recent_instances=tuple(affected[:NAMED]),
        suggested_actions=suggested_actions(
            code, task=failures.most("task_name"), performer=performer, is_retryable=is_retryable
        ),
    )


def _task(key: tuple[str, ...], failures: Failures, whole: int) -> TaskFailures:
    definition_id, element_id, name, kind = key
    return TaskFailures(
        workflow_definition_id=definition_id,
        element_id=element_id,
        task_name=name or None,
        task_type=kind or None,
        count=failures.count,
        percentage=figures.percent(failures.count, whole),
        most_common_code=failures.most("code") or "",
        first_seen=failures.first_seen,
        last_seen=failures.last_seen,
    )


def _performers(failures: Failures, *, is_service: bool) -> tuple[PerformerFailures, ...]:
    return tuple(
        PerformerFailures(
            name=name,
            agent_type=kind,
            count=of.count,
            percentage=figures.percent(of.count, failures.count),
            most_common_code=of.most("code") or "",
            last_seen=of.last_seen,
        )
        for (kind, name), of in failures.by("performer_kind", "performer").items()
        if name and (kind == "service") is is_service
    )


def _patterns(failures: Failures, by_day: Sequence[int]) -> tuple[Pattern, ...]:
    codes = failures.by("code")
    return patterns(
        by_code=[(code, of.count) for (code,), of in codes.items()],
        by_task=[
            (name or element, of.count)
            for (_, element, name), of in failures.by("definition_id", "element_id", "task_name").items()
            if name or element
        ],
        days_of_code={code: len({row.start for _, row in of.rows}) for (code,), of in codes.items()},
        by_day=by_day,
    )


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
