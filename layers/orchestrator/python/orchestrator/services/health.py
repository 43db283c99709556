"""How the service is: probes of its parts, and what it measures of itself (spec section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from orchestrator.ports.insights import Census, Part, Present, Probe, Statistics
from orchestrator.services.external_services import SLOW_MS, ExternalServices, ServiceCheck, Status

#: requests are measured over this time
RECENT: Final = timedelta(minutes=5)
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCheck:
    """One part; `response_time_ms` None: it did not answer."""

    status: Status
    response_time_ms: float | None
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineCheck:
    """The workflow engine; counts are None where nobody may see them."""

    status: Status
    response_time_ms: float | None
    active_workflows: int | None
    queue_length: int | None
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """All parts; services are those that are registered or worked in the last hour, None where nobody may see them."""

    database: PartCheck
    event_manager: PartCheck
    workflow_engine: EngineCheck
    external_services: Mapping[str, ServiceCheck] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentRequests:
    """API requests of the last minutes: times in milliseconds, rates in percent."""

    requests_per_minute: float
    average_response_time: float | None
    error_rate: float | None
    active_connections: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`GET /health`; `uptime` is that of the answering process, in seconds. None: not told, or not known."""

    status: Status
    timestamp: datetime
    version: str
    checks: Checks
    uptime: int | None = None
    metrics: RecentRequests | None = None


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
class HealthService:
    """Probes and measurements; what cannot be read leaves its numbers out, never the answer."""

    statistics: Statistics
    present: Present
    services: ExternalServices
    probes: Mapping[Part, Probe]
    clock: Clock
    version: str

    def brief(self) -> Health:
        """Whether the parts answer: nothing that only some may know."""
        checks = self._checks()
        return self._health(overall(checks, {}), checks, census=None)

    def detailed(self, *, uptime: float) -> Health:
        """Everything: what runs, how services do, recent requests. Six reads more, and the services' probes."""
        checks, now = self._checks(), self.clock.now()
        if checks[Part.DATABASE].status is Status.UNHEALTHY:
            return self._health(Status.UNHEALTHY, checks, census=None)
        services = self.services.checks(now)
        brief = self._health(overall(checks, services), checks, census=self.present.census(), services=services)
        return replace(brief, uptime=round(uptime), metrics=recent_requests(self._usage(now - RECENT, now)))

    def _checks(self) -> Mapping[Part, PartCheck]:
        return {part: checked(part, probe()) for part, probe in self.probes.items()}

    def _health(
        self,
        status: Status,
        checks: Mapping[Part, PartCheck],
        *,
        census: Census | None,
        services: Mapping[str, ServiceCheck] | None = None,
    ) -> Health:
        return Health(
            status=status,
            timestamp=self.clock.now(),
            version=self.version,
            checks=Checks(
                database=checks[Part.DATABASE],
                event_manager=checks[Part.EVENT_MANAGER],
                workflow_engine=engine_check(checks[Part.WORKFLOW_ENGINE], census),
                external_services=services,
            ),
        )

    def metrics(self) -> ServiceNumbers:
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


def overall(checks: Mapping[Part, PartCheck], services: Mapping[str, ServiceCheck]) -> Status:
    """The service by its parts: without the table nothing works, without another part some things do not."""
    if checks[Part.DATABASE].status is Status.UNHEALTHY:
        return Status.UNHEALTHY
    is_well = all(check.status is Status.HEALTHY for check in (*checks.values(), *services.values()))
    return Status.HEALTHY if is_well else Status.DEGRADED


def checked(part: Part, milliseconds: float | None) -> PartCheck:
    """What a probe says."""
    name = part.replace("_", " ").capitalize()
    if milliseconds is None:
        return PartCheck(status=Status.UNHEALTHY, response_time_ms=None, details=f"{name} does not answer")
    if milliseconds > SLOW_MS:
        details = f"{name} answers slowly, above {SLOW_MS:g} ms"
        return PartCheck(status=Status.DEGRADED, response_time_ms=milliseconds, details=details)
    return PartCheck(status=Status.HEALTHY, response_time_ms=milliseconds, details=f"{name} answers")


def engine_check(check: PartCheck, census: Census | None) -> EngineCheck:
    """The engine with what runs on it."""
    return EngineCheck(
        status=check.status,
        response_time_ms=check.response_time_ms,
        active_workflows=active_workflows(census) if census else None,
        queue_length=census.instances.get(InstanceStatus.QUEUED, 0) if census else None,
        details=check.details,
    )


def active_workflows(census: Census) -> int:
    """Instances that are running."""
    return census.instances.get(InstanceStatus.RUNNING, 0)


def recent_requests(usage: Tally) -> RecentRequests:
    """Requests of the last minutes."""
    mean, requests = usage.mean_seconds("request"), usage.count("requests")
    return RecentRequests(
        requests_per_minute=round(requests / (RECENT / timedelta(minutes=1)), 1),
        average_response_time=None if mean is None else round(mean * 1000, 1),
        error_rate=figures.percent(usage.count("request_errors"), requests),
        active_connections=None,
    )


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
        active_workflows=active_workflows(census),
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
