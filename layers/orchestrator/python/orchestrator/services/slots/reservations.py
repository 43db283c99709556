"""Reserved slots follow the allocations: what is missing is taken from the shared pool, what is too much goes back.

Rounds may overlap and be repeated: every move is one conditional transaction, and one that is refused is made by the
next round, if it is still due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from orchestrator.domain.admission import Pool, Slot
from orchestrator.domain.resources.allocation import Allocation
from orchestrator.ports.admission import AllocationStore, AllocationTransition, ReservedSlots, Shard, SlotBook
from orchestrator.ports.environment import Clock, Pause
from orchestrator.services.unit_of_work import decided


@dataclass(slots=True)
class _Room:
    """Free slots of the shared pool as they were read, less what was taken since."""

    pool: Pool
    free: list[int] = field(default_factory=list[int])

    @classmethod
    def of(cls, pool: Pool, shards: Sequence[Shard]) -> "_Room":
        return cls(pool, [max(0, pool.slot(n).room - shard.used) for n, shard in enumerate(shards)])

    def slot(self, shard: int) -> Slot:
        return self.pool.slot(shard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservations:
    """Moves slots between the shared pool and those of allocations."""

    shared: Pool
    allocations: AllocationStore
    book: SlotBook
    moves: ReservedSlots
    clock: Clock
    pause: Pause

    def settle(self) -> None:
        """One round; without allocations it is one read. Reservations go before who waits in the queue."""
        kept, now = self.allocations.load(), self.clock.now()
        if not kept.entries:
            return
        shards = self.book.read([self.shared, *(each.pool for each in kept.entries)])
        room = _Room.of(self.shared, shards[self.shared.name])
        ended = [each for each in kept.entries if not each.is_active(now)]
        for allocation in ended:
            self._give_back(allocation, shards[allocation.pool.name], room)
        for allocation in kept.active(now):
            self._fill(allocation, shards[allocation.pool.name], room, version=kept.version)
        self._forget(ended)

    def _give_back(self, allocation: Allocation, shards: Sequence[Shard], room: _Room) -> None:
        for number, shard in enumerate(shards):
            seen = shard
            for lender, lent in sorted(shard.lent.items()):
                count = min(lent, seen.held - seen.used)
                if count > 0 and self.moves.give_back(
                    Slot(room.pool.name, lender, lent), allocation.pool.slot(number), count, seen=seen
                ):
                    seen = replace(seen, lent={**seen.lent, lender: lent - count})
                    if lender < len(room.free):
                        room.free[lender] += count

    def _fill(self, allocation: Allocation, shards: Sequence[Shard], room: _Room, *, version: int) -> None:
        for number, shard in enumerate(shards):
            reserved = allocation.pool.slot(number)
            missing = reserved.room - shard.held
            for lender, free in enumerate(room.free):
                count = min(missing, free)
                if count > 0 and self.moves.hold(room.slot(lender), reserved, count, version=version):
                    room.free[lender] -= count
                    missing -= count

    def _forget(self, ended: Sequence[Allocation]) -> None:
        """Those that hold nothing any more are gone: as they have ended, they never get anything again."""
        if not ended:
            return
        shards = self.book.read([each.pool for each in ended])
        empty = [each.id for each in ended if _is_empty(shards, each)]
        if empty:
            decided(lambda: self._drop(empty), self.pause)

    def _drop(self, empty: Sequence[str]) -> None:
        before = self.allocations.load()
        after = before.without(empty)
        if after.entries != before.entries:
            self.allocations.commit(AllocationTransition(before=before, after=after, event=None))


def _is_empty(shards: Mapping[str, Sequence[Shard]], allocation: Allocation) -> bool:
    return all(shard.held == 0 and shard.used == 0 for shard in shards[allocation.pool.name])
