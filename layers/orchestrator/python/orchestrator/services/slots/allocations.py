"""Use cases of allocations: keep slots for a definition, a project or the callers of a service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.events import EventType, Subject, number
from orchestrator.domain.ids import event_id
from orchestrator.domain.resources.allocation import Allocation, Allocations, Beneficiary, happened
from orchestrator.ports.admission import AllocationStore, AllocationTransition, Shard, SlotBook, WorkerQueue
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.services.unit_of_work import decided


class AllocationStatus(StrEnum):
    """`pending`: it waits for slots that others still hold; `active`: it holds all that it reserves."""

    PENDING = "pending"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAllocation:
    """The body of an allocation; without duration it is kept until it is released."""

    resource_type: Beneficiary
    resource_id: str
    reserved_workflows: int
    duration_seconds: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationView:
    """One allocation: slots it holds of those reserved, and instances that run in them."""

    allocation_id: str
    resource_type: Beneficiary
    resource_id: str
    status: AllocationStatus
    reserved_workflows: int
    held_workflows: int
    current_workflows: int
    reason: str | None
    created_at: datetime
    created_by: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationSummary:
    """All allocations; `unreserved_workflows` are the slots that everybody may take."""

    total_allocations: int
    max_concurrent_workflows: int
    reserved_workflows: int
    unreserved_workflows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationList:
    """`GET /resources/allocation`: the most specific first."""

    allocations: tuple[AllocationView, ...]
    summary: AllocationSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationService:
    """Admission enforces what is allocated; its worker moves the slots, and is woken by every change."""

    allocations: AllocationStore
    book: SlotBook
    worker: WorkerQueue
    max_concurrent_workflows: int
    clock: Clock
    ids: Ids
    pause: Pause

    def set(self, caller: Caller, new: NewAllocation) -> AllocationView:
        """Keep slots, in place of what was kept for the same beneficiary.

        Raises:
            InvalidRequest: more slots than there are.
            Conflict: more than others leave.
        """
        if new.reserved_workflows > self.max_concurrent_workflows:
            raise InvalidRequest(
                "reserved_workflows", f"must be at most max_concurrent_workflows, {self.max_concurrent_workflows}"
            )
        now = self.clock.now()
        lasts = None if new.duration_seconds is None else timedelta(seconds=new.duration_seconds)
        allocation = Allocation(
            id=f"alloc-{self.ids.ulid()}",
            resource_type=new.resource_type,
            resource_id=new.resource_id,
            reserved_workflows=new.reserved_workflows,
            created_at=now,
            created_by=caller.subject,
            expires_at=None if lasts is None else now + lasts,
            reason=new.reason,
        )

        def commit() -> None:
            before = self.allocations.load()
            after = before.set(allocation, slots=self.max_concurrent_workflows)
            self._write(caller, before, after, (EventType.ALLOCATION_SET, allocation))

        decided(commit, self.pause)
        self.worker.wake()
        return self._view(allocation)

    def get(self, allocation_id: str) -> AllocationView:
        """One allocation. Raises NotFound."""
        return self._view(self.allocations.load().get(allocation_id, self.clock.now()))

    def list(self) -> AllocationList:
        """Every allocation that is kept."""
        active = self.allocations.load().active(self.clock.now())
        shards = self.book.read([each.pool for each in active])
        reserved = sum(each.reserved_workflows for each in active)
        return AllocationList(
            allocations=tuple(_view(each, shards) for each in active),
            summary=AllocationSummary(
                total_allocations=len(active),
                max_concurrent_workflows=self.max_concurrent_workflows,
                reserved_workflows=reserved,
                unreserved_workflows=max(0, self.max_concurrent_workflows - reserved),
            ),
        )

    def release(self, caller: Caller, allocation_id: str) -> None:
        """Keep its slots no more; instances in them go on, and their slots are everybody's when they end.

        Raises:
            NotFound: no such allocation.
        """

        def commit() -> None:
            before, now = self.allocations.load(), self.clock.now()
            released = before.get(allocation_id, now)
            after = before.release(allocation_id, at=now)
            self._write(caller, before, after, (EventType.ALLOCATION_RELEASED, released))

        decided(commit, self.pause)
        self.worker.wake()

    def _write(
        self, caller: Caller, before: Allocations, after: Allocations, told: tuple[EventType, Allocation]
    ) -> None:
        happening = happened(*told, actor=caller.subject, at=self.clock.now())
        subject = Subject(user_id=caller.subject, correlation_id=caller.correlation_id)
        (event,) = number([happening], after=before.version, subject=subject, new_id=lambda: event_id(self.ids.ulid()))
        self.allocations.commit(AllocationTransition(before=before, after=after, event=event))

    def _view(self, allocation: Allocation) -> AllocationView:
        return _view(allocation, self.book.read([allocation.pool]))


def _view(allocation: Allocation, shards: Mapping[str, Sequence[Shard]]) -> AllocationView:
    held = sum(shard.held for shard in shards[allocation.pool.name])
    is_full = held >= allocation.reserved_workflows
    return AllocationView(
        allocation_id=allocation.id,
        resource_type=allocation.resource_type,
        resource_id=allocation.resource_id,
        status=AllocationStatus.ACTIVE if is_full else AllocationStatus.PENDING,
        reserved_workflows=allocation.reserved_workflows,
        held_workflows=held,
        current_workflows=sum(shard.used for shard in shards[allocation.pool.name]),
        reason=allocation.reason,
        created_at=allocation.created_at,
        created_by=allocation.created_by,
        expires_at=allocation.expires_at,
    )
