"""Batches on the record: each workflow for itself, nothing twice, never more at a time than the batch may."""

from collections import Counter
from dataclasses import replace

import pytest

from orchestrator.domain.bulk import Action, Steering
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.ports.instances import InstanceQuery
from orchestrator.ports.paging import Page
from orchestrator.services.instances.instances import NewInstance
from orchestrator.services.queue.batches import NewBatch
from orchestrator.services.queue.bulk import Selection
from tests.builders import ADA, Runtime
from tests.contract.test_admission import admit, finish, live, narrow, used  # noqa: F401 - a fixture
from tests.contract.test_lists import heads

S = InstanceStatus


def asked(definition: str, number: int, **more) -> tuple[NewInstance, ...]:
    return tuple(NewInstance(definition_id=definition, name=f"n{n}", **more) for n in range(number))


def batch(runtime: Runtime, workflows, **more):
    return runtime.batches.start(ADA, NewBatch(workflows=workflows, fingerprint="f", **more))


def statuses(runtime: Runtime, started) -> Counter:
    return Counter(runtime.status(instance.id).status for instance in started.instances.values())


def test_all_start_when_there_is_room_in_the_order_of_the_request(runtime: Runtime) -> None:
    started = batch(runtime, asked(runtime.published(), 20))
    assert [instance.name for _, instance in sorted(started.instances.items())] == [f"n{n}" for n in range(20)]
    assert statuses(runtime, started) == {S.RUNNING: 20}
    assert list(runtime.engine.executions) == [started.instances[place].id for place in range(20)]
    assert len(set(live(runtime))) == used(runtime) == 20
    standing = runtime.batches.get(ADA, started.batch.id)
    assert (standing.counts[S.RUNNING], standing.has_ended) == (20, False)
    for instance in started.instances.values():
        finish(runtime, instance.id)
    assert runtime.batches.get(ADA, started.batch.id).has_ended


def test_never_more_of_a_batch_at_a_time_than_it_says(runtime: Runtime) -> None:
    definition = runtime.published()
    started = batch(runtime, asked(definition, 7), max_concurrent=3)
    assert statuses(runtime, started) == {S.RUNNING: 3, S.QUEUED: 4}
    assert runtime.started(definition) in live(runtime), "others have room"
    done = 0
    while left := [i.id for i in started.instances.values() if runtime.status(i.id).status is S.RUNNING]:
        assert len(left) <= 3
        finish(runtime, left[0])
        done += 1
        assert len(admit(runtime)) == (1 if done <= 4 else 0)
    assert statuses(runtime, started) == {S.COMPLETED: 7}
    assert runtime.worker.queue.lanes() == ()


def test_a_batch_waits_for_the_slots_of_the_service_too(narrow: Runtime) -> None:
    started = batch(narrow, asked(narrow.published(), 5), max_concurrent=4)
    assert statuses(narrow, started) == {S.RUNNING: 2, S.QUEUED: 3}
    for _ in range(5):
        finish(narrow, live(narrow)[0])
        admit(narrow)
        assert used(narrow) == len(live(narrow)) <= 2
    assert statuses(narrow, started) == {S.COMPLETED: 5}


def test_what_cannot_be_started_is_told_and_keeps_no_other_back(runtime: Runtime) -> None:
    definition, draft = runtime.published(), runtime.defined()
    huge = NewInstance(definition_id=definition, input_variables={"x": "y" * 300_000})
    workflows = (
        *asked(definition, 1),
        InvalidRequest("workflows.1.priority", "must be one of ..."),
        NewInstance(definition_id="wf-def-none"),
        NewInstance(definition_id=draft),
        huge,
        NewInstance(definition_id=definition, name="last"),
    )
    started = batch(runtime, workflows)
    assert {place: instance.name for place, instance in started.instances.items()} == {0: "n0", 5: "last"}
    codes = [(refusal.place, refusal.rejection.code) for refusal in started.refusals]
    assert codes == [
        (1, "INVALID_REQUEST"),
        (2, "RESOURCE_NOT_FOUND"),
        (3, "RESOURCE_CONFLICT"),
        (4, "PAYLOAD_TOO_LARGE"),
    ]
    assert started.refusals[0].rejection.field == "workflows.1.priority"


