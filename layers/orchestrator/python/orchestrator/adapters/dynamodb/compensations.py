"""Completed activities that can be compensated, and what compensations were decided: items of the instance."""

from dataclasses import dataclass

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, Write, put
from orchestrator.domain.compensation import Compensation, Completion
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import Instance
from orchestrator.domain.task import TaskStatus
from orchestrator.ports.activities import CompensationRecord
from orchestrator.ports.transitions import InstanceTransition, TaskTransition


@dataclass(frozen=True, slots=True)
class DynamoDBCompensations:
    """`ports.activities.CompensationStore`."""

    table: Table

    def load(self, instance_id: InstanceId) -> CompensationRecord:
        """One Query."""
        stored = list(
            self.table.all(keys.instance(instance_id), low=keys.COMPENSATION, high=keys.COMPENSATION + keys.LAST)
        )
        return CompensationRecord(
            completions=tuple(
                decode(Completion, item) for item in stored if item["sk"].startswith(keys.COMPENSATION_COMPLETED)
            ),
            compensations=tuple(
                decode(Compensation, item) for item in stored if item["sk"].startswith(keys.COMPENSATION_DECIDED)
            ),
        )

    def is_settled(self, instance_id: InstanceId, key: str) -> bool:
        """One GetItem."""
        return self.table.get(keys.instance(instance_id), keys.COMPENSATION_COMPLETED + key) is not None


def writes(transition: InstanceTransition) -> list[Write]:
    """What a transition says of compensation; completions are numbered with the instance's sequence then."""
    after = transition.after
    completions = [_completion_of(change) for change in transition.tasks]
    rows = [_completion(after, one) for one in (*completions, transition.completion) if one is not None]
    if transition.compensation is not None:
        key = keys.COMPENSATION_DECIDED + transition.compensation.key
        row = {"pk": keys.instance(after.id), "sk": key, **encode(transition.compensation)}
        rows.append(put(row, Condition(text=ABSENT)))
    return rows


def _completion_of(change: TaskTransition) -> Completion | None:
    """The completion of an entry that can be compensated, if this change completes it."""
    task, before = change.after, change.before
    completes = task.status is TaskStatus.COMPLETED and (before is None or before.status is not TaskStatus.COMPLETED)
    if task.snapshot is None or not completes:
        return None
    return Completion(
        key=task.id,
        thread=task.entry.thread,
        scope=task.entry.scope,
        element_id=task.element_id,
        at=task.updated_at,
        snapshot=task.snapshot,
    )


def _completion(after: Instance, one: Completion) -> Write:
    key = keys.COMPENSATION_COMPLETED + one.key
    return put({"pk": keys.instance(after.id), "sk": key, **encode(one), "sequence": after.sequence})
