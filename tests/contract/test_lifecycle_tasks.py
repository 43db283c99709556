"""Failures, BPMN errors, retries and cancellations of tasks on the record."""

from datetime import timedelta

import pytest

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, NotFound
from orchestrator.domain.instance import Configuration, InstanceStatus
from orchestrator.domain.retry import BackoffStrategy, RetryPolicy
from orchestrator.domain.task import TaskStatus
from orchestrator.domain.task_failure import Report
from orchestrator.services.machines.dispatch import Arrival
from orchestrator.services.tasks.task_failures import ErrorType, TaskFailure
from tests.builders import ADA, Runtime

BROKEN = TaskFailure(report=Report(code="DOWN", message="no answer", details={"host": "h"}))


def started(runtime: Runtime, retries: int = 2, strategy: BackoffStrategy = BackoffStrategy.LINEAR) -> str:
    policy = RetryPolicy(max_retries=retries, backoff_strategy=strategy)
    return runtime.started(configuration=Configuration(retry_policy=policy))


def task_of(runtime: Runtime, task: str):
    return runtime.tasks.get(ADA, task).task


def failed(runtime: Runtime, task: str, **more):
    return runtime.failures.fail(ADA, task, TaskFailure(report=Report(code="E1", message="no stock"), **more))


def test_attempts_are_used_up_with_growing_pauses(runtime: Runtime) -> None:
    instance = started(runtime, retries=2)
    task = runtime.arrive(instance, "first", token="t1")
    for attempt in (1, 2):
        runtime.tasks.start(ADA, task)
        unit = runtime.failures.fail(ADA, task, BROKEN)
        assert (unit.task.status, unit.task.attempt) == (TaskStatus.ASSIGNED, attempt + 1)
        assert unit.task.next_retry_at == runtime.clock.now() + timedelta(seconds=attempt)
        assert unit.instance.status is InstanceStatus.RUNNING
    runtime.tasks.start(ADA, task)
    unit = runtime.failures.fail(ADA, task, BROKEN)
    assert (unit.task.status, unit.task.attempt, unit.task.next_retry_at) == (TaskStatus.FAILED, 3, None)
    assert unit.instance.status is InstanceStatus.FAILED
    assert (unit.instance.failure.failed_task_id, unit.instance.failure.retry_possible) == (task, True)
    assert unit.instance.failure.error_code == "DOWN"
    assert runtime.engine.answers == []
    progress = runtime.status(instance).progress
    assert (progress.failed, progress.running, progress.created) == (1, 0, 1)
    types = [event["type"] for event in runtime.events(instance)]
    assert (types.count("task_failed"), types.count("task_retried"), types.count("workflow_failed")) == (3, 2, 1)


def test_a_task_that_nobody_took_may_fail_too(runtime: Runtime) -> None:
    task = runtime.arrive(started(runtime), "first")
    assert runtime.failures.fail(ADA, task, BROKEN).task.status is TaskStatus.PENDING


def test_what_is_not_retryable_fails_at_once(runtime: Runtime) -> None:
    task = runtime.arrive(started(runtime), "first")
    assert failed(runtime, task, retryable=False).task.status is TaskStatus.FAILED
    with pytest.raises(Conflict) as refused:
        failed(runtime, task)
    assert refused.value.current_status == "failed"
    with pytest.raises(Conflict):
        runtime.complete(task)


def test_a_retry_revives_task_and_instance_with_changed_input(runtime: Runtime) -> None:
    instance = started(runtime, retries=0)
    task = runtime.arrive(instance, "first", token="t1", variables={"a": 1, "b": 2})
    runtime.failures.fail(ADA, task, BROKEN)
    unit = runtime.failures.retry(ADA, task, variables={"b": 3}, reason="fixed")
    assert (unit.task.status, unit.task.attempt, unit.instance.status) == (
        TaskStatus.PENDING,
        1,
        InstanceStatus.RUNNING,
    )
    assert unit.instance.failure is None
    assert runtime.tasks.get(ADA, task).input_data == {"a": 1, "b": 3}
    runtime.complete(task, x=1)
    assert runtime.engine.answers_of("t1")[0][0] == "succeed"
    assert (runtime.status(instance).progress.failed, runtime.status(instance).progress.completed) == (0, 1)
    with pytest.raises(Conflict):
        runtime.failures.retry(ADA, task, variables={}, reason=None)


def test_an_instance_is_failed_as_long_as_one_of_its_tasks_is(runtime: Runtime) -> None:
    instance = started(runtime, retries=0)
    first, second = (runtime.arrive(instance, element) for element in ("first", "second"))
    for task in (first, second):
        runtime.failures.fail(ADA, task, BROKEN)
    unit = runtime.failures.retry(ADA, first, variables={}, reason=None)
    assert (unit.instance.status, unit.instance.failure.failed_task_id) == (InstanceStatus.FAILED, second)
    assert runtime.failures.retry(ADA, second, variables={}, reason=None).instance.status is InstanceStatus.RUNNING


