"""The main job on the record: create, publish, start, work, complete; each step in the expected AWS calls."""

from dataclasses import replace

import pytest

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, Forbidden, InvalidRequest, ModelRejected, NotFound, PayloadTooLarge
from orchestrator.domain.instance import Configuration, InstanceStatus
from orchestrator.domain.task import TaskStatus
from orchestrator.services.instances.instances import NewInstance, StartOptions
from orchestrator.services.tasks.tasks import Completion
from tests.builders import ADA, Runtime


def test_an_instance_runs_from_creation_to_completion(runtime: Runtime) -> None:
    instance = runtime.started(input_variables={"amount": 1.10})
    assert runtime.engine.inputs[instance]["variables"] == {"amount": 1.1}
    first = runtime.arrive(instance, "first", token="t1", trail=("start",), variables={"amount": 1.1})
    runtime.clock.forward(seconds=30)
    done = runtime.complete(first, approved=True)
    assert done.task.status is TaskStatus.COMPLETED
    assert runtime.engine.answers_of("t1") == [("succeed", {"result": {"approved": True}, "clock": 1768471230000})]
    second = runtime.arrive(instance, "second", token="t2", trail=("gate",))
    assert runtime.status(instance).progress.percentage == 50.0
    runtime.complete(second)
    runtime.dispatcher.complete(runtime.call(instance, trail=("end",)), {"amount": 1.1, "approved": True})

    record = runtime.instances.get(ADA, instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.instance.progress.percentage == 100.0
    assert record.output_variables == {"amount": 1.1, "approved": True}
    assert record.open_tasks == ()
    assert record.instance.progress.average_task_duration == 15.0


def test_events_number_every_change_without_gaps(runtime: Runtime) -> None:
    instance = runtime.started()
    task = runtime.arrive(instance, "first", trail=("start",))
    runtime.tasks.start(ADA, task)
    runtime.complete(task)
    runtime.dispatcher.complete(runtime.call(instance, trail=("gate", "end")), {})
    events = runtime.events(instance)
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert [(event["type"], event.get("element_id")) for event in events] == [
        ("workflow_created", None),
        ("workflow_started", None),
        ("element_completed", "start"),
        ("task_created", "first"),
        ("task_assigned", "first"),
        ("task_started", "first"),
        ("task_completed", "first"),
        ("element_completed", "gate"),
        ("element_completed", "end"),
        ("workflow_completed", None),
    ]
    assert {event["element_type"] for event in events if event.get("element_id") == "gate"} == {"exclusiveGateway"}


def test_starting_twice_is_a_conflict_that_names_the_instance(runtime: Runtime) -> None:
    instance = runtime.started()
    with pytest.raises(Conflict) as refused:
        runtime.instances.start(ADA, instance, StartOptions())
    assert refused.value.current_status == "running"
    assert refused.value.details == {"instance_id": instance}


def test_the_first_completion_stands(runtime: Runtime) -> None:
    task = runtime.arrive(runtime.started(), "first")
    runtime.complete(task, answer=1)
    with pytest.raises(Conflict) as refused:
        runtime.complete(task, answer=2)
    assert refused.value.current_status == "completed"
    assert runtime.tasks.get(ADA, task).result_data == {"answer": 1}


def test_auto_start_runs_at_once(runtime: Runtime) -> None:
    new = NewInstance(definition_id=runtime.published(), configuration=Configuration(auto_start=True))
    work = runtime.instances.create(ADA, new)
    assert work.instance.status is InstanceStatus.RUNNING
    assert work.instance.id in runtime.engine.executions


def test_start_waits_for_the_first_task_and_says_what_is_there(runtime: Runtime) -> None:
    instance = runtime.created()
    service = replace(runtime.instances, first_task_wait_ms=1000)
    runtime.pause.during = lambda: runtime.arrive(instance, "first", trail=("start",))
    work = service.start(ADA, instance, StartOptions())
    assert [task.element_id for task in work.tasks] == ["first"]
    assert runtime.pause.waited < 20


def test_start_without_a_task_in_time_says_so(runtime: Runtime) -> None:
    instance = runtime.created()
    work = replace(runtime.instances, first_task_wait_ms=1000).start(ADA, instance, StartOptions())
    assert work.tasks == ()
    assert runtime.pause.waited == pytest.approx(1000)


def test_a_completion_tells_what_it_triggered(runtime: Runtime) -> None:
    instance = runtime.started()
    first = runtime.arrive(instance, "first", token="t1")
    service = replace(runtime.tasks, triggered_wait_ms=280)
    runtime.clock.forward(seconds=1)
    runtime.pause.during = lambda: runtime.arrive(instance, "second", token="t2")
    done = service.complete(ADA, first, Completion(result_data={"metadata": {"model_confidence": 0.89}}))
    assert [action.target_task_id for action in done.triggered] == [runtime.arrive(instance, "second", token="t2")]
    assert done.summary.quality_score == 0.89
    assert done.summary.data_size == len('{"metadata":{"model_confidence":0.89}}')


def test_instances_need_a_published_definition(runtime: Runtime) -> None:
    with pytest.raises(Conflict) as refused:
        runtime.created(runtime.defined())
    assert refused.value.current_status == "draft"
    with pytest.raises(NotFound):
        runtime.created("wf-def-none")


def test_a_model_with_errors_is_not_published(runtime: Runtime) -> None:
    with pytest.raises(ModelRejected) as refused:
        runtime.definitions.publish(ADA, runtime.defined("!DEADLOCK"))
    assert [finding.code for finding in refused.value.findings] == ["DEADLOCK"]


def test_an_unreadable_model_is_refused_with_its_line(runtime: Runtime) -> None:
    with pytest.raises(InvalidRequest) as refused:
        runtime.defined("!XML_MALFORMED")
    assert (refused.value.field, refused.value.line) == ("bpmn_content", 1)


def test_payloads_over_the_limit_are_refused(runtime: Runtime) -> None:
    task = runtime.arrive(runtime.started(), "first")
    with pytest.raises(PayloadTooLarge):
        runtime.complete(task, blob="x" * 205_000)
    with pytest.raises(PayloadTooLarge):
        runtime.created(input_variables={"blob": "x" * 205_000})
    runtime.complete(task, blob="x" * 150_000)


def test_callers_confined_to_projects_see_nothing_else(runtime: Runtime) -> None:
    eve = Caller(subject="eve", project_ids=frozenset({"p2"}))
    instance = runtime.started(context={"project_id": "p1"})
    task = runtime.arrive(instance, "first")
    for attempt in (
        lambda: runtime.instances.get(eve, instance),
        lambda: runtime.instances.status(eve, instance),
        lambda: runtime.instances.start(eve, instance, StartOptions()),
        lambda: runtime.tasks.get(eve, task),
        lambda: runtime.tasks.start(eve, task),
        lambda: runtime.tasks.complete(eve, task, Completion()),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(Forbidden):
        runtime.instances.create(eve, NewInstance(definition_id=runtime.published(), context={"project_id": "p1"}))


@pytest.mark.parametrize("unknown", ["", "task-1", "task-" + "0" * 26 + "-" + "a" * 16, "wf-inst-1"])
def test_unknown_ids_are_not_found(runtime: Runtime, unknown: str) -> None:
    with pytest.raises(NotFound):
        runtime.tasks.get(ADA, unknown)
    with pytest.raises(NotFound):
        runtime.complete(unknown)
    with pytest.raises(NotFound):
        runtime.instances.get(ADA, unknown)
    with pytest.raises(NotFound):
        runtime.definitions.get(ADA, unknown)


def test_aws_calls_of_each_use_case(runtime: Runtime) -> None:
    definition = runtime.published()
    runtime.started(definition)  # what is reserved is read by the first start, and remembered for seconds
    instance = runtime.created(definition)

    def calls_of(use_case) -> dict[str, int]:
        runtime.calls.clear()
        use_case()
        return dict(runtime.calls)

    read, transaction = {"Query": 1}, {"TransactWriteItems": 1}
    assert calls_of(lambda: runtime.definitions.get(ADA, definition)) == read
    assert calls_of(lambda: runtime.created(definition)) == {"GetItem": 1} | transaction
    assert calls_of(lambda: runtime.instances.start(ADA, instance, StartOptions())) == read | transaction
    task = runtime.arrive(instance, "first")
    assert calls_of(lambda: runtime.instances.get(ADA, instance)) == read
    assert calls_of(lambda: runtime.instances.status(ADA, instance)) == read
    assert calls_of(lambda: runtime.tasks.get(ADA, task)) == {"BatchGetItem": 1}
    assert calls_of(lambda: runtime.tasks.start(ADA, task)) == {"BatchGetItem": 1} | transaction
    assert calls_of(lambda: runtime.complete(task)) == {"BatchGetItem": 1} | transaction
    assert len(runtime.engine.answers) == 1
