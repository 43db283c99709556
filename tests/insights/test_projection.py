"""Events are counted once each, however they come; a replay gives the same numbers."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import encode
from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.whole_log import DynamoDBWholeLog
from orchestrator.adapters.dynamodb.writes import put
from orchestrator.domain.events import Event
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.projection import AFFECTED, ALL, FAILURES, PERFORMERS, WORK, of_definition
from orchestrator.services.events.projection import Projector, Replay
from tests.contract.dynamodb import fresh_table
from tests.fakes.clock import StillClock
from tests.insights.histories import History

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def table() -> Iterator[Table]:
    with fresh_table() as (made, _):
        yield made


@pytest.fixture
def store(table: Table) -> DynamoDBStatistics:
    return DynamoDBStatistics(table, 365)


def history(instances: int = 2, seed: int = 1) -> list[Event]:
    return History(seed=seed, begin=NOW - timedelta(days=2), end=NOW, instances=instances).events()


def content(store: DynamoDBStatistics) -> dict:
    """Everything that can be read."""
    families = [ALL, WORK, PERFORMERS, FAILURES, AFFECTED, *(of_definition(f"wf-def-{n}") for n in range(3))]
    span = {"start": NOW - timedelta(days=3), "end": NOW + timedelta(days=1)}
    return {
        (family, granularity, row.start, row.member): row.tally
        for family in families
        for granularity in Granularity
        for row in store.read(family, granularity, **span).rows
    }


def log(table: Table, events: list[Event]) -> None:
    for event in events:
        at = keys.position(event.timestamp, event.id)
        item = {"pk": "INSTANCE#x", "sk": keys.event(event.sequence), **keys.listed(at, keys.EVENTS), **encode(event)}
        table.transact([put(item)])


def test_order_batches_and_repetitions_do_not_matter(store: DynamoDBStatistics) -> None:
    events = history()
    Projector(projection=store).project(events)
    expected = content(store)
    assert expected
    chance = random.Random(2)
    store.switch(store.begin())
    assert content(store) == {}
    shuffled = [*events, *chance.sample(events, len(events) // 2)]
    chance.shuffle(shuffled)
    while shuffled:
        size = chance.randint(1, 40)
        Projector(projection=store).project(shuffled[:size])
        shuffled = shuffled[size:]
    assert content(store) == expected


def test_a_batch_that_comes_again_counts_nothing(store: DynamoDBStatistics) -> None:
    events = history(1)
    assert Projector(projection=store).project(events) == len(events)
    before = content(store)
    assert Projector(projection=store).project(events) == 0
    assert content(store) == before


def test_a_replay_gives_the_same_numbers(table: Table, store: DynamoDBStatistics) -> None:
    events = history()
    log(table, events)
    Projector(projection=store).project(events)
    before = content(store)
    replay = Replay(log=DynamoDBWholeLog(table), projection=store, rebuilding=store, clock=StillClock(NOW))
    assert replay.run() == len(events)
    assert store.generations() == (2,)
    assert content(store) == before


def test_what_happens_during_a_replay_is_counted_once(table: Table, store: DynamoDBStatistics) -> None:
    events = history()
    log(table, events)
    Projector(projection=store).project(events[:8])
    generation = store.begin()
    Projector(projection=store).project(events[8:])
    store.add(generation, events[:12])
    assert store.generations() == (1, generation)
    before = content(store)
    store.switch(generation)
    assert content(store) == before


def test_a_replay_puts_right_what_is_wrong(table: Table, store: DynamoDBStatistics) -> None:
    events = history()
    log(table, events)
    Projector(projection=store).project(events[:7])
    Replay(log=DynamoDBWholeLog(table), projection=store, rebuilding=store, clock=StillClock(NOW)).run()
    counted = sum(tally.count("workflows_created") for key, tally in content(store).items() if key[:2] == (ALL, "day"))
    assert counted == 2
