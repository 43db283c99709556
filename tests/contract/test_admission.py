"""Admission on the record: never more instances than slots, the queue in order, nobody forgotten."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from orchestrator.adapters.system import SystemPause
from orchestrator.domain.errors import Conflict
from orchestrator.domain.instance import LIVE, InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.services.instances.instances import StartOptions
from tests.builders import ADA, Runtime
from tests.contract.dynamodb import fresh_table
from tests.contract.test_lists import heads

S = InstanceStatus


@pytest.fixture
def narrow() -> Iterator[Runtime]:
    """Room for two instances."""
    with fresh_table() as (table, calls):
        yield Runtime(table, calls, max_concurrent_workflows=2)


def start(runtime: Runtime, instance: str, priority: Priority | None = None) -> S:
    return runtime.instances.start(ADA, instance, StartOptions(priority=priority)).instance.status


def finish(runtime: Runtime, instance: str) -> None:
    runtime.dispatcher.complete(runtime.call(instance), {})


def admit(runtime: Runtime) -> list[str]:
    return list(runtime.worker.admit(lambda: True).admitted)


def used(runtime: Runtime) -> int:
    shards = runtime.slots.read(runtime.plan.all())
    return sum(shard.used for pool in shards.values() for shard in pool)


def live(runtime: Runtime) -> list[str]:
    return [head.id for head in heads(runtime) if head.status in LIVE and head.has_begun]


def filled(runtime: Runtime) -> tuple[str, list[str]]:
    """A definition with as many instances running as there are slots."""
    definition = runtime.published()
    return definition, [runtime.started(definition) for _ in range(runtime.max_concurrent_workflows)]


def test_who_finds_no_slot_is_queued_and_starts_when_one_is_free(narrow: Runtime) -> None:
    definition, running = filled(narrow)
    waiting = narrow.created(definition)
    narrow.clock.forward(seconds=1)
    assert start(narrow, waiting) is S.QUEUED
    assert narrow.status(waiting).started_at is None
    assert waiting not in narrow.engine.executions
    assert admit(narrow) == []
    narrow.clock.forward(seconds=30)
    finish(narrow, running[0])
    assert admit(narrow) == [waiting]
    assert narrow.status(waiting).status is S.RUNNING
    assert waiting in narrow.engine.executions
    types = [event["type"] for event in narrow.events(waiting)]
    assert types == ["workflow_created", "workflow_queued", "workflow_started"]
    assert '"waiting_time":30.0' in narrow.events(waiting)[-1]["data"]
    assert used(narrow) == len(live(narrow)) == 2


def test_priority_goes_first_then_age_and_newcomers_queue_behind(narrow: Runtime) -> None:
    definition, running = filled(narrow)
    queued = {}
    for name in (Priority.LOW, Priority.MEDIUM, Priority.CRITICAL, Priority.HIGH):
        narrow.clock.forward(seconds=1)
        queued[name] = narrow.created(definition)
        assert start(narrow, queued[name], name) is S.QUEUED
    narrow.clock.forward(seconds=1)
    late = narrow.created(definition)
    finish(narrow, running[0])
    assert start(narrow, late, Priority.CRITICAL) is S.QUEUED, "others waited for the slot that is free"
    assert admit(narrow) == [queued[Priority.CRITICAL]]
    finish(narrow, running[1])
    assert admit(narrow) == [late]
    for expected in (Priority.HIGH, Priority.MEDIUM, Priority.LOW):
        finish(narrow, live(narrow)[0])
        assert admit(narrow) == [queued[expected]]
    finish(narrow, live(narrow)[0])
    assert admit(narrow) == []
    assert start(narrow, narrow.created(definition)) is S.RUNNING, "the door is open again"


def test_low_priority_that_waited_long_enough_goes_first(narrow: Runtime) -> None:
    definition, running = filled(narrow)
    low = narrow.created(definition)
    start(narrow, low, Priority.LOW)
    narrow.clock.forward(minutes=91)
    critical = narrow.created(definition)
    start(narrow, critical, Priority.CRITICAL)
    finish(narrow, running[0])
    assert admit(narrow) == [low]


def test_starting_at_creation_is_admitted_like_any_start(narrow: Runtime) -> None:
    from orchestrator.domain.instance import Configuration

    definition, _ = filled(narrow)
    waiting = narrow.created(definition, configuration=Configuration(auto_start=True))
    assert narrow.status(waiting).status is S.QUEUED


@pytest.mark.parametrize("end", ["complete", "cancel", "terminate", "fail"])
def test_every_end_gives_the_slot_back_once(narrow: Runtime, end: str) -> None:
    _, (one, _) = filled(narrow)
    if end == "complete":
        finish(narrow, one)
    elif end == "fail":
        narrow.dispatcher.fail(narrow.call(one), element_id="end", code="E", message="m")
    else:
        getattr(narrow.control, end)(ADA, one, None)
    assert used(narrow) == 1
    assert narrow.status(one).slots == ()
    finish(narrow, one)
    assert used(narrow) == 1


def test_paused_and_failed_instances_keep_their_slots(narrow: Runtime) -> None:
    from orchestrator.services.machines.dispatch import Arrival

    definition, (one, other) = filled(narrow)
    narrow.control.hold(ADA, one, None)
    arrival = Arrival(element_id="gate", occurrence=0, token="t", input_data={})
    narrow.dispatcher.incident(narrow.call(other), arrival, code="NO_MATCHING_FLOW", message="m")
    assert [narrow.status(one).status, narrow.status(other).status] == [S.PAUSED, S.FAILED]
    assert start(narrow, narrow.created(definition)) is S.QUEUED
    assert used(narrow) == 2


def test_queued_instances_can_be_paused_resumed_and_ended(narrow: Runtime) -> None:
    definition, running = filled(narrow)
    paused, cancelled, terminated = (narrow.created(definition) for _ in range(3))
    for instance in (paused, cancelled, terminated):
        start(narrow, instance)
        narrow.clock.forward(seconds=1)
    assert narrow.control.hold(ADA, paused, "wait").after.status is S.PAUSED
    assert narrow.control.cancel(ADA, cancelled, None).after.status is S.CANCELLED
    assert narrow.control.terminate(ADA, terminated, None).after.status is S.TERMINATED
    for instance in running:
        finish(narrow, instance)
    assert admit(narrow) == []
    narrow.watch.reconcile(lambda: True)
    assert paused not in narrow.engine.executions, "it has never begun"
    resumed = narrow.control.resume(ADA, paused, None).after
    assert resumed.status is S.QUEUED
    assert admit(narrow) == [paused]
    with pytest.raises(Conflict):
        narrow.control.resume(ADA, paused, None)
    assert used(narrow) == len(live(narrow)) == 1


def test_a_round_that_runs_out_of_time_says_so(narrow: Runtime) -> None:
    definition, running = filled(narrow)
    for _ in range(2):
        start(narrow, narrow.created(definition))
    for instance in running:
        finish(narrow, instance)
    times = iter([True, False])
    first = narrow.worker.admit(lambda: next(times))
    assert (len(first.admitted), first.has_more) == (1, True)
    assert len(admit(narrow)) == 1


def test_a_start_costs_no_more_calls_while_slots_are_free(narrow: Runtime) -> None:
    definition = narrow.published()
    narrow.started(definition)  # who may take which slots is known for a while
    instance = narrow.created(definition)
    narrow.calls.clear()
    start(narrow, instance)
    assert dict(narrow.calls) == {"Query": 1, "TransactWriteItems": 1}


def test_many_starts_at_once_fill_the_slots_exactly_and_the_rest_follows() -> None:
    with fresh_table() as (table, calls):
        runtime = Runtime(table, calls, max_concurrent_workflows=9, pause=SystemPause())
        definition = runtime.published()
        instances = [runtime.created(definition) for _ in range(24)]
        with ThreadPoolExecutor(8) as crew:
            statuses = list(crew.map(lambda instance: start(runtime, instance), instances))
        assert statuses.count(S.RUNNING) <= 9
        admit(runtime)
        assert used(runtime) == len(live(runtime)) == 9
        while waiting := [head for head in heads(runtime) if head.status is S.QUEUED]:
            ends = live(runtime)[:5]
            with ThreadPoolExecutor(8) as crew:
                list(crew.map(lambda instance: finish(runtime, instance), ends))
                list(crew.map(lambda _: admit(runtime), range(3)))
            assert used(runtime) == len(live(runtime)) <= 9
            still = [head for head in heads(runtime) if head.status is S.QUEUED]
            assert len(still) == max(0, len(waiting) - len(ends))
        for instance in live(runtime):
            finish(runtime, instance)
        assert used(runtime) == 0


def test_a_smaller_limit_admits_nobody_until_enough_have_ended(narrow: Runtime) -> None:
    definition, running = filled(narrow)
    smaller = replace(narrow, max_concurrent_workflows=1)
    waiting = smaller.created(definition)
    assert start(smaller, waiting) is S.QUEUED
    finish(smaller, running[0])
    assert admit(smaller) == []
    finish(smaller, running[1])
    assert admit(smaller) == [waiting]
