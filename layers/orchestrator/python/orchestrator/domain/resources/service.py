"""Registered services: what is called, or fetches its work, to perform service tasks."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from orchestrator.domain.assignment import AgentType, Assignee
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.expectation import registered_version
from orchestrator.domain.webhooks.authentication import AuthType

RESOURCE = "service"
DEFAULT_CONCURRENCY = 10
DEFAULT_TIMEOUT_SECONDS = 10
DEFAULT_CALLBACK_SECONDS = 3600


class Delivery(StrEnum):
    """How a service gets its tasks: we call it (`http`), it reads a queue (`sqs`), its workers claim them (`claim`)."""

    HTTP = "http"
    SQS = "sqs"
    CLAIM = "claim"


class ServiceStatus(StrEnum):
    """How a service stands: `busy` has no room for a further call, `unavailable` is not called for a while."""

    AVAILABLE = "available"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredService:
    """A service by its name, which models use as task type. `sealed` holds credentials, encrypted.

    `timeout_seconds` is for one request, `callback_seconds` for the answer to one that was accepted (202) or queued.
    `queue` is the name (or ARN) under which the stage allows it.
    `health_endpoint` answers a GET with 2xx while the service is well.
    `registration` tells registrations under the same name apart, `sequence` numbers the service's own events.
    """

    name: str
    registration: str
    delivery: Delivery
    registered_at: datetime
    updated_at: datetime
    registered_by: str
    endpoint: str | None = None
    queue: str | None = None
    health_endpoint: str | None = None
    description: str | None = None
    auth_type: AuthType = AuthType.NONE
    sealed: bytes | None = field(default=None, repr=False)
    max_concurrent_requests: int = DEFAULT_CONCURRENCY
    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    callback_seconds: int = DEFAULT_CALLBACK_SECONDS
    sequence: int = 0

    @property
    def version(self) -> str:
        """Moves with every event of it."""
        return registered_version(self.registration, self.sequence)

    @property
    def purpose(self) -> str:
        """What binds its credentials to it."""
        return f"service:{self.name}:{self.registration}"


def assignee_of(service: RegisteredService) -> Assignee:
    """The service as a performer of tasks."""
    return Assignee(agent_type=AgentType.SERVICE, service_name=service.name, endpoint=service.endpoint)


def happened(kind: EventType, service: RegisteredService, *, actor: str | None, **data: Any) -> Happening:
    """An event about a service, without credentials."""
    told = {"service_name": service.name, "delivery": service.delivery, "endpoint": service.endpoint}
    return Happening(type=kind, at=service.updated_at, data={**told, **data}, actor=actor)


Change = tuple[RegisteredService, Happening]
