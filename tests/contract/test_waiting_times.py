"""Estimates follow from measured durations, and are unknown without them."""

from dataclasses import replace
from datetime import timedelta

from orchestrator.services.events.projection import Projector
from orchestrator.services.queue.batches import NewBatch
from tests.builders import ADA, Runtime
from tests.contract.test_admission import finish, narrow, start  # noqa: F401 - a fixture
from tests.contract.test_batches import asked


def project(runtime: Runtime, *instances: str) -> None:
    """Count the events of instances, as the projector does."""
    projector = Projector(projection=runtime.times.statistics)
    for identity in instances:
        head = runtime.instance_store.load(identity)
        events = runtime.instance_store.history(head, after=0, limit=50)
        projector.project(events)


def test_nothing_measured_nothing_estimated(narrow: Runtime) -> None:
    definition = narrow.published()
    for _ in range(3):
        start(narrow, narrow.created(definition))
    forecast = narrow.times.forecast()
    (place,) = forecast.places
    assert (place.position, place.estimated_start) == (1, None)
    assert forecast.cleared(1) is None
    assert forecast.end_of_batch("none") is None
    assert replace(forecast, places=()).cleared(0) == narrow.clock.now()


def test_each_waits_for_the_mean_duration_over_the_slots(narrow: Runtime) -> None:
    definition = narrow.published()
    done = [narrow.started(definition) for _ in range(2)]
    narrow.clock.forward(seconds=60)
    for instance in done:
        finish(narrow, instance)
    project(narrow, *done)
    assert narrow.times.forecast().mean == timedelta(seconds=60)
    for _ in range(5):
        start(narrow, narrow.created(definition))
    now = narrow.clock.now()
    forecast = narrow.times.forecast()
    assert [place.estimated_start - now for place in forecast.places] == [timedelta(seconds=s) for s in (30, 60, 90)]
    assert forecast.cleared(3) == now + timedelta(seconds=90)
    assert forecast.cleared(5) == now + timedelta(seconds=150), "two more, beyond the places"


def test_a_batch_waits_for_its_own_slots(runtime: Runtime) -> None:
    definition = runtime.published()
    done = runtime.started(definition)
    runtime.clock.forward(seconds=10)
    finish(runtime, done)
    project(runtime, done)
    workflows = asked(definition, 4)
    runtime.batches.start(ADA, NewBatch(workflows=workflows, fingerprint="f", id="b", max_concurrent=1))
    now = runtime.clock.now()
    assert [place.estimated_start - now for place in runtime.times.forecast().places] == [
        timedelta(seconds=seconds) for seconds in (10, 20, 30)
    ]
    assert runtime.batches.get(ADA, "b").estimated_completion == now + timedelta(seconds=40)
