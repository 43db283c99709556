"""Who may take which slots: those that are reserved for it, then those that all share."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.admission import Pool
from orchestrator.domain.definition import Version
from orchestrator.domain.errors import NotFound
from orchestrator.domain.ids import DefinitionId
from orchestrator.domain.resources.allocation import Allocation, Allocations, Beneficiary
from orchestrator.ports.admission import AllocationStore
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.environment import Clock
from orchestrator.services.definitions.validation import services_of

#: what was read of allocations is used for so long: who does not know of a reservation yet takes a shared slot
MAX_AGE: Final = timedelta(seconds=10)


@dataclass(slots=True, kw_only=True)
class ReservingPlan:
    """`SlotPlan` with a pool per allocation before the one that all share."""

    shared: Pool
    allocations: AllocationStore
    definitions: DefinitionStore
    clock: Clock
    max_age: timedelta = MAX_AGE
    _read: Allocations = field(default_factory=Allocations, init=False)
    _read_at: datetime | None = field(default=None, init=False)

    def pools(self, *, definition_id: DefinitionId, version: Version, project_id: str | None) -> tuple[Pool, ...]:
        """The pools of which an instance may take a slot; one read where the last is too old."""
        active = self._active()
        asks_services = any(each.resource_type is Beneficiary.SERVICE for each in active)
        services = self._services(definition_id, version) if asks_services else frozenset[str]()
        suitable = (
            each for each in active if each.suits(definition_id=definition_id, project_id=project_id, services=services)
        )
        return (*(each.pool for each in suitable), self.shared)

    def all(self) -> tuple[Pool, ...]:
        """Every pool that is open, the shared one last."""
        return (*(each.pool for each in self._active()), self.shared)

    def _active(self) -> tuple[Allocation, ...]:
        now = self.clock.now()
        if self._read_at is None or now - self._read_at >= self.max_age:
            self._read, self._read_at = self.allocations.load(), now
        return self._read.active(now)

    def _services(self, definition_id: DefinitionId, version: Version) -> frozenset[str]:
        try:
            return services_of(self.definitions.load_catalogue(definition_id, version))
        except NotFound:  # the definition was deleted beside
            return frozenset()
