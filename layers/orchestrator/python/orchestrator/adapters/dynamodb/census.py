"""Counts of what there is now, from the counters that every transaction keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestrator.adapters.dynamodb import counters, keys
from orchestrator.adapters.dynamodb.schema import GSI2
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import WAITING, TaskStatus
from orchestrator.ports.insights import Census


@dataclass(frozen=True, slots=True)
class DynamoDBCensus:
    """`ports.insights.Present`."""

    table: Table

    def census(self) -> Census:
        """One BatchGetItem and two Queries of one item."""
        shards = counters.read(self.table, counters.ALL)
        return Census(
            instances={status: _number(shards, f"instance.status.{status}") for status in InstanceStatus},
            tasks={status: _number(shards, f"task.status.{status}") for status in TaskStatus},
            queued_by_priority={level: _number(shards, f"instance.queued.{level}") for level in Priority},
            waiting_by_priority={level: _number(shards, f"task.waiting.{level}") for level in Priority},
            oldest_waiting_task=self._oldest(),
        )

    def _oldest(self) -> datetime | None:
        positions = (
            position for status in sorted(WAITING) for position in self._first(f"{keys.TASKS}#STATUS#{status}")
        )
        return min((datetime.fromisoformat(position.partition("#")[0]) for position in positions), default=None)

    def _first(self, partition: str) -> list[str]:
        answer = self.table.query(partition, index=GSI2, consistent=False, limit=1)
        return [item[GSI2.sort_key]["S"] for item in answer["Items"]]


def _number(shards: Mapping[str, Mapping[str, Any]], name: str) -> int:
    return max(0, counters.total(shards, [name]))
