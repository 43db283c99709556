"""Services as callers see them (spec section 7): field names are those of the wire."""

from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain.resources.service import Delivery, RegisteredService, ServiceStatus
from orchestrator.domain.webhooks.authentication import AuthType
from orchestrator.domain.webhooks.health import Gate
from orchestrator.ports.resources import ServiceLoad


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAuthentication:
    """The kind of authentication; credentials are never shown."""

    auth_type: AuthType


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentLoad:
    """Requests on their way, tasks it works on (also those it has accepted), tasks that wait; requests in percent."""

    current_requests: int
    active_tasks: int
    queue_length: int
    utilization_percentage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitBreaker:
    """Failures in a row, and until when (null: it is closed) nothing is sent."""

    failures: int
    open_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """One service with its load. `queued_messages` are those of its queue that nobody has taken (null: it has none)."""

    service_name: str
    description: str | None
    status: ServiceStatus
    delivery: Delivery
    endpoint: str | None
    queue: str | None
    health_endpoint: str | None
    authentication: ServiceAuthentication
    max_concurrent_requests: int
    timeout_seconds: int
    callback_seconds: int
    current_load: CurrentLoad
    queued_messages: int | None
    circuit_breaker: CircuitBreaker
    registered_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSummary:
    """All registered services, whatever the filters."""

    total_services: int
    available_services: int
    busy_services: int
    unavailable_services: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceList:
    """`GET /resources/services`."""

    services: tuple[ServiceView, ...]
    summary: ServiceSummary


def service_view(
    service: RegisteredService, load: ServiceLoad, at: datetime, *, queued: int | None = None
) -> ServiceView:
    """A service at a moment."""
    requests = load.requests(at)
    most = service.max_concurrent_requests
    return ServiceView(
        service_name=service.name,
        description=service.description,
        status=_status(service, load, at),
        delivery=service.delivery,
        endpoint=service.endpoint,
        queue=service.queue,
        health_endpoint=service.health_endpoint,
        authentication=ServiceAuthentication(auth_type=service.auth_type),
        max_concurrent_requests=most,
        timeout_seconds=service.timeout_seconds,
        callback_seconds=service.callback_seconds,
        current_load=CurrentLoad(
            current_requests=requests,
            active_tasks=load.workload.active_tasks,
            queue_length=load.workload.queue_length,
            utilization_percentage=min(100.0, round(100 * requests / most, 1)),
        ),
        queued_messages=queued,
        circuit_breaker=CircuitBreaker(failures=load.health.failures, open_until=load.health.open_until),
        registered_at=service.registered_at,
        updated_at=service.updated_at,
    )


def _status(service: RegisteredService, load: ServiceLoad, at: datetime) -> ServiceStatus:
    if load.health.gate(at) is Gate.WAIT:
        return ServiceStatus.UNAVAILABLE
    is_full = load.requests(at) >= service.max_concurrent_requests
    return ServiceStatus.BUSY if is_full else ServiceStatus.AVAILABLE
