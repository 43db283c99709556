"""How the execution queue stands (spec section 4, `GET /execution/queue-status`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.assignment import AgentType
from orchestrator.domain.errors import NotFound
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.measurement import figures
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.projection import ALL, PERFORMERS, QUEUE
from orchestrator.domain.measurement.statistics import Tally, total
from orchestrator.domain.measurement.usage import USAGE
from orchestrator.domain.measurement.work import Measured, Performer, grouped
from orchestrator.domain.priority import Priority
from orchestrator.domain.resources.agent import AgentStatus
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Census, Present, Statistics
from orchestrator.ports.resources import AgentStore
from orchestrator.services.definitions.validation import services_of
from orchestrator.services.slots.waiting_times import Forecast, Place, WaitingTimes

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSummary:
    """Everything in execution: `total_queued` is `running`, `pending` (which wait for a slot) and `paused` together.

    `average_wait_time`: seconds that those waited who were admitted from the queue in the last 24 hours.
    """

    total_queued: int
    running: int
    pending: int
    paused: int
    average_wait_time: float | None
    estimated_queue_clear_time: datetime | None
    pending_by_priority: Mapping[Priority, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueResources:
    """Percent, of the last hour; active agents are those who worked in it, available agents stand so now.

    Agents that are available are counted as `GET /resources/agents` counts them.
    """

    cpu_usage: float | None
    memory_usage: float | None
    active_agents: int
    available_agents: int
    service_load: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRequirements:
    """CPU and memory of an instance are unknown: its work happens in other people's processes."""

    cpu_cores: float | None
    memory_mb: float | None
    required_services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """One queued instance; its position is counted from 1."""

    workflow_instance_id: InstanceId
    workflow_definition_id: str
    batch_id: str | None
    position: int
    priority: Priority
    queued_at: datetime
    estimated_start_time: datetime | None
    resource_requirements: ResourceRequirements


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStatus:
    """The queue; its places are empty where nobody asked for them."""

    queue_summary: QueueSummary
    resource_utilization: QueueResources
    queue_details: tuple[QueuePlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStatusService:
    """Counts come from the record's counters, places from the queue itself."""

    times: WaitingTimes
    statistics: Statistics
    present: Present
    definitions: DefinitionStore
    agents: AgentStore
    clock: Clock

    def status(self, *, places: int) -> QueueStatus:
        """The summary, and the first places."""
        forecast, census = self.times.forecast(), self.present.census()
        return QueueStatus(
            queue_summary=self._summary(forecast, census),
            resource_utilization=self._resources(),
            queue_details=tuple(self._place(place) for place in forecast.places[:places]),
        )

    def _summary(self, forecast: Forecast, census: Census) -> QueueSummary:
        counts = {status: census.instances.get(status, 0) for status in InstanceStatus}
        running, paused = counts[InstanceStatus.RUNNING], counts[InstanceStatus.PAUSED]
        pending = counts[InstanceStatus.QUEUED]
        waits = self._tally(ALL, Granularity.HOUR, _DAY)
        return QueueSummary(
            total_queued=running + pending + paused,
            running=running,
            pending=pending,
            paused=paused,
            average_wait_time=waits.mean_seconds(QUEUE),
            estimated_queue_clear_time=forecast.cleared(pending),
            pending_by_priority=census.queued_by_priority,
        )

    def _resources(self) -> QueueResources:
        usage, end = self._tally(USAGE, Granularity.MINUTE, _HOUR), self.clock.now()
        reading = self.statistics.read(PERFORMERS, Granularity.MINUTE, start=end - _HOUR, end=end)
        tallies = grouped(((row.member, row.tally) for row in reading.rows), lambda member: member)
        loads = {Performer(*member): tally for member, tally in tallies.items()}
        return QueueResources(
            cpu_usage=figures.cpu_percent(usage),
            memory_usage=figures.memory_percent(usage),
            active_agents=sum(performer.kind != AgentType.SERVICE for performer in loads),
            available_agents=self._available_agents(),
            service_load={
                performer.name: _load(tally)
                for performer, tally in sorted(loads.items())
                if performer.kind == AgentType.SERVICE
            },
        )

    def _available_agents(self) -> int:
        agents, now = self.agents.all(), self.clock.now()
        loads = self.agents.workloads([agent.id for agent in agents])
        return sum(agent.standing(loads[agent.id], now) is AgentStatus.AVAILABLE for agent in agents)

    def _tally(self, family: str, granularity: Granularity, span: timedelta) -> Tally:
        end = self.clock.now()
        return total(row.tally for row in self.statistics.read(family, granularity, start=end - span, end=end).rows)

    def _place(self, place: Place) -> QueuePlace:
        waiting = place.waiting
        return QueuePlace(
            workflow_instance_id=waiting.instance_id,
            workflow_definition_id=waiting.definition_id,
            batch_id=waiting.batch_id,
            position=place.position,
            priority=waiting.priority,
            queued_at=waiting.queued_at,
            estimated_start_time=place.estimated_start,
            resource_requirements=ResourceRequirements(
                cpu_cores=None, memory_mb=None, required_services=self._services(place)
            ),
        )

    def _services(self, place: Place) -> tuple[str, ...]:
        """Services that the model names; immutable per version, so read once in a process."""
        waiting = place.waiting
        try:
            catalogue = self.definitions.load_catalogue(waiting.definition_id, waiting.definition_version)
        except NotFound:  # the definition was deleted beside
            return ()
        return tuple(sorted(services_of(catalogue)))


def _load(tally: Tally) -> float | None:
    share = figures.percent(Measured(tally).busy_ms, _HOUR.total_seconds() * 1000)
    return None if share is None else min(share, 100.0)
