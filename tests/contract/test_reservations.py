"""Reserved slots on the record: theirs when they need them, everybody's again later, and never more than there are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from orchestrator.adapters.dynamodb.slots import DynamoDBReservedSlots
from orchestrator.adapters.system import SystemPause
from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.resources.allocation import Beneficiary
from orchestrator.services.slots.allocations import AllocationService, AllocationStatus, NewAllocation
from orchestrator.services.slots.reservations import Reservations
from tests.builders import ADA, Runtime
from tests.contract.dynamodb import fresh_table
from tests.contract.test_admission import admit, finish, live, start
from tests.fakes.engine import FakeJobs

S = InstanceStatus
CALLING = """
startEvent:start
serviceTask:score {"name": "Score", "task_type": "scoring"}
endEvent:end
"""


@pytest.fixture
def narrow() -> Iterator[Runtime]:
    """Room for three instances."""
    with fresh_table() as (table, calls):
        yield Runtime(table, calls, max_concurrent_workflows=3)


def allocations(runtime: Runtime) -> AllocationService:
    return AllocationService(
        allocations=runtime.allocation_store,
        book=runtime.slots,
        worker=FakeJobs(),
        max_concurrent_workflows=runtime.max_concurrent_workflows,
        clock=runtime.clock,
        ids=runtime.ids,
        pause=runtime.pause,
    )


def settle(runtime: Runtime) -> None:
    Reservations(
        shared=runtime.plan.shared,
        allocations=runtime.allocation_store,
        book=runtime.slots,
        moves=DynamoDBReservedSlots(runtime.table),
        clock=runtime.clock,
        pause=runtime.pause,
    ).settle()


def reserve(runtime: Runtime, definition: str, slots: int, **fields) -> str:
    new = NewAllocation(
        resource_type=Beneficiary.DEFINITION, resource_id=definition, reserved_workflows=slots, **fields
    )
    made = allocations(runtime).set(ADA, new)
    settle(runtime)
    runtime.clock.forward(seconds=10)
    return made.allocation_id


def taken(runtime: Runtime) -> int:
    pools = [runtime.plan.shared, *(each.pool for each in runtime.allocation_store.load().entries)]
    return sum(shard.used - shard.held for shards in runtime.slots.read(pools).values() for shard in shards)


def test_reserved_slots_are_for_whom_they_are_kept(narrow: Runtime) -> None:
    precious, common = narrow.published(), narrow.published()
    kept = reserve(narrow, precious, 2)
    assert allocations(narrow).get(kept).status is AllocationStatus.ACTIVE
    narrow.started(common)
    assert start(narrow, narrow.created(common)) is S.QUEUED, "two of three are kept"
    first, second = narrow.started(precious), narrow.started(precious)
    assert start(narrow, narrow.created(precious)) is S.QUEUED
    assert admit(narrow) == []
    assert allocations(narrow).get(kept).current_workflows == taken(narrow) - 1 == 2
    finish(narrow, first)
    finish(narrow, second)
    assert len(admit(narrow)) == 1, "the precious one; the common one still waits"
    assert taken(narrow) == len(live(narrow)) == 2


def test_an_allocation_waits_for_slots_that_are_in_use_and_goes_before_the_queue(narrow: Runtime) -> None:
    precious, common = narrow.published(), narrow.published()
    running = [narrow.started(common) for _ in range(3)]
    waiting = narrow.created(common)
    assert start(narrow, waiting) is S.QUEUED
    kept = reserve(narrow, precious, 2)
    assert allocations(narrow).get(kept).held_workflows == 0
    for number, (instance, admitted) in enumerate(zip(running, ([], [], [waiting]), strict=True), start=1):
        finish(narrow, instance)
        settle(narrow)
        assert allocations(narrow).get(kept).held_workflows == min(2, number)
        assert admit(narrow) == admitted
    assert narrow.started(precious)


@pytest.mark.parametrize("end", ["release", "expiry", "replacement"])
def test_what_is_not_kept_any_more_is_everybodys_once_it_is_free(narrow: Runtime, end: str) -> None:
    precious, common = narrow.published(), narrow.published()
    kept = reserve(narrow, precious, 3, duration_seconds=100)
    inside = narrow.started(precious)
    waiting = [narrow.created(common) for _ in range(3)]
    for instance in waiting:
        assert start(narrow, instance) is S.QUEUED
        narrow.clock.forward(seconds=1)
    if end == "release":
        allocations(narrow).release(ADA, kept)
    elif end == "replacement":
        allocations(narrow).set(
            ADA, NewAllocation(resource_type=Beneficiary.DEFINITION, resource_id=precious, reserved_workflows=1)
        )
    narrow.clock.forward(seconds=100)
    settle(narrow)
    with pytest.raises(NotFound):
        allocations(narrow).get(kept)
    room = 1 if end == "replacement" else 2
    assert admit(narrow) == waiting[:room]
    assert taken(narrow) == len(live(narrow)) == room + 1
    finish(narrow, inside)
    settle(narrow)
    assert admit(narrow) == waiting[room : room + 1]
    assert len(narrow.allocation_store.load().entries) == (end == "replacement"), "what has ended is forgotten"


def test_projects_and_callers_of_a_service_have_slots_of_their_own(narrow: Runtime) -> None:
    calling, plain = narrow.published(CALLING), narrow.published()
    for kind, name in ((Beneficiary.SERVICE, "scoring"), (Beneficiary.PROJECT, "p-1")):
        new = NewAllocation(resource_type=kind, resource_id=name, reserved_workflows=1)
        allocations(narrow).set(ADA, new)
    settle(narrow)
    assert narrow.started(plain)
    assert start(narrow, narrow.created(plain)) is S.QUEUED
    assert start(narrow, narrow.created(calling)) is S.RUNNING
    assert start(narrow, narrow.created(calling)) is S.QUEUED
    listed = allocations(narrow).list()
    assert [(one.resource_id, one.current_workflows) for one in listed.allocations] == [("scoring", 1), ("p-1", 0)]
    assert listed.summary.unreserved_workflows == 1


def test_no_more_is_reserved_than_there_is(narrow: Runtime) -> None:
    definition = narrow.published()
    reserve(narrow, definition, 2)
    other = NewAllocation(resource_type=Beneficiary.PROJECT, resource_id="p", reserved_workflows=2)
    with pytest.raises(Conflict):
        allocations(narrow).set(ADA, other)
    with pytest.raises(InvalidRequest):
        allocations(narrow).set(ADA, replace(other, reserved_workflows=4))
    assert reserve(narrow, definition, 3), "what was kept for the same is replaced"


def test_changes_are_told(narrow: Runtime) -> None:
    kept = reserve(narrow, "wf-def-x", 1)
    allocations(narrow).release(ADA, kept)
    told = list(narrow.table.all("ALLOCATION", low="EVENT#", high="EVENT$"))
    assert [item["type"] for item in told] == ["allocation_set", "allocation_released"]


def test_never_more_instances_than_slots_whatever_happens_at_once() -> None:
    with fresh_table() as (table, calls):
        runtime = Runtime(table, calls, max_concurrent_workflows=9, pause=SystemPause())
        precious, common = runtime.published(), runtime.published()
        instances = [runtime.created(each) for each in (precious, common) * 10]
        with ThreadPoolExecutor(8) as crew:
            begun = [crew.submit(start, runtime, instance) for instance in instances[:10]]
            kept = reserve(runtime, precious, 4)
            moved = [crew.submit(settle, runtime) for _ in range(4)]
            begun += [crew.submit(start, runtime, instance) for instance in instances[10:]]
            for each in (*begun, *moved):
                each.result()
        assert taken(runtime) == len(live(runtime)) <= 9
        allocations(runtime).release(ADA, kept)
        runtime.clock.forward(seconds=10)
        while live(runtime):
            with ThreadPoolExecutor(8) as crew:
                list(crew.map(lambda instance: finish(runtime, instance), live(runtime)[:3]))
                list(crew.map(lambda _: settle(runtime), range(3)))
            admit(runtime)
            assert taken(runtime) == len(live(runtime)) <= 9
        settle(runtime)
        assert taken(runtime) == 0
        assert runtime.allocation_store.load().entries == ()
        shards = runtime.slots.read([runtime.plan.shared])[runtime.plan.shared.name]
        assert all(shard.used == 0 for shard in shards)
