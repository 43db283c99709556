"""How the service is: probes of its parts, and its recent requests (spec section 8, `GET /health`)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.measurement import figures
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.statistics import Tally, total
from orchestrator.domain.measurement.usage import USAGE
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Census, Part, Present, Probe, Statistics
from orchestrator.services.resources.external_services import SLOW_MS, ExternalServices, ServiceCheck, Status

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
        return replace(brief, uptime=round(uptime), metrics=recent_requests(self._usage(now)))

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

    def _usage(self, now: datetime) -> Tally:
        recent = self.statistics.read(USAGE, Granularity.MINUTE, start=now - RECENT, end=now)
        return total(row.tally for row in recent.rows)


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
        active_workflows=census.instances.get(InstanceStatus.RUNNING, 0) if census else None,
        queue_length=census.instances.get(InstanceStatus.QUEUED, 0) if census else None,
        details=check.details,
    )


def recent_requests(usage: Tally) -> RecentRequests:
    """Requests of the last minutes."""
    mean, requests = usage.mean_seconds("request"), usage.count("requests")
    return RecentRequests(
        requests_per_minute=round(requests / (RECENT / timedelta(minutes=1)), 1),
        average_response_time=None if mean is None else round(mean * 1000, 1),
        error_rate=figures.percent(usage.count("request_errors"), requests),
        active_connections=None,
    )