def test_an_incident_of_the_machine_is_answered_with_the_changed_variables(runtime: Runtime) -> None:
    instance = runtime.started()
    arrival = Arrival(element_id="gate", occurrence=0, token="t1", input_data={"a": 1})
    runtime.dispatcher.incident(runtime.call(instance), arrival, code="NO_MATCHING_FLOW", message="none holds")
    task = runtime.status(instance).failure.failed_task_id
    unit = runtime.failures.retry(ADA, task, variables={"a": 2}, reason=None)
    assert unit.instance.status is InstanceStatus.RUNNING
    how, what = runtime.engine.answers_of("t1")[0]
    assert (how, what["result"]) == ("succeed", {"a": 2})
    arrival = Arrival(element_id="gate", occurrence=0, token="t2", input_data={"a": 1})
    runtime.dispatcher.incident(runtime.call(instance, run=2), arrival, code="NO_MATCHING_FLOW", message="none holds")
    assert runtime.engine.answers_of("t2") == runtime.engine.answers_of("t1")


def test_a_bpmn_error_goes_to_its_handler_and_does_so_again_in_a_second_run(runtime: Runtime, catching: str) -> None:
    instance = runtime.started(catching)
    task = runtime.arrive(instance, "first", token="t1")
    unit = failed(runtime, task, error_type=ErrorType.BPMN_ERROR, variables={"left": 0})
    assert (unit.task.status, unit.task.caught_by) == (TaskStatus.CANCELLED, "specific")
    assert unit.instance.status is InstanceStatus.RUNNING
    how, cause = runtime.engine.answers_of("t1")[0]
    assert (how, cause["variables"]) == ("catch.specific", {"left": 0, "failed_with": "E1"})
    runtime.arrive(instance, "first", token="t2", run=2)
    assert runtime.engine.answers_of("t2") == runtime.engine.answers_of("t1")


def test_other_codes_go_to_the_catch_all_and_uncaught_ones_fail(runtime: Runtime, catching: str) -> None:
    instance = runtime.started(catching)
    other = TaskFailure(report=Report(code="E2", message="?"), error_type=ErrorType.BPMN_ERROR)
    assert runtime.failures.fail(ADA, runtime.arrive(instance, "first"), other).task.caught_by == "any"
    unit = runtime.failures.fail(ADA, runtime.arrive(instance, "second"), other)
    assert (unit.task.status, unit.instance.status) == (TaskStatus.FAILED, InstanceStatus.FAILED)


def test_a_technical_failure_is_never_caught(runtime: Runtime, catching: str) -> None:
    task = runtime.arrive(runtime.started(catching), "first")
    assert failed(runtime, task).task.caught_by is None


def test_a_cancelled_task_fails_its_instance_until_it_is_retried(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first", token="t1")
    unit = runtime.failures.cancel(ADA, task, "not needed")
    assert (unit.task.status, unit.task.incident.code) == (TaskStatus.FAILED, "TASK_CANCELLED")
    assert (unit.instance.status, unit.instance.failure.reason) == (InstanceStatus.FAILED, "not needed")
    assert [event["type"] for event in runtime.events(instance)][-2:] == ["task_cancelled", "workflow_failed"]
    assert runtime.engine.answers == []
    assert runtime.failures.retry(ADA, task, variables={}, reason=None).instance.status is InstanceStatus.RUNNING


def test_others_cannot_see_what_they_fail(runtime: Runtime) -> None:
    eve = Caller(subject="eve", project_ids=frozenset({"p2"}))
    task = runtime.arrive(runtime.started(context={"project_id": "p1"}), "first")
    for attempt in (
        lambda: runtime.failures.fail(eve, task, BROKEN),
        lambda: runtime.failures.retry(eve, task, variables={}, reason=None),
        lambda: runtime.failures.cancel(eve, task, "x"),
        lambda: runtime.failures.get(eve, task),
    ):
        with pytest.raises(NotFound):
            attempt()


@pytest.fixture
def catching(runtime: Runtime) -> str:
    """A definition whose `first` catches E1 by one handler and everything else by another."""
    from dataclasses import replace

    from orchestrator.compiler.catalogue import ErrorHandler

    compile_plain = runtime.compiler

    def compiler(content: str, process_id: str | None):
        made = compile_plain(content, process_id)
        elements = dict(made.catalogue.elements)
        handlers = (ErrorHandler("specific", "E1", "failed_with"), ErrorHandler("any"))
        elements["first"] = replace(elements["first"], error_handlers=handlers)
        made.catalogue = replace(made.catalogue, elements=elements)
        return made

    object.__setattr__(runtime.definitions, "compiler", compiler)
    return runtime.published()
