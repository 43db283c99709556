"""Agents as callers see them (spec section 7): field names are those of the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain.assignment import AgentType
from orchestrator.domain.resources.agent import Agent, AgentStatus, Workload
from orchestrator.domain.resources.working_hours import Weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentWorkload:
    """Running tasks, tasks that wait for the performer, and both in percent of its capacity."""

    active_tasks: int
    queue_length: int
    utilization_percentage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentExpertise:
    """What an agent knows."""

    domains: tuple[str, ...]
    experience_level: str | None
    certifications: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHours:
    """A shift in local time, and the weekdays on which it begins."""

    timezone: str
    schedule: str
    days: tuple[Weekday, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """When it can take a task (null: unknown), and its working hours (null: always)."""

    next_available: datetime | None
    working_hours: AgentHours | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """One agent; `status` is how it stands now, `reported_status` what it says."""

    agent_id: str
    agent_type: AgentType
    name: str
    status: AgentStatus
    reported_status: AgentStatus
    capabilities: tuple[str, ...]
    groups: tuple[str, ...]
    max_concurrent_tasks: int
    current_workload: CurrentWorkload
    expertise: AgentExpertise
    availability: Availability
    fallback_agents: tuple[str, ...]
    heartbeat_seconds: int | None
    last_heartbeat_at: datetime | None
    registered_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSummary:
    """All registered agents, whatever the filters."""

    total_agents: int
    available_agents: int
    busy_agents: int
    offline_agents: int
    by_type: Mapping[AgentType, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentList:
    """`GET /resources/agents`."""

    agents: tuple[AgentView, ...]
    summary: AgentSummary


def agent_view(agent: Agent, workload: Workload, at: datetime) -> AgentView:
    """An agent at a moment."""
    knows, hours = agent.expertise, agent.working_hours
    return AgentView(
        agent_id=agent.id,
        agent_type=agent.agent_type,
        name=agent.name,
        status=agent.standing(workload, at),
        reported_status=agent.status,
        capabilities=agent.capabilities,
        groups=agent.groups,
        max_concurrent_tasks=agent.max_concurrent_tasks,
        current_workload=CurrentWorkload(
            active_tasks=workload.active_tasks,
            queue_length=workload.queue_length,
            utilization_percentage=agent.utilization(workload),
        ),
        expertise=AgentExpertise(
            domains=knows.domains, experience_level=knows.experience_level, certifications=knows.certifications
        ),
        availability=Availability(
            next_available=agent.next_available(workload, at),
            working_hours=hours and AgentHours(timezone=hours.timezone, schedule=hours.schedule, days=hours.days),
        ),
        fallback_agents=agent.fallback_agents,
        heartbeat_seconds=agent.heartbeat_seconds,
        last_heartbeat_at=agent.last_heartbeat_at,
        registered_at=agent.registered_at,
        updated_at=agent.updated_at,
    )
