"""Open tasks of performers, from the counters that change with their tasks."""

from collections.abc import Mapping, Sequence

from orchestrator.adapters.dynamodb import counters
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.domain.resources.agent import Workload
from orchestrator.domain.task import WAITING, TaskStatus

_ACTIVE = (f"task.status.{TaskStatus.RUNNING}",)
_QUEUED = tuple(f"task.status.{status}" for status in sorted(WAITING))


def workloads(table: Table, performers: Sequence[str], *, consistent: bool = False) -> Mapping[str, Workload]:
    """One BatchGetItem per hundred shards of counters: 25 performers."""
    dimensions = {counters.of_assignee(performer): performer for performer in performers}
    found = counters.read_all(table, tuple(dimensions), consistent=consistent)
    return {
        performer: Workload(
            active_tasks=counters.total(found[dimension], _ACTIVE),
            queue_length=counters.total(found[dimension], _QUEUED),
        )
        for dimension, performer in dimensions.items()
    }
