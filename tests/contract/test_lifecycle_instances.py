"""Pause, resume, cancel and terminate on the record: what each does, and who wins each race."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from orchestrator.adapters.system import SystemPause
from orchestrator.domain.assignment import AgentType, Assignee
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, NotFound, Unavailable
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.task import TaskStatus
from orchestrator.domain.task_failure import Report
from orchestrator.ports.engine import ExecutionStatus
from orchestrator.services.instances.instances import StartOptions
from orchestrator.services.tasks.task_failures import TaskFailure
from orchestrator.services.tasks.tasks import Completion
from tests.builders import ADA, Runtime

S = InstanceStatus
BOB = Assignee(agent_type=AgentType.HUMAN, agent_id="bob")
ASSIGNED = StartOptions(initial_assignments={"second": BOB})


def types(runtime: Runtime, instance: str) -> list[str]:
    return [event["type"] for event in runtime.events(instance)]


def test_a_paused_instance_hands_out_nothing_new_and_lets_work_in_hand_be_done(runtime: Runtime) -> None:
    instance = runtime.started(options=ASSIGNED)
    first = runtime.arrive(instance, "first", token="t1")
    runtime.control.hold(ADA, instance, "audit")
    assert runtime.status(instance).status is S.PAUSED
    runtime.complete(first)
    assert runtime.engine.answers_of("t1")[0][0] == "succeed"
    second = runtime.arrive(instance, "second", token="t2")
    task = runtime.tasks.get(ADA, second).task
    assert (task.status, task.held) == (TaskStatus.PENDING, True)
    for attempt in (
        lambda: runtime.tasks.start(ADA, second),
        lambda: runtime.complete(second),
        lambda: runtime.failures.fail(ADA, second, TaskFailure(report=Report(code="E", message="m"))),
    ):
        with pytest.raises(Conflict, match="paused"):
            attempt()
    steered = runtime.control.resume(ADA, instance, None)
    assert (steered.after.status, steered.tasks) == (S.RUNNING, 1)
    task = runtime.tasks.get(ADA, second).task
    assert (task.status, task.held, task.assignment.assigned_to) == (TaskStatus.ASSIGNED, False, BOB)
    runtime.complete(second)
    assert types(runtime, instance)[-3:] == ["workflow_resumed", "task_assigned", "task_completed"]


def test_resuming_releases_many_tasks_in_order(runtime: Runtime) -> None:
    instance = runtime.started(options=ASSIGNED)
    runtime.control.hold(ADA, instance, None)
    tasks = []
    for number in range(25):
        runtime.clock.forward(seconds=1)
        tasks.append(runtime.arrive(instance, "second", occurrence=number, token=f"t{number}"))
    assert runtime.control.resume(ADA, instance, None).tasks == 25
    assigned = [event["task_id"] for event in runtime.events(instance) if event["type"] == "task_assigned"]
    assert assigned == tasks
    assert types(runtime, instance).count("workflow_resumed") == 1


def test_pausing_and_resuming_need_the_right_state(runtime: Runtime) -> None:
    created = runtime.created()
    for steer in (runtime.control.hold, runtime.control.resume):
        with pytest.raises(Conflict) as refused:
            steer(ADA, created, None)
        assert refused.value.current_status == "created"
    running = runtime.started()
    with pytest.raises(Conflict):
        runtime.control.resume(ADA, running, None)
    runtime.control.hold(ADA, running, None)
    with pytest.raises(Conflict, match="already paused"):
        runtime.control.hold(ADA, running, None)


def test_a_retry_leads_back_to_the_pause(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first")
    runtime.control.hold(ADA, instance, None)
    runtime.failures.cancel(ADA, task, "x")
    assert runtime.status(instance).status is S.FAILED
    assert runtime.failures.retry(ADA, task, variables={}, reason=None).instance.status is S.PAUSED
    assert runtime.control.resume(ADA, instance, None).after.status is S.RUNNING


@pytest.mark.parametrize(("steer", "end"), [("cancel", S.CANCELLED), ("terminate", S.TERMINATED)])
def test_an_end_withdraws_every_task_and_stops_the_machine(runtime: Runtime, steer: str, end: InstanceStatus) -> None:
    instance = runtime.started()
    tasks = [runtime.arrive(instance, "first", occurrence=n, token=f"t{n}") for n in range(25)]
    steered = getattr(runtime.control, steer)(ADA, instance, "obsolete")
    assert (steered.before.status, steered.after.status, steered.tasks) == (S.RUNNING, end, 25)
    assert runtime.engine.executions[instance] is ExecutionStatus.ABORTED
    assert {runtime.tasks.get(ADA, task).task.status for task in tasks} == {TaskStatus.CANCELLED}
    ended = runtime.status(instance)
    assert (ended.status, ended.completed_at, ended.is_active) == (end, runtime.clock.now(), False)
    assert types(runtime, instance).count("task_cancelled") == 25
    assert types(runtime, instance).count(f"workflow_{end}") == 1
    assert runtime.arrive(instance, "second", token="late") == ""
    assert runtime.engine.answers_of("late")[0][0] == "task.withdrawn"
    runtime.dispatcher.complete(runtime.call(instance), {})
    assert runtime.status(instance).status is end
    for again in (runtime.control.cancel, runtime.control.terminate, runtime.control.hold):
        with pytest.raises(Conflict) as refused:
            again(ADA, instance, None)
        assert refused.value.current_status == end


def test_what_was_never_started_is_cancelled_without_a_machine(runtime: Runtime) -> None:
    instance = runtime.created()
    assert runtime.control.cancel(ADA, instance, None).after.status is S.CANCELLED
    assert instance not in runtime.engine.executions


def test_paused_and_failed_instances_can_be_cancelled(runtime: Runtime) -> None:
    for spoil in (
        lambda instance, _: runtime.control.hold(ADA, instance, None),
        lambda _, task: runtime.failures.cancel(ADA, task, "x"),
    ):
        instance = runtime.started()
        task = runtime.arrive(instance, "first")
        spoil(instance, task)
        assert runtime.control.cancel(ADA, instance, None).after.status is S.CANCELLED
        assert runtime.tasks.get(ADA, task).task.status is TaskStatus.CANCELLED
        with pytest.raises(Conflict):
            runtime.failures.retry(ADA, task, variables={}, reason=None)


def test_an_instance_that_failed_for_good_has_ended(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.dispatcher.fail(runtime.call(instance), element_id="end", code="E1", message="no stock")
    with pytest.raises(Conflict) as refused:
        runtime.control.cancel(ADA, instance, None)
    assert refused.value.current_status == "failed"


def test_a_cancellation_that_was_cut_off_is_finished_by_the_next(runtime: Runtime) -> None:
    instance = runtime.started()
    tasks = [runtime.arrive(instance, "first", occurrence=n, token=f"t{n}") for n in range(30)]
    store = runtime.instance_store

    class Dying:
        commits = 0

        def __getattr__(self, name):
            return getattr(store, name)

        def commit(self, transition):
            self.commits += 1
            if self.commits == 3:
                raise Unavailable("the process died")
            store.commit(transition)

    with pytest.raises(Unavailable):
        replace(runtime.control, instances=Dying()).cancel(ADA, instance, None)
    with pytest.raises(Conflict):
        runtime.complete(tasks[-1])
    assert runtime.control.cancel(ADA, instance, None).tasks == 10
    assert {runtime.tasks.get(ADA, task).task.status for task in tasks} == {TaskStatus.CANCELLED}
    assert runtime.engine.executions[instance] is ExecutionStatus.ABORTED
    assert types(runtime, instance).count("workflow_cancelled") == 1


def test_completion_against_cancel_has_exactly_one_winner(runtime: Runtime) -> None:
    control, tasks = replace(runtime.control, pause=SystemPause()), replace(runtime.tasks, pause=SystemPause())
    definition = runtime.published()
    for _ in range(5):
        instance = runtime.started(definition)
        task = runtime.arrive(instance, "first")
        with ThreadPoolExecutor(2) as pool:
            completion = pool.submit(tasks.complete, ADA, task, Completion())
            cancellation = pool.submit(control.cancel, ADA, instance, None)
        lost = completion.exception()
        assert cancellation.exception() is None  # an instance may be cancelled before and after its task is done
        stands = runtime.tasks.get(ADA, task).task.status
        assert stands is (TaskStatus.CANCELLED if lost else TaskStatus.COMPLETED)
        assert lost is None or isinstance(lost, Conflict)
        told = types(runtime, instance)
        assert told.count("task_completed") + told.count("task_cancelled") == 1


def test_two_ends_have_exactly_one_winner(runtime: Runtime) -> None:
    control = replace(runtime.control, pause=SystemPause())
    instance = runtime.started()
    with ThreadPoolExecutor(2) as pool:
        ends = [pool.submit(steer, ADA, instance, None) for steer in (control.cancel, control.terminate)]
    lost = [end.exception() for end in ends if end.exception() is not None]
    assert [type(error) for error in lost] == [Conflict]
    assert lost[0].current_status == runtime.status(instance).status


def test_others_steer_nothing(runtime: Runtime) -> None:
    eve = Caller(subject="eve", project_ids=frozenset({"p2"}))
    instance = runtime.started(context={"project_id": "p1"})
    for steer in (runtime.control.hold, runtime.control.resume, runtime.control.cancel, runtime.control.terminate):
        with pytest.raises(NotFound):
            steer(eve, instance, None)
