"""Admission: how many instances may run at a time, and who is next (docs/admission.md).

A running, paused or failed instance holds a **slot** of a **pool** until it has ended. A pool of many slots is
spread over shards, so that starts seldom meet in one item of the record; each shard has its share of the slots,
so the sum is exact. Who finds no slot waits in the queue, in the order of `rank`.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.priority import Priority

#: a pool never has more shards, and a shard seldom has a smaller share
MOST_SHARDS: Final = 16
SMALLEST_SHARE: Final = 8
#: by so much waiting time one step of priority is outweighed: what is queued later by more never overtakes
PRIORITY_STEP: Final = timedelta(minutes=30)
SHARED: Final = "workflows"
#: begins the names of pools whose slots are held for somebody
RESERVED: Final = "reserved:"

_STEPS: Final[Mapping[Priority, int]] = {priority: steps for steps, priority in enumerate(Priority)}


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as an instance holds it. `room`: how many may hold one of this shard; a larger number admits nobody."""

    pool: str
    shard: int
    room: int

    @property
    def is_reserved(self) -> bool:
        """Whether the record says how much room there really is: as much as is held, and `room` at most."""
        return self.pool.startswith(RESERVED)


@dataclass(frozen=True, slots=True)
class Pool:
    """So many slots under a name."""

    name: str
    slots: int

    @property
    def shards(self) -> int:
        """Over how many items the pool is spread; none when it has no slots."""
        return min(MOST_SHARDS, self.slots, max(1, self.slots // SMALLEST_SHARE))

    def slot(self, shard: int) -> Slot:
        """A slot of a shard: shares differ by one at most and sum up to the pool."""
        share, rest = divmod(self.slots, self.shards)
        return Slot(self.name, shard, share + (shard < rest))

    def home(self, identity: str) -> int:
        """The shard where an instance looks first."""
        return zlib.crc32(identity.encode()) % self.shards


def shared_pool(slots: int) -> Pool:
    """What all instances share."""
    return Pool(SHARED, slots)


def reserved_pool(allocation_id: str, slots: int) -> Pool:
    """What is kept by an allocation: at most so many slots."""
    return Pool(f"{RESERVED}{allocation_id}", slots)


def rank(priority: Priority, queued_at: datetime) -> datetime:
    """The place in the queue: the earliest is admitted first.

    It never changes while an instance waits, so a higher priority goes first unless the other has waited longer by
    `PRIORITY_STEP` per step: waiting for lack of priority is bounded.
    """
    return queued_at - PRIORITY_STEP * _STEPS[priority]
