"""Slots: one item per shard of a pool, counted in the transactions of the instances that hold them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import Condition, Write, check, update
from orchestrator.domain.admission import Pool, Slot
from orchestrator.ports.admission import Shard

_LENT = "lent_"


@dataclass(frozen=True, slots=True)
class DynamoDBSlots:
    """`ports.admission.SlotBook`."""

    table: Table

    def read(self, pools: Sequence[Pool]) -> Mapping[str, tuple[Shard, ...]]:
        """One BatchGetItem per hundred shards."""
        wanted = {pool.name: [keys.slot(pool.name, shard) for shard in range(pool.shards)] for pool in pools}
        found = self.table.get_many([key for shards in wanted.values() for key in shards])
        return {name: tuple(_shard(found.get(key, {})) for key in shards) for name, shards in wanted.items()}

    def shut(self, slots: Sequence[Slot], *, shut: bool) -> None:
        """One update each."""
        change = Condition(text="SET is_shut = :yes", values={"yes": True}) if shut else _OPEN
        for slot in slots:
            self.table.apply(update(*keys.slot(slot.pool, slot.shard), change))


_OPEN = Condition(text="REMOVE is_shut")


@dataclass(frozen=True, slots=True)
class DynamoDBReservedSlots:
    """`ports.admission.ReservedSlots`."""

    table: Table

    def hold(self, shared: Slot, reserved: Slot, count: int, *, version: int) -> bool:
        """One transaction of three items."""
        free = Condition(text="ADD used :k", values={"k": count, "most": shared.room - count})
        room = Condition(
            text="SET used = if_not_exists(used, :none) ADD room :k, #lent :k",
            names={"lent": f"{_LENT}{shared.shard}"},
            values={"k": count, "none": 0, "most": reserved.room - count},
        )
        same = Condition(text="#v = :v", names={"v": "version"}, values={"v": version})
        return self._try(
            update(
                *keys.slot(shared.pool, shared.shard), free, condition="attribute_not_exists(used) OR used <= :most"
            ),
            update(
                *keys.slot(reserved.pool, reserved.shard), room, condition="attribute_not_exists(room) OR room <= :most"
            ),
            check(*keys.ALLOCATIONS, same),
        )

    def give_back(self, shared: Slot, reserved: Slot, count: int, *, seen: Shard) -> bool:
        """One transaction of two items."""
        less = Condition(
            text="ADD room :less, #lent :less",
            names={"lent": f"{_LENT}{shared.shard}"},
            values={"less": -count, "room": seen.held, "used": seen.used},
        )
        return self._try(
            update(*keys.slot(reserved.pool, reserved.shard), less, condition="room = :room AND used = :used"),
            update(*keys.slot(shared.pool, shared.shard), Condition(text="ADD used :less", values={"less": -count})),
        )

    def _try(self, *writes: Write) -> bool:
        try:
            self.table.transact(writes)
        except TransactionRefused:
            return False
        return True


def take(slot: Slot, *, from_queue: bool) -> Write:
    """Hold a slot, if one is free; newcomers also need that nobody waits for it."""
    free = "(attribute_not_exists(used) OR used < :room)"
    if slot.is_reserved:  # as much as is held, whatever the taker has read
        free = "used < room AND used < :room"
    condition = free if from_queue else f"{free} AND attribute_not_exists(is_shut)"
    change = Condition(text="ADD used :one", values={"one": 1, "room": slot.room})
    return update(*keys.slot(slot.pool, slot.shard), change, condition=condition)


def give_back(slot: Slot) -> Write:
    """Hold a slot no more."""
    return update(*keys.slot(slot.pool, slot.shard), Condition(text="ADD used :less", values={"less": -1}))


def _shard(item: Plain) -> Shard:
    lent = {int(name.removeprefix(_LENT)): int(count) for name, count in item.items() if name.startswith(_LENT)}
    return Shard(used=int(item.get("used", 0)), is_shut=bool(item.get("is_shut")), lent=lent)
