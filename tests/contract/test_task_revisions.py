"""The count of a task's writes: its version for callers, and what guards writes that move no event number."""

from dataclasses import replace

import pytest

from orchestrator.adapters.dynamodb import keys
from orchestrator.domain.expectation import Expectation, PreconditionFailed
from orchestrator.domain.ids import InstanceId, TaskId
from orchestrator.domain.task import Task
from orchestrator.ports.conflicts import StaleRecord
from orchestrator.ports.tasks import TaskUnit
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.tasks.tasks import Completion
from orchestrator.services.unit_of_work import instance_transition
from tests.builders import ADA, Runtime


def unit_of(runtime: Runtime, instance: InstanceId, task: str) -> tuple[TaskUnit, Task]:
    unit = runtime.task_store.load_unit(instance, TaskId(task))
    assert unit.task is not None
    return unit, unit.task


def noted(runtime: Runtime, unit: TaskUnit, task: Task, note: str) -> None:
    """A write of the task without an event."""
    change = TaskTransition(before=task, after=replace(task, completion_notes=note), token=unit.token)
    runtime.instance_store.commit(
        instance_transition(unit.instance, unit.instance, (), ids=runtime.ids, tasks=(change,))
    )


def test_each_write_counts_whatever_the_clock_says(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first")
    seen = [runtime.tasks.get(ADA, task).task]
    runtime.tasks.start(ADA, task)
    seen.append(runtime.tasks.get(ADA, task).task)
    runtime.tasks.complete(ADA, task, Completion())
    seen.append(runtime.tasks.get(ADA, task).task)
    assert [each.revision for each in seen] == [1, 2, 3]
    assert len({each.updated_at for each in seen}) == 1


def test_who_has_seen_an_older_write_of_the_same_moment_is_refused(runtime: Runtime) -> None:
    task = runtime.arrive(runtime.started(), "first")
    runtime.tasks.start(ADA, task)
    late = replace(ADA, expected=Expectation(resource_id=task, versions=frozenset({"1"})))
    with pytest.raises(PreconditionFailed) as refused:
        runtime.tasks.complete(late, task, Completion())
    assert refused.value.current_version == "2"


def test_of_two_writes_on_the_same_reading_one_is_refused_even_without_events(runtime: Runtime) -> None:
    instance = runtime.started()
    unit, task = unit_of(runtime, instance, runtime.arrive(instance, "first"))
    noted(runtime, unit, task, "one")
    with pytest.raises(StaleRecord):
        noted(runtime, unit, task, "two")
    assert unit_of(runtime, instance, task.id)[1].completion_notes == "one"


def test_a_task_that_was_written_before_there_was_the_count_begins_it(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first")
    runtime.table.client.update_item(
        TableName=runtime.table.name,
        Key={"pk": {"S": keys.instance(instance)}, "sk": {"S": keys.task(TaskId(task))}},
        UpdateExpression="REMOVE revision",
    )
    unit, old = unit_of(runtime, instance, task)
    assert old.revision == 0
    noted(runtime, unit, old, "one")
    with pytest.raises(StaleRecord):
        noted(runtime, unit, old, "two")
    assert unit_of(runtime, instance, task)[1].revision == 1
