"""Lost executions are run again, failed ones a few times, answers are given again."""

from dataclasses import replace

import pytest

from orchestrator.domain.ids import execution_name
from orchestrator.domain.instance import InstanceStatus
from orchestrator.ports.engine import ExecutionStatus
from orchestrator.services.machines.execution_watch import MOST_REBUILDS, Ended
from tests.builders import ADA, Runtime

S = ExecutionStatus


def always() -> bool:
    return True


@pytest.mark.parametrize("lost", [S.ABORTED, S.FAILED, S.TIMED_OUT])
def test_a_lost_execution_is_run_again_from_the_record(runtime: Runtime, lost: ExecutionStatus) -> None:
    instance = runtime.started(input_variables={"a": 1})
    task = runtime.arrive(instance, "first", token="t1")
    runtime.watch.ended(instance, Ended(status=lost))
    assert runtime.engine.inputs[f"{instance}.2"] == runtime.engine.inputs[instance]
    assert runtime.arrive(instance, "first", token="t2", run=2) == task
    assert runtime.status(instance).status is InstanceStatus.RUNNING


def test_news_of_an_earlier_run_is_old(runtime: Runtime) -> None:
    instance = runtime.started()
    for _ in range(3):
        runtime.watch.ended(instance, Ended(status=S.ABORTED))
    assert runtime.status(instance).runs == 2


def test_news_of_strangers_and_of_ended_instances_is_ignored(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.dispatcher.complete(runtime.call(instance), {})
    runtime.watch.ended(instance, Ended(status=S.ABORTED))
    runtime.watch.ended("somebody-elses.1", Ended(status=S.FAILED))
    assert runtime.status(instance).status is InstanceStatus.COMPLETED
    assert list(runtime.engine.executions) == [instance]


def test_an_execution_that_keeps_failing_by_itself_fails_its_instance(runtime: Runtime) -> None:
    instance = runtime.started()
    end = Ended(status=S.FAILED, error="States.Runtime", cause="KeyError: no such state")
    for run in range(1, MOST_REBUILDS + 2):
        runtime.watch.ended(execution_name(instance, run=run), end)
    failed = runtime.status(instance)
    assert failed.status is InstanceStatus.FAILED
    assert failed.failure.error_code == "States.Runtime"
    assert execution_name(instance, run=MOST_REBUILDS + 1) in failed.failure.reason
    assert "KeyError" not in failed.failure.reason
    assert not failed.is_active
    assert len(runtime.engine.executions) == MOST_REBUILDS + 1


def test_progress_between_failures_starts_the_count_anew(runtime: Runtime) -> None:
    instance = runtime.started()
    for run in range(1, 3 * MOST_REBUILDS):
        runtime.arrive(instance, "first", token=f"t{run}", occurrence=run, run=run)
        runtime.watch.ended(execution_name(instance, run=run), Ended(status=S.FAILED))
    assert runtime.status(instance).status is InstanceStatus.RUNNING


def test_losses_from_outside_are_never_too_many(runtime: Runtime) -> None:
    instance = runtime.started()
    for run in range(1, 3 * MOST_REBUILDS):
        runtime.watch.ended(execution_name(instance, run=run), Ended(status=S.ABORTED))
    assert runtime.status(instance).status is InstanceStatus.RUNNING
    assert runtime.status(instance).runs == 3 * MOST_REBUILDS


def test_reconciliation_starts_what_a_crash_left_unstarted(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.engine.executions.clear()  # as if the process had died between commit and act
    assert runtime.watch.reconcile(always) == 1
    assert list(runtime.engine.executions) == [instance]


def test_reconciliation_runs_lost_executions_again(runtime: Runtime) -> None:
    lost, fine = runtime.started(), runtime.started()
    runtime.engine.executions[lost] = S.ABORTED
    assert runtime.watch.reconcile(always) == 2
    assert runtime.engine.executions == {lost: S.ABORTED, fine: S.RUNNING, f"{lost}.2": S.RUNNING}


def test_reconciliation_gives_unconfirmed_answers_again_once(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.complete(runtime.arrive(instance, "first", token="t1"), x=1)
    runtime.engine.answers.clear()  # as if the process had died between commit and act
    runtime.watch.reconcile(always)
    assert runtime.engine.answers_of("t1")[0][1]["result"] == {"x": 1}
    runtime.watch.reconcile(always)
    assert len(runtime.engine.answers_of("t1")) == 1


def test_reconciliation_goes_on_where_its_time_was_up(runtime: Runtime) -> None:
    definition = runtime.published()
    instances = [runtime.started(definition) for _ in range(5)]
    for instance in instances:
        runtime.engine.executions[instance] = S.ABORTED
    hurried = replace(runtime.watch, page=2)
    assert [hurried.reconcile(lambda: False) for _ in range(3)] == [2, 2, 1]
    assert all(runtime.status(instance).runs == 2 for instance in instances)


def test_ended_instances_show_in_the_response_of_status(runtime: Runtime) -> None:
    instance = runtime.started()
    end = Ended(status=S.FAILED, error="E", cause="why")
    for run in range(1, MOST_REBUILDS + 2):
        runtime.watch.ended(execution_name(instance, run=run), end)
    failure = runtime.instances.status(ADA, instance).instance.failure
    assert failure is not None
    assert failure.error_code == "EXECUTION_FAILED"
    assert "why" not in failure.reason
