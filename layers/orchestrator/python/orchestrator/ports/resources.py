"""What the use cases of agents and services need from outside, as Protocols (see `ports`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orchestrator.domain.events import Event
from orchestrator.domain.ids import TaskId
from orchestrator.domain.resources.agent import Agent, AgentId, Workload
from orchestrator.domain.resources.service import RegisteredService
from orchestrator.domain.webhooks.delivery import Answer
from orchestrator.domain.webhooks.health import Health
from orchestrator.ports.events import WebhookSender


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTransition:
    """`before` None: the agent is new; `after` None: it is removed."""

    before: Agent | None
    after: Agent | None
    event: Event


class AgentStore(Protocol):
    """Registered agents, and the workload that is counted with their tasks."""

    def load(self, agent_id: str) -> Agent:
        """Raises NotFound."""
        ...

    def all(self) -> tuple[Agent, ...]:
        """Every agent, by id."""
        ...

    def workloads(self, performers: Sequence[str]) -> Mapping[str, Workload]:
        """Open tasks of performers (agent ids or service names), each once."""
        ...

    def commit(self, transition: AgentTransition) -> None:
        """Write in one transaction. Raises StaleRecord."""
        ...

    def beat(self, agent_id: AgentId, *, at: datetime) -> None:
        """Note a sign of life; of one that is gone nothing is noted."""
        ...


# --- services


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTransition:
    """`before` None: the service is new; `after` None: it is removed."""

    before: RegisteredService | None
    after: RegisteredService | None
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One of the requests that a service takes at a time, held by a call at most until a moment."""

    number: int
    holder: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUnit:
    """What a call is decided on: slots that were taken (some may have run out), and how the service is."""

    slots: tuple[Slot, ...]
    health: Health

    def held(self, at: datetime) -> tuple[Slot, ...]:
        """Slots in use."""
        return tuple(slot for slot in self.slots if slot.until > at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLoad:
    """What a service has to do, measured: its tasks, its requests on their way, and how it is."""

    workload: Workload
    slots: tuple[Slot, ...]
    health: Health

    def requests(self, at: datetime) -> int:
        """Requests on their way."""
        return sum(slot.until > at for slot in self.slots)


class ServiceStore(Protocol):
    """Registered services, and what is measured of them."""

    def load(self, name: str) -> RegisteredService:
        """Raises NotFound."""
        ...

    def all(self) -> tuple[RegisteredService, ...]:
        """Every service, by name."""
        ...

    def loads(self, names: Sequence[str]) -> Mapping[str, ServiceLoad]:
        """What services have to do now."""
        ...

    def commit(self, transition: ServiceTransition) -> None:
        """Write in one transaction. Raises StaleRecord."""
        ...


class CallBook(Protocol):
    """Calls on their way, so that no service gets more than it takes; and a circuit breaker per service."""

    def calls(self, name: str) -> ServiceUnit:
        """Slots and health in one consistent read."""
        ...

    def take(self, name: str, slot: Slot, *, now: datetime) -> bool:
        """Take a slot that is free or has run out; False: somebody was faster."""
        ...

    def release(self, name: str, slot: Slot) -> None:
        """Give a slot back; one that somebody else has since is left alone."""
        ...

    def save_health(self, name: str, health: Health) -> bool:
        """Write what was decided on the version before; False: another call has said something since."""
        ...


class CallQueue(Protocol):
    """Service tasks that are looked at later wait here."""

    def send(self, task_id: TaskId, *, at: datetime, now: datetime) -> None:
        """Look at a task at a moment, or earlier where it is far away."""
        ...


class ServiceQueues(Protocol):
    """Queues that services pull their tasks from, by the names that registrations use."""

    @property
    def names(self) -> frozenset[str]:
        """Those that the stage allows."""
        ...

    def waiting(self, queue: str) -> int | None:
        """About how many messages nobody has taken; None: the queue does not say."""
        ...

    def send(self, queue: str, *, body: str, attributes: Mapping[str, str]) -> Answer:
        """Put a message there; 202 when the queue has it. Never raises for what a queue does."""
        ...


class SenderWithin(Protocol):
    """Requests with a time limit of their own."""

    def __call__(self, seconds: float, /) -> WebhookSender:
        """A sender whose requests take at most so long."""
        ...
