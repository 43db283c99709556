"""How much there is, and how much of it is in use (spec section 7, `GET /resources/capacity`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.admission import SHARED, Pool
from orchestrator.domain.assignment import AgentType
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.figures import percent
from orchestrator.domain.measurement.projection import PERFORMERS
from orchestrator.domain.measurement.scaling import Demand, ScalingRecommendation, scaling
from orchestrator.domain.measurement.statistics import Tally, total
from orchestrator.domain.measurement.usage import USAGE
from orchestrator.domain.measurement.work import Measured, Performer, grouped
from orchestrator.domain.resources.service import RegisteredService
from orchestrator.domain.webhooks.health import Gate
from orchestrator.ports.admission import AllocationStore, SlotBook
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Present, Statistics
from orchestrator.ports.resources import ServiceLoad, ServiceStore

#: use and response times are means of so long
MEASURED: Final = timedelta(hours=1)
_MB_PER_GB: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class OverallCapacity:
    """Slots for workflows: all, those that instances hold, and the rest, reserved ones among them."""

    max_concurrent_workflows: int
    current_workflows: int
    available_capacity: int
    utilization_percentage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLimits:
    """As configured for the stage; None: no limit is configured."""

    cpu_cores: int | None = None
    memory_gb: int | None = None
    storage_gb: int | None = None
    network_bandwidth_mbps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentUsage:
    """CPU and memory: means of our functions in the last hour; storage: the table. None: not measured."""

    cpu_cores_used: float | None
    memory_gb_used: float | None
    storage_gb_used: float | None
    network_bandwidth_used: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCapacity:
    """One service; the mean time from start to end of its tasks in the last hour, in milliseconds."""

    service_name: str
    max_concurrent_requests: int
    current_requests: int
    queue_length: int
    average_response_time: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """`GET /resources/capacity`."""

    overall_capacity: OverallCapacity
    resource_limits: ResourceLimits
    current_usage: CurrentUsage
    service_capacity: tuple[ServiceCapacity, ...]
    scaling_recommendations: tuple[ScalingRecommendation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityService:
    """Slots and requests are read as they are, the rest is measured."""

    shared: Pool
    allocations: AllocationStore
    book: SlotBook
    present: Present
    services: ServiceStore
    statistics: Statistics
    storage_bytes: Callable[[], int | None]
    limits: ResourceLimits
    clock: Clock

    def capacity(self) -> Capacity:
        """Everything at this moment."""
        now, services = self.clock.now(), self.services.all()
        loads = self.services.loads([service.name for service in services])
        overall = self._overall()
        return Capacity(
            overall_capacity=overall,
            resource_limits=self.limits,
            current_usage=self._usage(now),
            service_capacity=self._services(services, loads, now),
            scaling_recommendations=scaling(
                self._demand(overall), [_demand(service, loads[service.name], now) for service in services]
            ),
        )

    def _overall(self) -> OverallCapacity:
        """Held slots are free for those they are kept for, so they do not count as used."""
        pools = [each.pool for each in self.allocations.load().entries]
        shards = self.book.read([self.shared, *pools])
        taken = sum(shard.used - shard.held for pool in shards.values() for shard in pool)
        return OverallCapacity(
            max_concurrent_workflows=self.shared.slots,
            current_workflows=taken,
            available_capacity=max(0, self.shared.slots - taken),
            utilization_percentage=percent(taken, self.shared.slots) or 0.0,
        )

    def _demand(self, overall: OverallCapacity) -> Demand:
        return Demand(
            resource=SHARED,
            limit=overall.max_concurrent_workflows,
            in_use=overall.current_workflows,
            waiting=self.present.census().instances.get(InstanceStatus.QUEUED, 0),
        )

    def _usage(self, now: datetime) -> CurrentUsage:
        rows = self.statistics.read(USAGE, Granularity.MINUTE, start=now - MEASURED, end=now).rows
        usage, stored = total(row.tally for row in rows), self.storage_bytes()
        return CurrentUsage(
            cpu_cores_used=_cores(usage),
            memory_gb_used=_memory(usage),
            storage_gb_used=None if stored is None else round(stored / _MB_PER_GB**3, 3),
            network_bandwidth_used=None,
        )

    def _services(
        self, services: tuple[RegisteredService, ...], loads: Mapping[str, ServiceLoad], now: datetime
    ) -> tuple[ServiceCapacity, ...]:
        reading = self.statistics.read(PERFORMERS, Granularity.MINUTE, start=now - MEASURED, end=now)
        tallies = grouped(((row.member, row.tally) for row in reading.rows), lambda member: member)
        return tuple(
            ServiceCapacity(
                service_name=service.name,
                max_concurrent_requests=service.max_concurrent_requests,
                current_requests=loads[service.name].requests(now),
                queue_length=loads[service.name].workload.queue_length,
                average_response_time=_response_time(tallies.get(Performer(AgentType.SERVICE, service.name))),
            )
            for service in services
        )


def _demand(service: RegisteredService, load: ServiceLoad, now: datetime) -> Demand:
    return Demand(
        resource=service.name,
        limit=service.max_concurrent_requests,
        in_use=load.requests(now),
        waiting=load.workload.queue_length,
        is_out=load.health.gate(now) is Gate.WAIT,
    )


def _cores(usage: Tally) -> float | None:
    """CPU time over time: how many cores were busy on average."""
    return round(usage.count("cpu_ms") / (MEASURED.total_seconds() * 1000), 3) if usage.count("invocations") else None


def _memory(usage: Tally) -> float | None:
    """The mean memory of a function while it runs, times how many ran at a time on average."""
    samples = usage.count("memory_samples")
    if not samples:
        return None
    at_a_time = usage.count("wall_ms") / (MEASURED.total_seconds() * 1000)
    return round(usage.count("memory_mb") / samples * at_a_time / _MB_PER_GB, 3)


def _response_time(tally: Tally | None) -> float | None:
    seconds = None if tally is None else Measured(tally).duration
    return None if seconds is None else round(seconds * 1000, 1)
