"""How services are that perform tasks: what their health endpoints answer, and their work of the last hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final

from orchestrator.domain.measurement import figures
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.projection import PERFORMERS
from orchestrator.domain.measurement.statistics import Tally
from orchestrator.domain.measurement.work import Measured, Performer, grouped
from orchestrator.domain.resources.service import RegisteredService
from orchestrator.domain.webhooks.delivery import Answer
from orchestrator.ports.insights import ServiceProbes, Services, Statistics

#: a probe that takes longer, in milliseconds
SLOW_MS: Final = 1000.0
#: work that fails more often in an hour, in percent; and of fewer executions nothing is said
FAILING: Final = 10.0
FAILED: Final = 50.0
LEAST: Final = 5
#: so many services are probed, the first by name
MOST_PROBED: Final = 20
HOUR: Final = timedelta(hours=1)


class Status(StrEnum):
    """How a part is, best first."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCheck:
    """A service; `response_time_ms` of its health endpoint, else the mean from start to completion of its tasks."""

    status: Status
    response_time_ms: float | None
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalServices:
    """Registered services, and others that worked in the last hour: two reads and the probes."""

    statistics: Statistics
    registry: Services
    probes: ServiceProbes

    def checks(self, now: datetime) -> dict[str, ServiceCheck]:
        """Every service by its name."""
        registered, work = self.registry.all(), self._work(now)
        answers = self.probes.answers(probed(registered))
        names = sorted({service.name for service in registered} | work.keys())
        return {name: service_check(work.get(name, Tally()), answers.get(name)) for name in names}

    def _work(self, now: datetime) -> dict[str, Tally]:
        reading = self.statistics.read(PERFORMERS, Granularity.MINUTE, start=now - HOUR, end=now)
        rows = [(row.member, row.tally) for row in reading.rows if row.member[0] == "service"]
        by_performer = grouped(rows, lambda member: member)
        return {Performer(*member).name: tally for member, tally in by_performer.items()}


def probed(services: Iterable[RegisteredService]) -> Mapping[str, str]:
    """The health endpoints that are asked."""
    found = ((service.name, service.health_endpoint) for service in services)
    return dict(islice(((name, endpoint) for name, endpoint in found if endpoint is not None), MOST_PROBED))


def service_check(work: Tally, answer: Answer | None) -> ServiceCheck:
    """The worse of what its probe (None: it has no health endpoint) and its failure rate say."""
    status, details = _by_work(work)
    if answer is None:
        duration = Measured(work).duration
        milliseconds = None if duration is None else round(duration * 1000, 1)
        return ServiceCheck(status=status, response_time_ms=milliseconds, details=details)
    order = list(Status)
    of_probe, said = _by_probe(answer)
    return ServiceCheck(
        status=max(status, of_probe, key=order.index),
        response_time_ms=None if answer.status_code is None else answer.duration_ms,
        details=f"{said}; {details}",
    )


def _by_work(work: Tally) -> tuple[Status, str]:
    rate, executed = figures.failure_rate(work), figures.executed(work)
    details = f"{work.count('tasks_failed')} of {executed} executions failed in the last hour"
    if rate is None or executed < LEAST or rate < FAILING:
        return Status.HEALTHY, details
    return Status.UNHEALTHY if rate >= FAILED else Status.DEGRADED, details


def _by_probe(answer: Answer) -> tuple[Status, str]:
    if answer.status_code is None:
        return Status.UNHEALTHY, f"Its health endpoint does not answer: {answer.error}"
    if answer.error is not None:
        return Status.UNHEALTHY, f"Its health endpoint answers {answer.status_code}"
    if answer.duration_ms > SLOW_MS:
        return Status.DEGRADED, f"Its health endpoint answers slowly, above {SLOW_MS:g} ms"
    return Status.HEALTHY, f"Its health endpoint answers {answer.status_code}"
