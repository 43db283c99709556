"""What the service measures of itself (spec section 8, `GET /metrics`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.measurement import figures
from orchestrator.domain.measurement.buckets import Granularity, floor
from orchestrator.domain.measurement.projection import ALL, WAIT, WORKFLOW
from orchestrator.domain.measurement.statistics import Tally, total
from orchestrator.domain.measurement.usage import BEGINNING, EVER, USAGE
from orchestrator.domain.priority import Priority
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Census, Present, Statistics

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMetrics:
    """API requests: the total as far as counted, everything else of the last hour."""

    requests_total: int
    requests_per_second: float
    average_response_time_ms: float | None
    p95_response_time_ms: float | None
    p99_response_time_ms: float | None
    error_rate: float | None
    success_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowNumbers:
    """Workflows now, and since midnight UTC; times in seconds."""

    active_workflows: int
    queued_workflows: int
    completed_today: int
    failed_today: int
    average_execution_time: float | None
    throughput_per_hour: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceNumbers:
    """Functions in the last hour; disks and networks are not theirs, so nothing is measured of them."""

    cpu_usage_percent: float | None
    memory_usage_percent: float | None
    memory_usage_mb: float | None
    disk_usage_percent: float | None
    network_io_mbps: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNumbers:
    """Tasks that nobody works on yet; critical ones count as high."""

    total_queued_tasks: int
    high_priority_tasks: int
    medium_priority_tasks: int
    low_priority_tasks: int
    average_wait_time_seconds: float | None
    oldest_queued_task_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseNumbers:
    """Calls of the table in the last hour; it has no connections to count."""

    connections_active: int | None
    connections_idle: int | None
    query_duration_p95_ms: float | None
    slow_queries_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNumbers:
    """`GET /metrics`."""

    timestamp: datetime
    service_metrics: ServiceMetrics
    workflow_metrics: WorkflowNumbers
    resource_metrics: ResourceNumbers
    queue_metrics: QueueNumbers
    database_metrics: DatabaseNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsService:
    """Measurements of requests, workflows, functions, tasks and the table."""

    statistics: Statistics
    present: Present
    clock: Clock

    def numbers(self) -> ServiceNumbers:
        """Five readings, whatever was done."""
        now = self.clock.now()
        census, usage = self.present.census(), self._usage(now - HOUR, now)
        midnight = floor(now, Granularity.DAY)
        today = self._total(ALL, Granularity.DAY, midnight, now)
        lately = self._total(ALL, Granularity.MINUTE, now - HOUR, now)
        ever = self._total(EVER, Granularity.DAY, BEGINNING, BEGINNING + HOUR)
        return ServiceNumbers(
            timestamp=now,
            service_metrics=service_metrics(usage, ever),
            workflow_metrics=workflow_numbers(census, today, now - midnight),
            resource_metrics=resource_numbers(usage),
            queue_metrics=queue_numbers(census, lately, now),
            database_metrics=DatabaseNumbers(
                connections_active=None,
                connections_idle=None,
                query_duration_p95_ms=figures.milliseconds(usage, "query", 0.95),
                slow_queries_count=usage.count("slow_queries"),
            ),
        )

    def _usage(self, start: datetime, end: datetime) -> Tally:
        return self._total(USAGE, Granularity.MINUTE, start, end)

    def _total(self, family: str, granularity: Granularity, start: datetime, end: datetime) -> Tally:
        return total(row.tally for row in self.statistics.read(family, granularity, start=start, end=end).rows)


def service_metrics(usage: Tally, ever: Tally) -> ServiceMetrics:
    """Requests of the last hour."""
    mean, requests, errors = usage.mean_seconds("request"), usage.count("requests"), usage.count("request_errors")
    return ServiceMetrics(
        requests_total=ever.count("requests"),
        requests_per_second=round(requests / HOUR.total_seconds(), 3),
        average_response_time_ms=None if mean is None else round(mean * 1000, 1),
        p95_response_time_ms=figures.milliseconds(usage, "request", 0.95),
        p99_response_time_ms=figures.milliseconds(usage, "request", 0.99),
        error_rate=figures.percent(errors, requests),
        success_rate=figures.percent(requests - errors, requests),
    )


def workflow_numbers(census: Census, today: Tally, passed: timedelta) -> WorkflowNumbers:
    """Workflows now and today."""
    completed = today.count("workflows_completed")
    return WorkflowNumbers(
        active_workflows=census.instances.get(InstanceStatus.RUNNING, 0),
        queued_workflows=census.instances.get(InstanceStatus.QUEUED, 0),
        completed_today=completed,
        failed_today=today.count("workflows_failed"),
        average_execution_time=today.mean_seconds(WORKFLOW),
        throughput_per_hour=figures.per_hour(completed, passed) if passed else 0.0,
    )


def resource_numbers(usage: Tally) -> ResourceNumbers:
    """Functions of the last hour."""
    samples = usage.count("memory_samples")
    return ResourceNumbers(
        cpu_usage_percent=figures.cpu_percent(usage),
        memory_usage_percent=figures.memory_percent(usage),
        memory_usage_mb=round(usage.count("memory_mb") / samples, 1) if samples else None,
        disk_usage_percent=None,
        network_io_mbps=None,
    )


def queue_numbers(census: Census, lately: Tally, now: datetime) -> QueueNumbers:
    """Tasks that wait, and how long those waited that were begun in the last hour."""
    waiting, oldest = census.waiting_by_priority, census.oldest_waiting_task
    return QueueNumbers(
        total_queued_tasks=sum(waiting.values()),
        high_priority_tasks=waiting.get(Priority.HIGH, 0) + waiting.get(Priority.CRITICAL, 0),
        medium_priority_tasks=waiting.get(Priority.MEDIUM, 0),
        low_priority_tasks=waiting.get(Priority.LOW, 0),
        average_wait_time_seconds=lately.mean_seconds(WAIT),
        oldest_queued_task_seconds=None if oldest is None else round((now - oldest).total_seconds(), 3),
    )