def test_a_project_that_is_not_the_callers_is_refused_per_workflow(runtime: Runtime) -> None:
    definition = runtime.published()
    eve = Caller(subject="eve", project_ids=frozenset({"p1"}))
    workflows = tuple(NewInstance(definition_id=definition, context={"project_id": p}) for p in ("p1", "p2"))
    started = runtime.batches.start(eve, NewBatch(workflows=workflows, fingerprint="f", id="b"))
    assert list(started.instances) == [0]
    assert started.refusals[0].rejection.code == "FORBIDDEN"
    with pytest.raises(NotFound):
        runtime.batches.get(Caller(subject="mal", project_ids=frozenset({"p3"})), "b")


def test_a_repeated_request_starts_nothing_twice(runtime: Runtime) -> None:
    workflows = asked(runtime.published(), 12)
    first = batch(runtime, workflows, id="mine")
    again = batch(runtime, workflows, id="mine")
    assert {i.id for i in again.instances.values()} == {i.id for i in first.instances.values()}
    assert len(heads(runtime)) == 12
    with pytest.raises(Conflict, match="other content"):
        runtime.batches.start(ADA, NewBatch(workflows=workflows, fingerprint="g", id="mine"))


class Crashing:
    """An instance store that stops working with its second transaction."""

    def __init__(self, store) -> None:
        self.store, self.calls = store, 0

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit_new(self, transitions):
        self.calls += 1
        if self.calls == 2:
            raise ConnectionError
        self.store.commit_new(transitions)


@pytest.mark.parametrize("finisher", ["repetition", "worker"])
def test_a_request_that_was_cut_off_is_finished(runtime: Runtime, finisher: str) -> None:
    workflows = asked(runtime.published(), 20, input_variables={"n": 1.5})
    broken = replace(runtime.launcher, instances=Crashing(runtime.instance_store))
    new = NewBatch(workflows=workflows, fingerprint="f", id="b")
    with pytest.raises(ConnectionError):
        replace(runtime.batches, launcher=broken).start(ADA, new)
    assert len(heads(runtime)) == 8
    for _ in range(2):
        if finisher == "repetition":
            assert len(batch(runtime, workflows, id="b").instances) == 20
        else:
            runtime.launcher.go_on(runtime.jobs.launches[0], lambda: True)
    found = heads(runtime)
    assert len({head.id for head in found}) == len(found) == 20
    assert {head.name for head in found} == {f"n{n}" for n in range(20)}
    assert {head.created_by for head in found} == {"ada"}
    runtime.launcher.go_on("none", lambda: True)


def test_what_a_request_has_no_time_to_create_is_coming(runtime: Runtime) -> None:
    workflows = asked(runtime.published(), 20)
    create = runtime.launcher.create

    class Hasty:
        queue, missing = runtime.jobs, runtime.launcher.missing

        def create(self, batch, some, has_time):
            runtime.clock.forward(milliseconds=1)
            times = iter([True, False])
            return create(batch, some, lambda: next(times))

    started = replace(runtime.batches, launcher=Hasty()).start(ADA, NewBatch(workflows=workflows, fingerprint="f"))
    assert (list(started.instances), list(started.coming)) == (list(range(8)), list(range(8, 20)))
    assert started.refusals == ()
    assert runtime.jobs.launches == [started.batch.id] * 2
    times = iter([True, False])
    runtime.launcher.go_on(started.batch.id, lambda: next(times))
    assert (len(heads(runtime)), len(runtime.jobs.launches)) == (16, 3)
    runtime.launcher.go_on(started.batch.id, lambda: True)
    assert {head.id for head in heads(runtime)} == set(started.batch.members.values())


def test_costs_of_a_batch(runtime: Runtime) -> None:
    workflows = asked(runtime.published(), 80)
    runtime.calls.clear()
    batch(runtime, workflows, max_concurrent=1)
    assert runtime.calls["TransactWriteItems"] == 1 + 10 + 1, "the batch, eight instances each, one admission"
    assert runtime.calls["BatchGetItem"] <= 7
    assert runtime.calls["GetItem"] <= 4
    assert runtime.calls["Query"] <= 12


def test_instances_of_a_batch_are_a_filter_of_the_list(runtime: Runtime) -> None:
    started = batch(runtime, asked(runtime.published(), 5))
    runtime.created()
    page = runtime.instance_store.list(InstanceQuery(batch_id=started.batch.id), Page(limit=3))
    assert (len(page.items), page.total, page.total_is_exact, page.has_more) == (3, 5, True, True)
    everything = runtime.instance_store.list(InstanceQuery(batch_id=started.batch.id, status=S.RUNNING), Page())
    assert [instance.name for instance in everything.items] == ["n4", "n3", "n2", "n1", "n0"]


