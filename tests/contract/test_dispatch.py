"""What machines are answered: repeated calls, second runs, races. The record decides."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from orchestrator.adapters.system import SystemPause
from orchestrator.domain.assignment import AgentType, Assignee
from orchestrator.domain.errors import Conflict
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.task import TaskStatus
from orchestrator.services.instances.instances import StartOptions
from orchestrator.services.machines.dispatch import Arrival
from orchestrator.services.machines.interruption import Target
from tests.builders import ADA, Runtime

WATCHED = (
    'userTask:first\nsubProcess:sub\nboundaryEvent:watcher {"properties": {"attached_to": "sub"}}\nendEvent:inner\n'
)


def interrupt(runtime: Runtime, instance: str, target: Target, *, by: str = "timer", reason: str = "timer"):
    return runtime.interrupter.interrupt(runtime.call(instance), by=by, target=target, reason=reason)


def test_a_repeated_activation_is_the_same_task(runtime: Runtime) -> None:
    instance = runtime.started()
    first = runtime.arrive(instance, "first", trail=("start",))
    events = len(runtime.events(instance))
    assert runtime.arrive(instance, "first", trail=("start",)) == first
    assert len(runtime.events(instance)) == events
    assert runtime.status(instance).progress.created == 1


def test_other_occurrences_scopes_and_threads_are_other_tasks(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.arrive(instance, "first", occurrence=0)
    runtime.arrive(instance, "first", occurrence=1)
    runtime.arrive(instance, "first", scope="/sub#0[1]")
    assert runtime.status(instance).progress.created == 3


def test_a_second_run_is_answered_from_the_record(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first", token="t1")
    runtime.complete(task, x=1)
    assert runtime.arrive(instance, "first", token="t2", run=2) == ""
    assert runtime.engine.answers_of("t2") == runtime.engine.answers_of("t1")


def test_an_open_task_takes_the_token_of_the_newer_run(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first", token="t1")
    runtime.arrive(instance, "first", token="t2", run=2)
    runtime.complete(task, x=1)
    assert runtime.engine.answers_of("t1") == []
    assert len(runtime.engine.answers_of("t2")) == 1


def test_a_token_attached_while_the_task_is_being_completed_is_the_one_that_is_answered(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first", token="t1")
    commit, store = runtime.instance_store.commit, runtime.instance_store

    class Attaching:
        def __getattr__(self, name):
            return getattr(store, name)

        def commit(self, transition):
            if not self.attached:
                self.attached = True
                runtime.arrive(instance, "first", token="t2", run=2)
            commit(transition)

        attached = False

    from dataclasses import replace

    service = replace(runtime.tasks, instances=Attaching())
    from orchestrator.services.tasks.tasks import Completion

    service.complete(ADA, task, Completion(result_data={"x": 1}))
    assert runtime.engine.answers_of("t1") == []
    assert len(runtime.engine.answers_of("t2")) == 1


def test_a_timer_that_comes_first_interrupts(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first", token="t1")
    runtime.clock.forward(minutes=5)
    target = Target(scope="", element_id="first")
    answer = interrupt(runtime, instance, target)
    assert answer == {"interrupted": True, "clock": 1768471500000}
    runtime.clock.forward(minutes=5)
    assert interrupt(runtime, instance, target) == answer
    with pytest.raises(Conflict):
        runtime.complete(task)
    assert runtime.arrive(instance, "first", token="t2", run=2) == ""
    assert runtime.engine.answers_of("t2") == []  # the second run's timer is due: it asks again
    types = [event["type"] for event in runtime.events(instance)]
    assert types[-2:] == ["timer_triggered", "task_cancelled"]
    assert runtime.status(instance).progress.total == 1


def test_a_timer_that_comes_late_learns_the_result(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.complete(runtime.arrive(instance, "first"), x=1)
    answer = interrupt(runtime, instance, Target(scope="", element_id="first"))
    assert answer["interrupted"] is False
    assert answer["result"] == {"x": 1}


def test_a_timer_before_its_activity_was_seen_keeps_the_activity_closed(runtime: Runtime) -> None:
    instance = runtime.started()
    interrupt(runtime, instance, Target(scope="", element_id="first"))
    assert runtime.arrive(instance, "first", token="t1") == ""
    assert interrupt(runtime, instance, Target(scope="", element_id="first"))["interrupted"]


def test_interrupting_a_scope_closes_everything_below_it(runtime: Runtime) -> None:
    instance = runtime.started()
    inside = [runtime.arrive(instance, "first", scope="/sub#0", occurrence=n, token=f"i{n}") for n in range(25)]
    deeper = runtime.arrive(instance, "second", scope="/sub#0/inner#1", token="d")
    beside = runtime.arrive(instance, "second", scope="/sub#01", token="b")
    answer = interrupt(runtime, instance, Target(scope="/sub#0"), by="end", reason="terminate")
    assert runtime.tasks.get(ADA, beside).task.is_open
    for task in (*inside, deeper):
        assert runtime.tasks.get(ADA, task).task.status is TaskStatus.CANCELLED
    runtime.clock.forward(hours=1)
    assert interrupt(runtime, instance, Target(scope="/sub#0"), by="end", reason="terminate") == answer
    assert runtime.status(instance).progress.cancelled == 26


def test_an_incident_fails_the_instance_until_it_is_left(runtime: Runtime) -> None:
    instance = runtime.started()
    arrival = Arrival(element_id="gate", occurrence=0, token="t1", input_data={"a": 1})
    for _ in range(2):
        runtime.dispatcher.incident(runtime.call(instance), arrival, code="NO_MATCHING_FLOW", message="none holds")
    failed = runtime.status(instance)
    assert failed.status is InstanceStatus.FAILED
    assert failed.is_active
    assert failed.failure.retry_possible
    assert failed.failure.element_id == "gate"
    assert failed.progress.failed == 1
    task = runtime.tasks.get(ADA, failed.failure.failed_task_id).task
    assert (task.status, task.type, task.incident.code) == (TaskStatus.FAILED, "exclusive_gateway", "NO_MATCHING_FLOW")
    interrupt(runtime, instance, Target(scope="", element_id="gate"))
    assert runtime.status(instance).status is InstanceStatus.RUNNING


def test_an_uncaught_error_end_fails_the_instance_for_good(runtime: Runtime) -> None:
    instance = runtime.started()
    for _ in range(2):
        runtime.dispatcher.fail(runtime.call(instance), element_id="end", code="E1", message="no stock")
    failed = runtime.status(instance)
    assert (failed.status, failed.failure.error_code, failed.is_active) == (InstanceStatus.FAILED, "E1", False)
    assert [event["type"] for event in runtime.events(instance)][-2:] == ["error_occurred", "workflow_failed"]


def test_a_failing_instance_withdraws_what_is_open(runtime: Runtime) -> None:
    instance = runtime.started()
    tasks = [runtime.arrive(instance, "first", occurrence=n, token=f"t{n}") for n in range(25)]
    runtime.dispatcher.fail(runtime.call(instance), element_id="end", code="E1", message="no stock")
    assert {runtime.tasks.get(ADA, task).task.status for task in tasks} == {TaskStatus.CANCELLED}
    assert runtime.instances.status(ADA, instance).tasks == ()
    with pytest.raises(Conflict):
        runtime.complete(tasks[0])


def test_tokens_of_an_ended_instance_are_turned_away(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.dispatcher.complete(runtime.call(instance), {})
    runtime.dispatcher.complete(runtime.call(instance), {"late": True})
    assert runtime.arrive(instance, "first", token="t1") == ""
    assert runtime.engine.answers_of("t1")[0][0] == "task.withdrawn"
    assert runtime.instances.get(ADA, instance).output_variables == {}


def test_long_trails_are_recorded_whole(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.arrive(instance, "first", trail=("gate",) * 250)
    events = runtime.events(instance)
    assert sum(event["type"] == "element_completed" for event in events) == 250
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))


def test_waits_of_the_machine_are_nobodys_task(runtime: Runtime) -> None:
    definition = runtime.published(WATCHED)
    instance = runtime.started(definition)
    runtime.arrive(instance, "watcher", token="w1", scope="/sub#0")
    assert runtime.instances.status(ADA, instance).tasks == ()
    assert runtime.status(instance).progress.created == 0
    runtime.clock.forward(minutes=1)
    closed = interrupt(runtime, instance, Target(scope="/sub#0"), by="sub", reason="completed")
    assert closed == {"interrupted": True, "clock": 0}  # the clock of the body that ended
    assert runtime.engine.answers_of("w1")[0][0] == "succeed"
    runtime.arrive(instance, "watcher", token="w2", run=2, scope="/sub#0")
    assert runtime.engine.answers_of("w2") == runtime.engine.answers_of("w1")


def close(runtime: Runtime, instance: str, *, trail: tuple[str, ...] = ("inner",)):
    target = Target(scope="/sub#0")
    return runtime.interrupter.interrupt(
        runtime.call(instance, trail=trail, scope="/sub#0"), by="sub", target=target, reason="completed"
    )


def test_a_wait_that_arrives_after_its_scope_has_ended_is_let_go(runtime: Runtime) -> None:
    instance = runtime.started(runtime.published(WATCHED))
    close(runtime, instance)
    runtime.arrive(instance, "watcher", token="w1", scope="/sub#0")
    assert runtime.engine.answers_of("w1")[0][0] == "succeed"
    assert runtime.instance_store.load_unanswered(instance).tasks == ()


def test_a_scope_that_ends_while_its_wait_is_being_noted_lets_it_go(runtime: Runtime) -> None:
    instance = runtime.started(runtime.published(WATCHED))
    ended_at, store = runtime.instance_store.ended_at, type(runtime.instance_store)
    looked = []

    def closing_in_between(self, end):
        found = ended_at(end)
        if not looked:
            looked.append(end)
            close(runtime, instance)
        return found

    original, store.ended_at = store.ended_at, closing_in_between
    try:
        runtime.arrive(instance, "watcher", token="w1", scope="/sub#0")
    finally:
        store.ended_at = original
    assert runtime.engine.answers_of("w1")[0][0] == "succeed"


def test_ending_a_scope_again_repeats_nothing(runtime: Runtime) -> None:
    instance = runtime.started(runtime.published(WATCHED))
    runtime.arrive(instance, "watcher", token="w1", scope="/sub#0")
    for _ in range(3):
        close(runtime, instance)
    assert len(runtime.engine.answers_of("w1")) == 1
    assert [event.get("element_id") for event in runtime.events(instance)].count("inner") == 1


def test_a_timer_that_was_faster_than_the_end_of_its_scope_stays(runtime: Runtime) -> None:
    instance = runtime.started(runtime.published(WATCHED))
    runtime.arrive(instance, "watcher", token="w1", scope="/sub#0")
    runtime.engine.waiting = set()  # the machine has left the wait
    close(runtime, instance)
    interrupt(runtime, instance, Target(scope="/sub#0"), by="watcher", reason="timer")
    runtime.engine.waiting = None
    close(runtime, instance)
    runtime.arrive(instance, "watcher", token="w2", run=2, scope="/sub#0")
    assert runtime.engine.answers_of("w2") == []


def test_a_timer_of_a_scope_closes_its_watcher_and_its_work(runtime: Runtime) -> None:
    definition = runtime.published(WATCHED)
    instance = runtime.started(definition)
    runtime.arrive(instance, "watcher", token="w1", scope="/sub#0")
    task = runtime.arrive(instance, "first", token="t1", scope="/sub#0")
    interrupt(runtime, instance, Target(scope="/sub#0"), by="watcher", reason="timer")
    assert runtime.tasks.get(ADA, task).task.interrupted_by == "watcher"
    for token in ("w2", "t2"):
        runtime.arrive(instance, "watcher" if token == "w2" else "first", token=token, run=2, scope="/sub#0")
        assert runtime.engine.answers_of(token) == []


def test_assignment_from_the_model_the_start_and_the_registry(runtime: Runtime) -> None:
    runtime.table.put(
        {"pk": "SERVICE", "sk": "mailer", "name": "mailer", "delivery": "http", "endpoint": "http://mailer"}
    )
    definition = runtime.published(
        """
        userTask:a {"assignee": "bob", "lane": "Sales", "priority": "80", "due_date": "2026-02-01T00:00:00Z"}
        userTask:b {"candidate_groups": ["audit"], "name": "Line\\nbreak"}
        serviceTask:c {"task_type": "mailer"}
        serviceTask:d {"task_type": "nobody"}
        """
    )
    ai = Assignee(agent_type=AgentType.AI, agent_id="agent-7")
    instance = runtime.started(definition, StartOptions(initial_assignments={"b": ai}))
    a, b, c, d = (
        runtime.tasks.get(ADA, runtime.arrive(instance, element, token=f"t-{element}")).task for element in "abcd"
    )
    assert (a.assignment.assigned_to.agent_id, a.priority, a.candidate_groups) == ("bob", "high", ("Sales",))
    assert a.due_date == datetime(2026, 2, 1, tzinfo=UTC)
    assert (b.assignment.assigned_to, b.assignment.assignment_method) == (ai, "initial_assignment")
    assert (b.candidate_groups, b.name) == (("audit",), "Line break")
    assert c.assignment.assigned_to.endpoint == "http://mailer"
    assert (d.status, d.assignment) == (TaskStatus.PENDING, None)
    runtime.tasks.start(ADA, d.id)
    assert runtime.tasks.get(ADA, d.id).task.assignment.assigned_to.agent_id == "ada"


def test_of_concurrent_completions_exactly_one_wins(runtime: Runtime) -> None:
    object.__setattr__(runtime.tasks, "pause", SystemPause())
    instance = runtime.started()
    task = runtime.arrive(instance, "first")

    def attempt(number: int) -> bool:
        try:
            runtime.complete(task, number=number)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(8)))
    assert outcomes.count(True) == 1
    assert runtime.tasks.get(ADA, task).result_data == {"number": outcomes.index(True)}
    assert runtime.status(instance).progress.completed == 1
    assert len(runtime.engine.answers) == 1


def test_concurrent_tasks_of_one_instance_all_complete(runtime: Runtime) -> None:
    object.__setattr__(runtime.tasks, "pause", SystemPause())
    instance = runtime.started()
    tasks = [runtime.arrive(instance, "first", occurrence=n, token=f"t{n}") for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(runtime.complete, tasks))
    assert runtime.status(instance).progress.completed == 12
    sequences = [event["sequence"] for event in runtime.events(instance)]
    assert sequences == list(range(1, len(sequences) + 1))
