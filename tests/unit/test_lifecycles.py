"""Lifecycles: what the tables allow is all that happens, and progress always adds up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain import instance_lifecycle, task_lifecycle
from orchestrator.domain.definition import Version
from orchestrator.domain.errors import Conflict
from orchestrator.domain.ids import DefinitionId, InstanceId, TaskId
from orchestrator.domain.instance import LIFECYCLE, Failure, Instance, InstanceStatus, Progress
from orchestrator.domain.retry import BackoffStrategy, RetryPolicy
from orchestrator.domain.task import Entry, Incident, Task, TaskStatus, task_type
from tests.fakes.clock import BEGIN


def instance(status: InstanceStatus = InstanceStatus.RUNNING) -> Instance:
    return Instance(
        id=InstanceId("wf-inst-1"), definition_id=DefinitionId("wf-def-1"), definition_version=Version(1, 0, 0),
        state_machine_arn="arn", name="n", status=status, created_at=BEGIN, updated_at=BEGIN, created_by="ada",
        context={}, correlation_id="c", started_at=BEGIN, progress=Progress(planned=4),
    )  # fmt: skip


def task(status: TaskStatus = TaskStatus.PENDING) -> Task:
    return Task(
        id=TaskId("task-1"), instance_id=InstanceId("wf-inst-1"), definition_id=DefinitionId("wf-def-1"),
        entry=Entry(thread="root", scope="", element_id="a", occurrence=0), type=task_type("userTask"),
        element_type="userTask", name="A", status=status, created_at=BEGIN, updated_at=BEGIN,
    )  # fmt: skip


@pytest.mark.parametrize("before", InstanceStatus)
@pytest.mark.parametrize("after", InstanceStatus)
def test_instances_move_as_the_table_says(before: InstanceStatus, after: InstanceStatus) -> None:
    if after in LIFECYCLE[before]:
        assert instance_lifecycle.moved(instance(before), after, at=BEGIN).status is after
        return
    with pytest.raises(Conflict) as refused:
        instance_lifecycle.moved(instance(before), after, at=BEGIN)
    assert refused.value.current_status == before


@pytest.mark.parametrize("status", TaskStatus)
def test_only_open_tasks_are_completed(status: TaskStatus) -> None:
    def complete():
        return task_lifecycle.completed(task(status), actor="ada", at=BEGIN, notes=None, data={})

    if status in {TaskStatus.PENDING, TaskStatus.ASSIGNED, TaskStatus.RUNNING}:
        assert complete()[0].status is TaskStatus.COMPLETED
    else:
        with pytest.raises(Conflict) as refused:
            complete()
        assert refused.value.current_status == status


@pytest.mark.parametrize("status", TaskStatus)
def test_running_and_closed_tasks_are_not_started(status: TaskStatus) -> None:
    if status in {TaskStatus.PENDING, TaskStatus.ASSIGNED}:
        assert task_lifecycle.started(task(status), actor="ada", at=BEGIN)[0].started_at == BEGIN
    else:
        with pytest.raises(Conflict):
            task_lifecycle.started(task(status), actor="ada", at=BEGIN)


steps = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["start", "complete", "interrupt", "raise"])), max_size=25
)


@given(steps)
def test_progress_adds_up_whatever_happens(history) -> None:
    tasks: dict[int, Task] = {}
    progress_of = instance()
    for number, step in history:
        before = tasks.get(number)
        try:
            after = _step(before, step)
        except Conflict:
            continue
        tasks[number] = after
        progress_of = instance_lifecycle.accounted(progress_of, [(before, after)], at=BEGIN)
    progress, statuses = progress_of.progress, [t.status for t in tasks.values()]
    for status in (TaskStatus.RUNNING, TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.CANCELLED):
        assert getattr(progress, status.value) == statuses.count(status)
    assert progress.total == max(4, len(tasks)) - statuses.count(TaskStatus.CANCELLED)
    assert progress.pending + progress.running + progress.completed + progress.failed == progress.total
    assert 0 <= progress.percentage <= 100


def _step(before: Task | None, step: str) -> Task:
    if before is None:
        return task()
    match step:
        case "start":
            return task_lifecycle.started(before, actor="ada", at=BEGIN)[0]
        case "complete":
            return task_lifecycle.completed(before, actor="ada", at=BEGIN, notes=None, data={})[0]
        case "interrupt":
            return task_lifecycle.interrupted(before, handler_id="b", reason="timer", at=BEGIN)[0]
        case _:
            return task_lifecycle.raised(before, Incident(code="C", message="m"), at=BEGIN)[0]


def test_a_completed_instance_has_done_all_that_was_created() -> None:
    untaken = replace(instance(), progress=Progress(planned=9, created=3, completed=2, cancelled=1))
    done, _ = instance_lifecycle.completed(untaken, output={}, at=BEGIN)
    assert (done.progress.total, done.progress.percentage) == (2, 100.0)


def test_a_failed_instance_keeps_its_first_failure() -> None:
    first = Failure(reason="a", error_code="A", retry_possible=True)
    failed, happenings = instance_lifecycle.failed(instance(), first, at=BEGIN)
    again, nothing = instance_lifecycle.failed(failed, replace(first, error_code="B"), at=BEGIN)
    assert (len(happenings), nothing, again.failure) == (1, (), first)


@given(st.sampled_from(BackoffStrategy), st.integers(1, 100))
def test_delays_never_shrink_and_are_bounded(strategy: BackoffStrategy, attempt: int) -> None:
    policy = RetryPolicy(backoff_strategy=strategy)
    assert policy.delay_after(attempt) <= policy.delay_after(attempt + 1)
    assert policy.delay_after(attempt).total_seconds() <= 3600


def test_delays_of_the_first_attempts() -> None:
    def seconds(strategy: BackoffStrategy) -> list[float]:
        return [RetryPolicy(backoff_strategy=strategy).delay_after(n).total_seconds() for n in range(1, 7)]

    assert seconds(BackoffStrategy.FIXED) == [1, 1, 1, 1, 1, 1]
    assert seconds(BackoffStrategy.LINEAR) == [1, 2, 3, 4, 5, 6]
    assert seconds(BackoffStrategy.EXPONENTIAL) == [1, 2, 4, 8, 16, 32]
    assert seconds(BackoffStrategy.FIBONACCI) == [1, 1, 2, 3, 5, 8]


@pytest.mark.parametrize(
    ("element", "kind"),
    [("userTask", "user_task"), ("task", "task"), ("businessRuleTask", "business_rule_task"),
     ("exclusiveGateway", "exclusive_gateway"), ("subProcess", "sub_process"), ("adHocSubProcess", "ad_hoc_sub_process")],
)  # fmt: skip
def test_task_types_are_element_names_in_snake_case(element: str, kind: str) -> None:
    assert task_type(element) == kind
