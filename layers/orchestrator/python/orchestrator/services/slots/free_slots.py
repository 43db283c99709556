"""The slots as they were read: which an instance can take."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from orchestrator.domain.admission import Pool, Slot
from orchestrator.domain.instance import Instance, Membership
from orchestrator.ports.admission import Shard, SlotBook, SlotPlan, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What an instance needs to run: a slot of one of `pools` (in order of preference), and one of each of `bounds`."""

    identity: str
    pools: tuple[Pool, ...]
    bounds: tuple[Pool, ...] = ()

    @property
    def first_guess(self) -> tuple[Slot, ...] | None:
        """The slots to try without looking; None: there are none at all."""
        preferred = next((pool for pool in self.pools if pool.slots), None)
        if preferred is None or not all(bound.slots for bound in self.bounds):
            return None
        return tuple(pool.slot(pool.home(self.identity)) for pool in (preferred, *self.bounds))


@dataclass(slots=True)
class FreeSlots:
    """Remembers what was read of the book, and what was taken since; a pool is read when it is first asked for."""

    book: SlotBook
    shards: dict[str, list[Shard]] = field(default_factory=dict[str, list[Shard]])

    def choose(self, wanted: Entitlement, *, newcomer: bool) -> tuple[Slot, ...] | None:
        """Slots that are free, the home shard first; None: there are not all that are needed.

        A `newcomer` is not let in where others wait.
        """
        self.read([*wanted.pools, *wanted.bounds])
        bounds = [self._free(bound, wanted.identity, newcomer=False) for bound in wanted.bounds]
        candidates = (self._free(pool, wanted.identity, newcomer=newcomer) for pool in wanted.pools)
        slot = next((slot for slot in candidates if slot is not None), None)
        chosen = [slot, *bounds]
        found = tuple(each for each in chosen if each is not None)
        return found if len(found) == len(chosen) else None

    def is_full(self, pool: Pool) -> bool:
        """Tell whether nobody can take a slot of a pool."""
        self.read([pool])
        return self._free(pool, "", newcomer=False) is None

    def count_free(self, pool: Pool) -> int:
        """How many slots of a pool are free."""
        self.read([pool])
        shards = enumerate(self.shards[pool.name])
        return sum(max(0, _room(pool.slot(number), shard) - shard.used) for number, shard in shards)

    def read(self, pools: Sequence[Pool]) -> None:
        """Look at pools that have not been looked at yet."""
        missing = [pool for pool in pools if pool.name not in self.shards]
        if missing:
            self.shards |= {name: list(shards) for name, shards in self.book.read(missing).items()}

    def forget(self, slots: Sequence[Slot]) -> None:
        """Look again at the pools of these slots, which were not as remembered."""
        for slot in slots:
            self.shards.pop(slot.pool, None)

    def take(self, slots: Sequence[Slot]) -> None:
        """These were taken."""
        for slot in slots:
            shard = self.shards[slot.pool][slot.shard]
            self.shards[slot.pool][slot.shard] = replace(shard, used=shard.used + 1)

    def shut(self, pools: Sequence[Pool], *, shut: bool) -> None:
        """Make newcomers queue at pools, or let them in again, wherever it is otherwise now."""
        self.read(pools)
        self.book.shut(
            [
                pool.slot(number)
                for pool in pools
                for number, shard in enumerate(self.shards[pool.name])
                if shard.is_shut is not shut
            ],
            shut=shut,
        )

    def _free(self, pool: Pool, identity: str, *, newcomer: bool) -> Slot | None:
        shards = self.shards[pool.name]
        home = pool.home(identity) if shards else 0
        for step in range(len(shards)):
            slot = pool.slot((home + step) % len(shards))
            shard = shards[slot.shard]
            if shard.used < _room(slot, shard) and not (newcomer and shard.is_shut):
                return slot
        return None


def entitlement(plan: SlotPlan, who: Instance | Waiting) -> Entitlement:
    """What an instance needs to run: as it is, or as it waits."""
    identity, batch = (who.id, who.batch) if isinstance(who, Instance) else (who.instance_id, _membership(who))
    bound = batch.pool if batch else None
    return Entitlement(
        identity=identity,
        pools=plan.pools(definition_id=who.definition_id, version=who.definition_version, project_id=who.project_id),
        bounds=() if bound is None else (bound,),
    )


def _membership(waiting: Waiting) -> Membership | None:
    return None if waiting.batch_id is None else Membership(waiting.batch_id, waiting.batch_slots)


def _room(slot: Slot, shard: Shard) -> int:
    return min(slot.room, shard.held) if slot.is_reserved else slot.room