def test_cancelling_a_batch_cancels_what_runs_and_what_waits(runtime: Runtime) -> None:
    started = batch(runtime, asked(runtime.published(), 6), max_concurrent=2)
    finish(runtime, started.instances[0].id)
    selection = runtime.bulk.select(ADA, InstanceQuery(batch_id=started.batch.id))
    outcome = runtime.bulk.steer(ADA, selection, Steering(action=Action.CANCEL, reason="r"))
    assert (len(outcome.done), outcome.left, outcome.has_more) == (5, (), False)
    assert statuses(runtime, started) == {S.COMPLETED: 1, S.CANCELLED: 5}
    assert (admit(runtime), used(runtime)) == ([], 0)


def test_a_cancelled_batch_gets_no_more_instances(runtime: Runtime) -> None:
    workflows = asked(runtime.published(), 20)
    broken = replace(runtime.launcher, instances=Crashing(runtime.instance_store))
    with pytest.raises(ConnectionError):
        replace(runtime.batches, launcher=broken).start(ADA, NewBatch(workflows=workflows, fingerprint="f", id="b"))
    batch_then = runtime.batch_store.load("b")
    runtime.batches.cancel(ADA, "b")
    runtime.launcher.go_on("b", lambda: True)
    everything = runtime.batch_store.workflows(batch_then)
    assert runtime.launcher.create(batch_then, runtime.launcher.missing(batch_then, everything), lambda: True) == {}
    assert len(heads(runtime)) == 8
    again = batch(runtime, workflows, id="b")
    assert {refusal.rejection.message for refusal in again.refusals} == {"The batch was cancelled"}


def test_each_instance_is_steered_for_itself(runtime: Runtime) -> None:
    running, ended = runtime.started(), runtime.started()
    finish(runtime, ended)
    ids = (running, ended, "wf-inst-none", running)
    outcome = runtime.bulk.steer(ADA, Selection(ids), Steering(action=Action.CANCEL))
    assert [steered.after.id for steered in outcome.done] == [running]
    assert {identity: why.code for identity, why in outcome.refused.items()} == {
        ended: "RESOURCE_CONFLICT",
        "wf-inst-none": "RESOURCE_NOT_FOUND",
    }


def test_what_there_is_no_time_for_is_left_to_the_worker(runtime: Runtime) -> None:
    instances = [runtime.started() for _ in range(3)]
    reader = runtime.instance_store

    class Slow:
        def __getattr__(self, name):
            return getattr(reader, name)

        def load(self, identity):
            runtime.clock.forward(seconds=13)
            return reader.load(identity)

    slow = replace(runtime.bulk, control=replace(runtime.control, instances=Slow()))
    outcome = slow.steer(ADA, Selection(tuple(instances)), Steering(action=Action.CANCEL, reason="r"))
    assert (len(outcome.done), outcome.left) == (1, tuple(instances[1:]))
    (job,) = runtime.jobs.jobs
    times = iter([True, False])
    runtime.bulk.carry_out(job, lambda: next(times))
    assert runtime.jobs.jobs[1].instance_ids == (instances[2],)
    for _ in range(2):
        runtime.bulk.carry_out(job, lambda: True)
    assert {runtime.status(instance).status for instance in instances} == {S.CANCELLED}


def test_another_priority_changes_the_place_in_the_queue(narrow: Runtime) -> None:
    definition = narrow.published()
    running = [narrow.started(definition) for _ in range(2)]
    first = batch(narrow, asked(definition, 2), id="first", priority=Priority.LOW)
    narrow.clock.forward(seconds=1)
    batch(narrow, asked(definition, 2), id="second")
    for _ in range(2):
        selection = narrow.bulk.select(ADA, InstanceQuery(batch_id="first"))
        steering = Steering(action=Action.PRIORITISE, priority=Priority.CRITICAL, reason="now")
        assert len(narrow.bulk.steer(ADA, selection, steering).done) == 2
    told = [e for e in narrow.events(first.instances[0].id) if e["type"] == "workflow_priority_changed"]
    assert len(told) == 1
    finish(narrow, running[0])
    assert admit(narrow) == [first.instances[0].id]
    places = narrow.times.forecast().places
    assert [place.waiting.batch_id for place in places] == ["first", "second", "second"]
    assert [place.position for place in places] == [1, 2, 3]
    with pytest.raises(Conflict):
        narrow.control.prioritise(ADA, running[0], Priority.LOW, None)
