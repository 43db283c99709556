"""The door: an instance that is started runs at once if a slot is free and nobody waits for it, else it queues."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from orchestrator.domain.admission import Slot
from orchestrator.domain.instance import Instance
from orchestrator.ports.admission import SlotBook, SlotPlan
from orchestrator.ports.conflicts import NoSlot
from orchestrator.services.slots.free_slots import FreeSlots, entitlement

T = TypeVar("T")
#: why instances are queued
NO_SLOT: Final = "max_concurrent_workflows"
#: how often a newcomer looks for a free slot before it queues
_LOOKS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Lets instances in. As long as slots are free this costs no call beside the transaction of the start."""

    book: SlotBook
    plan: SlotPlan

    def enter(self, instance: Instance, *, run: Callable[[tuple[Slot, ...]], T], wait: Callable[[], T]) -> T:
        """Commit `run` with the slots that the instance is to hold; if there are none, commit `wait`.

        Before it waits, the pools are shut for newcomers: they queue behind it. The queue's worker opens them.

        Raises:
            StaleRecord: of what is committed; decide again.
        """
        wanted = entitlement(self.plan, instance)
        slots, free = wanted.first_guess, FreeSlots(self.book)
        for _ in range(_LOOKS):
            if slots is not None:
                try:
                    return run(slots)
                except NoSlot:
                    free.forget(slots)
            slots = free.choose(wanted, newcomer=True)
            if slots is None:
                break
        free.shut(wanted.pools, shut=True)
        return wait()
