"""Allocations: all in one item, so that together they never reserve more than there is."""

from dataclasses import dataclass

from orchestrator.adapters.dynamodb import keys, outbox
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.writes import Condition, Write, delete, put
from orchestrator.domain.resources.allocation import Allocations
from orchestrator.ports.admission import AllocationTransition


@dataclass(frozen=True, slots=True)
class DynamoDBAllocations:
    """`ports.admission.AllocationStore`."""

    table: Table
    retention_days: int

    def load(self) -> Allocations:
        """One GetItem."""
        item = self.table.get(*keys.ALLOCATIONS)
        return Allocations() if item is None else decode(Allocations, item)

    def commit(self, transition: AllocationTransition) -> None:
        """One transaction: the allocations, the event, and the empty pools of those that are gone."""
        before, after = transition.before, transition.after
        partition, sort = keys.ALLOCATIONS
        unmoved = Condition(
            text="attribute_not_exists(#v) OR #v = :v", names={"v": "version"}, values={"v": before.version}
        )
        tally = Tally(aggregate=partition)
        events = () if transition.event is None else (transition.event,)
        written = outbox.writes(partition, events, retention_days=self.retention_days, tally=tally)
        head = put({"pk": partition, "sk": sort, **encode(after)}, unmoved)
        self.table.transact([head, *written, *tally.writes(), *_emptied(before, after)])


def _emptied(before: Allocations, after: Allocations) -> list[Write]:
    kept = {allocation.id for allocation in after.entries}
    pools = [allocation.pool for allocation in before.entries if allocation.id not in kept]
    return [delete(*keys.slot(pool.name, shard)) for pool in pools for shard in range(pool.shards)]
