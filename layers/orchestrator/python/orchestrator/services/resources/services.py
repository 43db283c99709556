"""Use cases of the registry of services: register, look, change, remove."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType, Subject, number
from orchestrator.domain.expectation import Versioned
from orchestrator.domain.ids import event_id
from orchestrator.domain.resources.service import (
    DEFAULT_CALLBACK_SECONDS,
    DEFAULT_CONCURRENCY,
    DEFAULT_TIMEOUT_SECONDS,
    Change,
    Delivery,
    RegisteredService,
    ServiceStatus,
    happened,
)
from orchestrator.domain.webhooks.authentication import AuthType, authentication
from orchestrator.domain.webhooks.secrets import Secrets
from orchestrator.ports.conflicts import StaleRecord
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.events import SecretBox
from orchestrator.ports.resources import ServiceQueues, ServiceStore, ServiceTransition
from orchestrator.services.events.registration_rules import TargetCheck
from orchestrator.services.resources.destinations import Destination
from orchestrator.services.resources.service_views import ServiceList, ServiceSummary, ServiceView, service_view
from orchestrator.services.unit_of_work import decided

MOST_SERVICES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewService:
    """The body of a registration."""

    name: str
    delivery: Delivery = Delivery.HTTP
    endpoint: str | None = None
    queue: str | None = None
    health_endpoint: str | None = None
    description: str | None = None
    auth_type: str = AuthType.NONE
    credentials: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    max_concurrent_requests: int = DEFAULT_CONCURRENCY
    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    callback_seconds: int = DEFAULT_CALLBACK_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRegistry:
    """Services as those who run them see them."""

    services: ServiceStore
    secrets: SecretBox
    targets: TargetCheck
    queues: ServiceQueues
    clock: Clock
    ids: Ids
    pause: Pause

    def register(self, caller: Caller, new: NewService) -> ServiceView:
        """A new service.

        Raises:
            InvalidRequest: a field is wrong, or the endpoint points where it may not.
            Conflict: there is one of this name, or too many.
        """
        known = authentication(new.auth_type, new.credentials)
        Destination(new.delivery, new.endpoint, new.queue, known.auth_type).check(self.queues.names)
        self._check_endpoint("endpoint", new.endpoint)
        self._check_endpoint("health_endpoint", new.health_endpoint)
        names = {service.name for service in self.services.all()}
        if new.name in names:
            raise _taken(new.name)
        if len(names) >= MOST_SERVICES:
            raise Conflict(f"There are {MOST_SERVICES} services already, which is the limit")
        now = self.clock.now()
        service = RegisteredService(
            name=new.name,
            registration=self.ids.ulid(),
            delivery=new.delivery,
            endpoint=new.endpoint,
            queue=new.queue,
            health_endpoint=new.health_endpoint,
            description=new.description,
            registered_at=now,
            updated_at=now,
            registered_by=caller.subject,
            auth_type=known.auth_type,
            max_concurrent_requests=new.max_concurrent_requests,
            timeout_seconds=new.timeout_seconds,
            callback_seconds=new.callback_seconds,
        )
        sealed = self.secrets.seal(Secrets(keys=(), authentication=known).to_text(), purpose=service.purpose)
        service = replace(service, sealed=sealed)
        try:
            self._write(caller, None, (service, happened(EventType.SERVICE_REGISTERED, service, actor=caller.subject)))
        except StaleRecord:
            raise _taken(new.name) from None
        return self._view(service)

    def get(self, name: str) -> Versioned[ServiceView]:
        """A service with its load.

        Raises:
            NotFound: no such service.
        """
        service = self.services.load(name)
        return Versioned(value=self._view(service), version=service.version)

    def list(self, status: ServiceStatus | None) -> ServiceList:
        """The services that stand so, by name; the summary counts all."""
        services, now = self.services.all(), self.clock.now()
        loads = self.services.loads([service.name for service in services])
        waiting = {queue: self.queues.waiting(queue) for queue in {service.queue for service in services} if queue}
        views = [
            service_view(service, loads[service.name], now, queued=waiting.get(service.queue or ""))
            for service in services
        ]
        counts = Counter(view.status for view in views)
        return ServiceList(
            services=tuple(view for view in views if status is None or view.status is status),
            summary=ServiceSummary(
                total_services=len(views),
                available_services=counts[ServiceStatus.AVAILABLE],
                busy_services=counts[ServiceStatus.BUSY],
                unavailable_services=counts[ServiceStatus.UNAVAILABLE],
            ),
        )

    def update(self, caller: Caller, name: str, changes: Mapping[str, Any]) -> ServiceView:
        """Change the given fields; `authentication` as a pair of type and credentials.

        Raises:
            NotFound: no such service.
            InvalidRequest: as in `register`.
        """
        given = dict(changes)
        known = authentication(*given.pop("authentication")) if "authentication" in given else None
        for place in ("endpoint", "health_endpoint"):
            self._check_endpoint(place, given.get(place))

        def change(service: RegisteredService) -> Change:
            after = replace(service, updated_at=self.clock.now(), **given)
            if known is not None:
                sealed = self.secrets.seal(Secrets(keys=(), authentication=known).to_text(), purpose=after.purpose)
                after = replace(after, auth_type=known.auth_type, sealed=sealed)
            Destination(after.delivery, after.endpoint, after.queue, after.auth_type).check(self.queues.names)
            told = happened(EventType.SERVICE_UPDATED, after, actor=caller.subject, changed=sorted(changes))
            return after, told

        return self._view(self._commit(caller, name, change))

    def remove(self, caller: Caller, name: str) -> None:
        """Remove a service that has nothing left to do.

        Raises:
            NotFound: no such service.
            Conflict: it has open tasks (details: `open_tasks`).
        """

        def commit() -> None:
            known = self.services.load(name)
            caller.require_version(known.name, known.version)
            service = replace(known, updated_at=self.clock.now())
            open_tasks = self.services.loads([name])[name].workload.open_tasks
            if open_tasks:
                raise Conflict("Service has open tasks: reassign them first", service_name=name, open_tasks=open_tasks)
            told = happened(EventType.SERVICE_REMOVED, service, actor=caller.subject)
            self.services.commit(replace(self._transition(caller, service, (service, told)), after=None))

        decided(commit, self.pause)

    def _check_endpoint(self, field: str, endpoint: str | None) -> None:
        if endpoint is not None:
            self.targets.check(endpoint, field=field)

    def _commit(self, caller: Caller, name: str, change: Callable[[RegisteredService], Change]) -> RegisteredService:
        def commit() -> RegisteredService:
            before = self.services.load(name)
            caller.require_version(before.name, before.version)
            return self._write(caller, before, change(before))

        return decided(commit, self.pause)

    def _write(self, caller: Caller, before: RegisteredService | None, change: Change) -> RegisteredService:
        transition = self._transition(caller, before, change)
        self.services.commit(transition)
        return transition.after or change[0]

    def _transition(self, caller: Caller, before: RegisteredService | None, change: Change) -> ServiceTransition:
        after, happening = change
        sequence = before.sequence if before else 0
        subject = Subject(user_id=caller.subject, correlation_id=caller.correlation_id)
        (event,) = number([happening], after=sequence, subject=subject, new_id=lambda: event_id(self.ids.ulid()))
        return ServiceTransition(before=before, after=replace(after, sequence=sequence + 1), event=event)

    def _view(self, service: RegisteredService) -> ServiceView:
        queued = self.queues.waiting(service.queue) if service.queue else None
        return service_view(service, self.services.loads([service.name])[service.name], self.clock.now(), queued=queued)


def _taken(name: str) -> Conflict:
    return Conflict("There is a service of this name already", service_name=name)
