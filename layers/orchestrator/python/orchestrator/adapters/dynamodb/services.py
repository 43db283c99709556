"""Registered services in the table: few, in one partition; beside each the slots of its calls and its health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orchestrator.adapters.dynamodb import keys, outbox
from orchestrator.adapters.dynamodb.codec import decode, encode, instant
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.registry import unmoved
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.workloads import workloads
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, Write, delete, put
from orchestrator.domain.errors import NotFound
from orchestrator.domain.resources.agent import Workload
from orchestrator.domain.resources.service import RESOURCE, RegisteredService
from orchestrator.domain.webhooks.health import Health
from orchestrator.ports.resources import ServiceLoad, ServiceTransition, ServiceUnit, Slot

_HEALTH = "HEALTH"
_SLOT = "SLOT#"


@dataclass(frozen=True, slots=True)
class DynamoDBServices:
    """`ports.resources.ServiceStore` and `ports.resources.CallBook`."""

    table: Table
    retention_days: int

    def load(self, name: str) -> RegisteredService:
        """One GetItem."""
        item = self.table.get(keys.SERVICES, name)
        if item is None:
            raise NotFound(RESOURCE, name)
        return decode(RegisteredService, item)

    def all(self) -> tuple[RegisteredService, ...]:
        """One Query per MB of services."""
        return tuple(decode(RegisteredService, item) for item in self.table.all(keys.SERVICES))

    def loads(self, names: Sequence[str]) -> dict[str, ServiceLoad]:
        """One BatchGetItem for 25 services, and a Query of a few rows for each."""
        counted = workloads(self.table, names)
        return {name: self._load_of(name, counted[name]) for name in names}

    def _load_of(self, name: str, workload: Workload) -> ServiceLoad:
        unit = self._calls(name)
        return ServiceLoad(workload=workload, slots=unit.slots, health=unit.health)

    def commit(self, transition: ServiceTransition) -> None:
        """One transaction: service, event, counters."""
        service = transition.after or transition.before
        if service is None:
            raise ValueError("a transition of nothing")
        tally = Tally(aggregate=service.name)
        partition = keys.registered(keys.SERVICES, service.name, service.registration)
        written = outbox.writes(partition, (transition.event,), retention_days=self.retention_days, tally=tally)
        self.table.transact([_change(transition), *written, *tally.writes()])

    def calls(self, name: str) -> ServiceUnit:
        """One Query."""
        return self._calls(name)

    def take(self, name: str, slot: Slot, *, now: datetime) -> bool:
        """One conditional write."""
        free = Condition(text=f"{ABSENT} OR #u <= :now", names={"u": "until"}, values={"now": instant(now)})
        return self._try(put({**_slot_key(name, slot.number), **encode(slot)}, free))

    def release(self, name: str, slot: Slot) -> None:
        """One conditional DeleteItem."""
        mine = Condition(text="holder = :me", values={"me": slot.holder})
        key = _slot_key(name, slot.number)
        self._try(delete(key["pk"], key["sk"], mine))

    def save_health(self, name: str, health: Health) -> bool:
        """One conditional write."""
        first = " OR attribute_not_exists(#v)" if health.version == 1 else ""
        same = Condition(text=f"#v = :v{first}", names={"v": "version"}, values={"v": health.version - 1})
        return self._try(put({"pk": keys.calls(name), "sk": _HEALTH, **encode(health)}, same))

    def _calls(self, name: str) -> ServiceUnit:
        found = list(self.table.all(keys.calls(name)))
        health = next((decode(Health, item) for item in found if item["sk"] == _HEALTH), Health())
        slots = tuple(decode(Slot, item) for item in found if item["sk"].startswith(_SLOT))
        return ServiceUnit(slots=slots, health=health)

    def _try(self, write: Write) -> bool:
        try:
            self.table.transact([write])
        except TransactionRefused:
            return False
        return True


def _change(transition: ServiceTransition) -> Write:
    before, after = transition.before, transition.after
    condition = unmoved(before.sequence if before else None, before.registration if before else None)
    if after is not None:
        return put({"pk": keys.SERVICES, "sk": after.name, **encode(after)}, condition)
    return delete(keys.SERVICES, before.name if before else "", condition)


def _slot_key(name: str, number: int) -> Plain:
    return {"pk": keys.calls(name), "sk": f"{_SLOT}{number:05}"}
