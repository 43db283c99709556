"""Agents: people, AI agents and programs that take tasks, and how they stand at a moment."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NewType

from orchestrator.domain.assignment import AgentType
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.expectation import registered_version
from orchestrator.domain.resources.working_hours import WorkingHours

RESOURCE = "agent"
DEFAULT_CAPACITY = 10

AgentId = NewType("AgentId", str)


def agent_id(ulid: str) -> AgentId:
    """`agent-<ulid>`."""
    return AgentId(f"agent-{ulid.lower()}")


class AgentStatus(StrEnum):
    """As agents report it, and as it comes out of report, heartbeat, working hours and workload."""

    AVAILABLE = "available"
    BUSY = "busy"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expertise:
    """What an agent knows, for people who choose; `capabilities` are what assignment looks at."""

    domains: tuple[str, ...] = ()
    experience_level: str | None = None
    certifications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Open tasks of a performer: `active_tasks` are running, `queue_length` wait for it."""

    active_tasks: int = 0
    queue_length: int = 0

    @property
    def open_tasks(self) -> int:
        """All of them."""
        return self.active_tasks + self.queue_length


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A registered agent. `status` is the reported one; `standing` says how it really is.

    `registration` tells registrations under the same id apart, `sequence` numbers the agent's own events.
    `heartbeat_seconds` (None: it sends no heartbeats) is the longest silence of an agent that is there.
    `fallback_agents` take over, in this order, when it cannot.
    """

    id: AgentId
    registration: str
    agent_type: AgentType
    name: str
    registered_at: datetime
    updated_at: datetime
    registered_by: str
    status: AgentStatus = AgentStatus.AVAILABLE
    capabilities: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    expertise: Expertise = field(default_factory=Expertise)
    working_hours: WorkingHours | None = None
    max_concurrent_tasks: int = DEFAULT_CAPACITY
    heartbeat_seconds: int | None = None
    last_heartbeat_at: datetime | None = None
    fallback_agents: tuple[AgentId, ...] = ()
    sequence: int = 0

    @property
    def version(self) -> str:
        """Moves with every event of it; a heartbeat is none."""
        return registered_version(self.registration, self.sequence)

    def is_silent(self, at: datetime) -> bool:
        """Tell whether its heartbeat is overdue."""
        if self.heartbeat_seconds is None:
            return False
        heard = max(self.registered_at, self.last_heartbeat_at or self.registered_at)
        return at - heard > timedelta(seconds=self.heartbeat_seconds)

    def is_reachable(self, at: datetime) -> bool:
        """Tell whether it is there: neither reported offline nor silent, and within its working hours."""
        if self.status is AgentStatus.OFFLINE or self.is_silent(at):
            return False
        return self.working_hours is None or self.working_hours.is_open(at)

    def standing(self, workload: Workload, at: datetime) -> AgentStatus:
        """How it is: offline when it is not reachable, busy when it says so or has as many tasks as it takes."""
        if not self.is_reachable(at):
            return AgentStatus.OFFLINE
        is_full = workload.open_tasks >= self.max_concurrent_tasks
        return AgentStatus.BUSY if is_full or self.status is AgentStatus.BUSY else AgentStatus.AVAILABLE

    def next_available(self, workload: Workload, at: datetime) -> datetime | None:
        """When it can take a task: now, or at the begin of its next shift; None: nobody knows."""
        if self.status is AgentStatus.OFFLINE or self.is_silent(at):
            return None
        if self.status is AgentStatus.BUSY or workload.open_tasks >= self.max_concurrent_tasks:
            return None
        return at if self.working_hours is None else self.working_hours.next_opening(at)

    def utilization(self, workload: Workload) -> float:
        """Open tasks in percent of those that it takes at a time, at most 100."""
        return min(100.0, round(100 * workload.open_tasks / self.max_concurrent_tasks, 1))


def reported(agent: Agent, status: AgentStatus, *, at: datetime, actor: str | None, reason: str) -> "Change":
    """The agent with another reported status, and the event of that."""
    after = replace(agent, status=status, updated_at=at)
    previous = {"previous_status": agent.status, "reason": reason}
    return after, happened(EventType.AGENT_STATUS_CHANGED, after, actor=actor, **previous)


def happened(kind: EventType, agent: Agent, *, actor: str | None, **data: Any) -> Happening:
    """An event about an agent."""
    told = {"agent_id": agent.id, "agent_type": agent.agent_type, "name": agent.name, "status": agent.status}
    return Happening(type=kind, at=agent.updated_at, data={**told, **data}, actor=actor)


Change = tuple[Agent, Happening]
