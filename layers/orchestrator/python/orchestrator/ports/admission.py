"""What admission needs from outside. Protocols as in `ports`, which holds those of the record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from orchestrator.domain.admission import Pool, Slot
from orchestrator.domain.batch import Batch
from orchestrator.domain.bulk import Job
from orchestrator.domain.definition import Version
from orchestrator.domain.events import Event
from orchestrator.domain.ids import DefinitionId, InstanceId
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.new_instance import NewInstance
from orchestrator.domain.priority import Priority
from orchestrator.domain.resources.allocation import Allocations


class SlotPlan(Protocol):
    """How many slots there are, and who may take which."""

    def pools(self, *, definition_id: DefinitionId, version: Version, project_id: str | None) -> tuple[Pool, ...]:
        """The pools of which an instance may take a slot, in order of preference; the last is the shared one."""
        ...

    def all(self) -> tuple[Pool, ...]:
        """Every pool that is open, the shared one last: all slots, those that the others hold among them."""
        ...


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard as it is: slots held; `is_shut`: whoever comes now must queue, since others wait.

    Of a reserved pool, `lent`: how many slots it holds of each shard of the shared pool.
    """

    used: int = 0
    is_shut: bool = False
    lent: Mapping[int, int] = field(default_factory=dict[int, int])

    @property
    def held(self) -> int:
        """How many slots of the shared pool this shard of a reserved pool holds."""
        return sum(self.lent.values())


class SlotBook(Protocol):
    """The slots as they are held; they change with the instances that hold them, in `InstanceStore.commit`."""

    def read(self, pools: Sequence[Pool]) -> Mapping[str, tuple[Shard, ...]]:
        """The shards of pools by the pool's name, in one strongly consistent read."""
        ...

    def shut(self, slots: Sequence[Slot], *, shut: bool) -> None:
        """From now on newcomers must queue at these shards, or need not; repeatable."""
        ...


class ReservedSlots(Protocol):
    """Slots of the shared pool pass to reserved pools and back; each move is one conditional transaction."""

    def hold(self, shared: Slot, reserved: Slot, count: int, *, version: int) -> bool:
        """Take so many free slots for a reserved pool, which may not have more than its `room`.

        False: they are not free any more, or the allocations are not of this `version` any more.
        """
        ...

    def give_back(self, shared: Slot, reserved: Slot, count: int, *, seen: Shard) -> bool:
        """Return so many free slots of a reserved shard; False: it is not as it was `seen` any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationTransition:
    """`event` None: nothing happened to those who set allocations."""

    before: Allocations
    after: Allocations
    event: Event | None


class AllocationStore(Protocol):
    """What is kept for whom."""

    def load(self) -> Allocations:
        """All allocations, in one read; none when nothing was ever allocated."""
        ...

    def commit(self, transition: AllocationTransition) -> None:
        """Write in one transaction. Raises StaleRecord."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One place in the queue."""

    instance_id: InstanceId
    definition_id: DefinitionId
    definition_version: Version
    project_id: str | None
    priority: Priority
    queued_at: datetime
    rank: datetime
    batch_id: str | None = None
    batch_slots: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A queue of its own, of a batch of which only so many may run at a time; `last` tells who came in last."""

    batch_id: str
    last: str


class Queue(Protocol):
    """Queued instances in order; the rows (and lanes) come with their instances, in `InstanceStore.commit`."""

    def lanes(self) -> tuple[Lane, ...]:
        """The lanes there are beside the queue itself."""
        ...

    def close_lane(self, lane: Lane) -> None:
        """Nobody is in a lane any more; it stays if somebody has come in since it was read."""
        ...

    def waiting(self, lane: Lane | None = None) -> Iterator[Waiting]:
        """The queue, or a lane of it, from its head on; strongly consistent, read as far as it is taken."""
        ...


class BatchStore(Protocol):
    """Heads of batches."""

    def keep(self, batch: Batch, workflows: Mapping[int, NewInstance]) -> None:
        """Keep what a batch is to start, for whoever finishes it."""
        ...

    def workflows(self, batch: Batch) -> Mapping[int, NewInstance]:
        """What was kept."""
        ...

    def register(self, batch: Batch) -> Batch:
        """Note a new batch; if there is one of this id, that one."""
        ...

    def load(self, batch_id: str) -> Batch:
        """The head. Raises NotFound."""
        ...

    def prioritise(self, batch_id: str, priority: Priority) -> None:
        """Note another priority; it is that of the instances which matters."""
        ...

    def cancel(self, batch_id: str, *, at: datetime) -> None:
        """From now on no instance of it is created."""
        ...

    def counts(self, batch_id: str) -> Mapping[InstanceStatus, int]:
        """Its instances by status."""
        ...


class WorkerQueue(Protocol):
    """Messages to the admission worker."""

    def wake(self) -> None:
        """Ask for a round."""
        ...

    def launch(self, batch_id: str, *, after: timedelta = timedelta(0)) -> None:
        """Ask for a batch to be finished, after a while."""
        ...

    def send(self, jobs: Sequence[Job]) -> None:
        """Leave work to the worker. Raises Unavailable: not all was taken, and may be sent again."""
        ...
