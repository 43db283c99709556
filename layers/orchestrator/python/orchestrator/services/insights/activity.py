"""What runs now, and what it uses (spec section 5, `GET /monitoring/active-workflows` and `.../resource-usage`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.caller import Caller
from orchestrator.domain.instance import Instance, InstanceStatus
from orchestrator.domain.measurement import figures
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.projection import PERFORMERS
from orchestrator.domain.measurement.statistics import Tally, total
from orchestrator.domain.measurement.usage import BY_FUNCTION, USAGE
from orchestrator.domain.measurement.work import Measured, Performer, grouped
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Present, Statistics
from orchestrator.ports.instances import InstanceQuery, InstanceStore
from orchestrator.ports.paging import Page

#: statuses of instances that have begun or wait to begin, and have not ended
ACTIVE: Final = (InstanceStatus.QUEUED, InstanceStatus.RUNNING, InstanceStatus.PAUSED, InstanceStatus.FAILED)
_WINDOW: Final = timedelta(hours=1)
MOST_PERFORMERS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveWorkflow:
    """One instance, with its age in seconds."""

    instance: Instance
    running_time: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveWorkflows:
    """The newest active instances, and how many there are by status; `total_is_exact` as in lists."""

    workflows: tuple[ActiveWorkflow, ...]
    by_status: Mapping[InstanceStatus, int]
    total_is_exact: bool
    at: datetime

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageNumbers:
    """Functions together; percent and MB. None: nothing was measured."""

    cpu_usage: float | None
    peak_cpu_usage: float | None
    memory_usage: float | None
    peak_memory_usage: float | None
    memory_usage_mb: float | None
    invocations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionUsage:
    """One function; the duration of an invocation in milliseconds."""

    function: str
    invocations: int
    requests: int
    errors: int
    average_duration_ms: float | None
    cpu_usage: float | None
    memory_usage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformerLoad:
    """One agent or service; durations in seconds, utilization in percent of the window."""

    name: str
    agent_type: str
    tasks_started: int
    tasks_completed: int
    tasks_failed: int
    average_duration: float | None
    utilization_percentage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What the numbers cover."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceUsage:
    """`GET /monitoring/resource-usage`; counts by status are those of now."""

    timestamp: datetime
    window: Window
    usage: UsageNumbers
    functions: tuple[FunctionUsage, ...]
    performers: tuple[PerformerLoad, ...]
    workflows: Mapping[str, int]
    tasks: Mapping[str, int]
    data_is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityService:
    """The present, in a bounded number of reads."""

    instances: InstanceStore
    statistics: Statistics
    present: Present
    clock: Clock

    def active_workflows(
        self, caller: Caller, *, status: InstanceStatus | None, definition_id: str | None, limit: int
    ) -> ActiveWorkflows:
        """One list per status, merged, newest first."""
        now = self.clock.now()
        listings = {
            each: self.instances.list(
                InstanceQuery(status=each, definition_id=definition_id, visible_projects=caller.project_ids),
                Page(limit=limit),
            )
            for each in ((status,) if status else ACTIVE)
        }
        found = [instance for listing in listings.values() for instance in listing.items]
        found.sort(key=lambda instance: (instance.created_at, instance.id), reverse=True)
        return ActiveWorkflows(
            workflows=tuple(
                ActiveWorkflow(instance=instance, running_time=instance.execution_seconds(now))
                for instance in found[:limit]
            ),
            by_status={each: listing.total for each, listing in listings.items()},
            total_is_exact=all(listing.total_is_exact for listing in listings.values()),
            at=now,
        )

    def resource_usage(self) -> ResourceUsage:
        """Of the last hour; by function of this hour and the one before."""
        end = self.clock.now()
        start = end - _WINDOW
        together = self.statistics.read(USAGE, Granularity.MINUTE, start=start, end=end)
        functions = self.statistics.read(BY_FUNCTION, Granularity.HOUR, start=start, end=end)
        performers = self.statistics.read(PERFORMERS, Granularity.MINUTE, start=start, end=end)
        by_function = grouped(((row.member, row.tally) for row in functions.rows), lambda member: member)
        by_performer = grouped(((row.member, row.tally) for row in performers.rows), lambda member: member)
        census = self.present.census()
        return ResourceUsage(
            timestamp=end,
            window=Window(start=start, end=end),
            usage=usage_numbers(total(row.tally for row in together.rows)),
            functions=tuple(_function(member[0], tally) for member, tally in sorted(by_function.items())),
            performers=_loads({Performer(*member): tally for member, tally in by_performer.items()}),
            workflows=dict(census.instances),
            tasks=dict(census.tasks),
            data_is_complete=all(reading.is_complete for reading in (together, functions, performers)),
        )


def usage_numbers(usage: Tally) -> UsageNumbers:
    """Figures of all functions together."""
    samples = usage.count("memory_samples")
    return UsageNumbers(
        cpu_usage=figures.cpu_percent(usage),
        peak_cpu_usage=figures.peak(usage, "cpu"),
        memory_usage=figures.memory_percent(usage),
        peak_memory_usage=figures.peak(usage, "memory"),
        memory_usage_mb=round(usage.count("memory_mb") / samples, 1) if samples else None,
        invocations=usage.count("invocations"),
    )


def _function(name: str, usage: Tally) -> FunctionUsage:
    invocations = usage.count("invocations")
    return FunctionUsage(
        function=name,
        invocations=invocations,
        requests=usage.count("requests"),
        errors=usage.count("request_errors"),
        average_duration_ms=round(usage.count("wall_ms") / invocations, 1) if invocations else None,
        cpu_usage=figures.cpu_percent(usage),
        memory_usage=figures.memory_percent(usage),
    )


def _loads(tallies: Mapping[Performer, Tally]) -> tuple[PerformerLoad, ...]:
    busiest = sorted(tallies, key=lambda performer: (-Measured(tallies[performer]).busy_ms, performer))
    return tuple(_load(performer, tallies[performer]) for performer in busiest[:MOST_PERFORMERS])


def _load(performer: Performer, tally: Tally) -> PerformerLoad:
    measured = Measured(tally)
    share = figures.percent(measured.busy_ms, _WINDOW.total_seconds() * 1000)
    return PerformerLoad(
        name=performer.name,
        agent_type=performer.kind,
        tasks_started=tally.count("tasks_started"),
        tasks_completed=tally.count("tasks_completed"),
        tasks_failed=tally.count("tasks_failed"),
        average_duration=measured.duration,
        utilization_percentage=None if share is None else min(share, 100.0),
    )
