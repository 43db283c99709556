"""Allocations: slots of the shared pool that are kept for a definition, a project or the callers of a service.

An allocation **holds** slots of the shared pool as an instance does, and lends them to the instances it suits, which
take them from a pool of its own. So instances and allocations together never hold more slots than there are.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from orchestrator.domain.admission import Pool, reserved_pool
from orchestrator.domain.errors import Conflict, NotFound
from orchestrator.domain.events import EventType, Happening

RESOURCE: Final = "allocation"
#: with more, admission would have to look at too many pools
MOST_ALLOCATIONS: Final = 50


class Beneficiary(StrEnum):
    """For what slots are kept, the most specific first: its slots are taken first."""

    DEFINITION = "workflow_definition"
    SERVICE = "service"
    PROJECT = "project"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """So many slots for one beneficiary until `expires_at` (None: until it is released, at `released_at`)."""

    id: str
    resource_type: Beneficiary
    resource_id: str
    reserved_workflows: int
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    reason: str | None = None
    released_at: datetime | None = None

    @property
    def pool(self) -> Pool:
        """Where its slots are taken, as many as it holds of those reserved."""
        return reserved_pool(self.id, self.reserved_workflows)

    def is_active(self, at: datetime) -> bool:
        """Tell whether its slots are still kept."""
        return self.released_at is None and (self.expires_at is None or at < self.expires_at)

    def suits(self, *, definition_id: str, project_id: str | None, services: Collection[str]) -> bool:
        """Tell whether instances of a definition, in a project, whose model names services, may take its slots."""
        match self.resource_type:
            case Beneficiary.DEFINITION:
                return self.resource_id == definition_id
            case Beneficiary.PROJECT:
                return self.resource_id == project_id
            case Beneficiary.SERVICE:
                return self.resource_id in services


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocations:
    """All of them, in one record: those that were released stay until their last slot is given back."""

    version: int = 0
    entries: tuple[Allocation, ...] = ()

    def active(self, at: datetime) -> tuple[Allocation, ...]:
        """Those whose slots are kept, the most specific first."""
        order = list(Beneficiary)
        kept = (each for each in self.entries if each.is_active(at))
        return tuple(sorted(kept, key=lambda each: (order.index(each.resource_type), each.id)))

    def get(self, allocation_id: str, at: datetime) -> Allocation:
        """One that is active. Raises NotFound."""
        found = next((each for each in self.active(at) if each.id == allocation_id), None)
        if found is None:
            raise NotFound(RESOURCE, allocation_id)
        return found

    def set(self, new: Allocation, *, slots: int) -> "Allocations":
        """With a new one, in place of what was kept for the same beneficiary.

        Raises:
            Conflict: together they would keep more than the `slots` there are, or there are too many.
        """
        rest = tuple(self._released(each, new) for each in self.entries)
        kept = replace(self, entries=rest).active(new.created_at)
        reserved = sum(each.reserved_workflows for each in kept)
        if reserved + new.reserved_workflows > slots:
            raise Conflict(
                "The slots that are not reserved do not suffice",
                max_concurrent_workflows=slots,
                reserved_workflows=reserved,
            )
        if len(kept) >= MOST_ALLOCATIONS:
            raise Conflict(f"There are {MOST_ALLOCATIONS} allocations already, which is the limit")
        return Allocations(version=self.version + 1, entries=(*rest, new))

    def release(self, allocation_id: str, *, at: datetime) -> "Allocations":
        """With one released. Raises NotFound."""
        gone = self.get(allocation_id, at)
        entries = (replace(each, released_at=at) if each is gone else each for each in self.entries)
        return Allocations(version=self.version + 1, entries=tuple(entries))

    def without(self, ids: Iterable[str]) -> "Allocations":
        """Without those that hold nothing any more."""
        gone = set(ids)
        return Allocations(
            version=self.version + 1, entries=tuple(each for each in self.entries if each.id not in gone)
        )

    @staticmethod
    def _released(one: Allocation, new: Allocation) -> Allocation:
        is_replaced = (one.resource_type, one.resource_id) == (new.resource_type, new.resource_id)
        return replace(one, released_at=new.created_at) if is_replaced and one.released_at is None else one


def happened(kind: EventType, allocation: Allocation, *, actor: str, at: datetime) -> Happening:
    """An event about an allocation."""
    data: dict[str, Any] = {
        "allocation_id": allocation.id,
        "resource_type": allocation.resource_type.value,
        "resource_id": allocation.resource_id,
        "reserved_workflows": allocation.reserved_workflows,
    }
    return Happening(type=kind, at=at, data=data, actor=actor)
