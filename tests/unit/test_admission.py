"""Slots add up, and the order of the queue is the documented one, for any pool and any queue."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.admission import MOST_SHARDS, PRIORITY_STEP, Pool, rank
from orchestrator.domain.priority import Priority
from orchestrator.ports.admission import Shard
from orchestrator.services.slots.free_slots import Entitlement, FreeSlots
from tests.fakes.clock import BEGIN

LEVELS = list(Priority)
ages = st.integers(0, 6 * 3600).map(lambda seconds: timedelta(seconds=seconds))
places = st.tuples(st.sampled_from(LEVELS), ages)


@given(st.integers(1, 20_000))
def test_the_shares_of_a_pool_sum_up_to_its_slots(slots: int) -> None:
    pool = Pool("p", slots)
    rooms = [pool.slot(shard).room for shard in range(pool.shards)]
    assert sum(rooms) == slots
    assert 1 <= len(rooms) <= MOST_SHARDS
    assert min(rooms) >= 1
    assert max(rooms) - min(rooms) <= 1


@given(st.integers(1, 500), st.text(max_size=30))
def test_a_home_is_a_shard(slots: int, identity: str) -> None:
    assert 0 <= Pool("p", slots).home(identity) < Pool("p", slots).shards


@given(places, places)
def test_priority_goes_first_and_age_decides_within_it_unless_it_outweighs(one, other) -> None:
    (first, first_age), (second, second_age) = one, other
    earlier = rank(first, BEGIN - first_age) < rank(second, BEGIN - second_age)
    steps = LEVELS.index(first) - LEVELS.index(second)
    if steps == 0:
        assert earlier == (first_age > second_age)
    if steps > 0 and second_age - first_age < PRIORITY_STEP * steps:
        assert earlier
    if steps < 0 and first_age - second_age <= PRIORITY_STEP * -steps:
        assert not earlier


@given(places, st.sampled_from(LEVELS), st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=9)))
def test_nobody_is_overtaken_by_what_came_three_steps_later(one, priority, later) -> None:
    level, age = one
    overtaken = rank(priority, BEGIN - age + later + 3 * PRIORITY_STEP) < rank(level, BEGIN - age)
    assert not overtaken


class Book:
    """Slots in memory, which somebody else may take between two looks."""

    def __init__(self, shards: dict[str, list[Shard]]) -> None:
        self.shards = shards

    def read(self, pools):
        return {pool.name: tuple(self.shards[pool.name]) for pool in pools}

    def shut(self, slots, *, shut: bool) -> None:
        for slot in slots:
            used = self.shards[slot.pool][slot.shard].used
            self.shards[slot.pool][slot.shard] = Shard(used, shut)


@given(st.data(), st.integers(0, 40), st.booleans())
def test_a_slot_is_found_exactly_when_one_is_free(data, slots: int, newcomer: bool) -> None:
    pool = Pool("p", slots)
    shards = [
        Shard(data.draw(st.integers(0, pool.slot(n).room + 1)), data.draw(st.booleans())) for n in range(pool.shards)
    ]
    free = FreeSlots(Book({"p": shards}))
    chosen = free.choose(Entitlement(identity="i", pools=(pool,)), newcomer=newcomer)
    enters = [
        n for n, shard in enumerate(shards) if shard.used < pool.slot(n).room and not (newcomer and shard.is_shut)
    ]
    assert ([slot.shard for slot in chosen] if chosen else []) in ([[n] for n in enters] or [[]])
    assert (chosen is None) == (not enters)


def test_bounds_must_all_have_room_and_pools_are_tried_in_order() -> None:
    own, shared, bound = Pool("own", 1), Pool("shared", 1), Pool("bound", 1)
    book = Book({"own": [Shard()], "shared": [Shard()], "bound": [Shard()]})
    wanted = Entitlement(identity="i", pools=(own, shared), bounds=(bound,))
    chosen = FreeSlots(book).choose(wanted, newcomer=True)
    assert [slot.pool for slot in chosen or ()] == ["own", "bound"]
    book.shards["own"] = [Shard(used=1)]
    chosen = FreeSlots(book).choose(wanted, newcomer=True)
    assert [slot.pool for slot in chosen or ()] == ["shared", "bound"]
    book.shards["bound"] = [Shard(used=1)]
    assert FreeSlots(book).choose(wanted, newcomer=True) is None
