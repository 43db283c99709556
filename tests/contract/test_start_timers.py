"""Timers of start events: one instance for each occurrence, whoever sweeps how often."""

from datetime import timedelta

import pytest

from orchestrator.adapters.dynamodb import schedules
from orchestrator.domain.definition import DefinitionStatus, DefinitionUpdate
from orchestrator.domain.errors import ModelRejected, Unavailable
from tests.builders import ADA, Runtime
from tests.contract.test_event_starts import instances_of
from tests.fakes.clock import BEGIN

MODEL = """
startEvent:tick {"name": "Tick"}
>timer:tick:TIME
userTask:work
"""


def published(runtime: Runtime, time: str, **more: str) -> str:
    return runtime.published(MODEL.replace("TIME", time), **more)


def sweep(runtime: Runtime) -> int:
    return runtime.timers.sweep(lambda: True)


def rows(runtime: Runtime) -> list[str]:
    found = runtime.table.client.scan(TableName=runtime.table.name)["Items"]
    return [item["sk"]["S"] for item in found if item["sk"]["S"].startswith("SCHEDULE#")]


def begun(runtime: Runtime, time: str, minutes: int) -> list[int]:
    """Minutes after the publication in which instances begin."""
    definition, found = published(runtime, time), []
    for minute in range(minutes + 1):
        before = len(instances_of(runtime, definition))
        sweep(runtime)
        found += [minute] * (len(instances_of(runtime, definition)) - before)
        runtime.clock.forward(minutes=1)
    return found


@pytest.mark.parametrize(
    ("time", "minutes"),
    [
        ("duration:PT2M", [2]),
        ("date:2026-01-15T10:03:00Z", [3]),
        ("date:2020-01-01", [0]),
        ("cycle:R/PT2M", [2, 4, 6, 8]),
        ("cycle:R2/PT2M", [2, 4]),
        ("cycle:R0/PT2M", []),
        ("cycle:PT3M", [3, 6]),
        ("cycle:R/2026-01-15T10:01:00Z/PT4M", [1, 5]),
        ("cycle:R/2026-01-15T09:59:00Z/PT4M", [3, 7]),
        ("cycle:R3/2026-01-15T09:54:00Z/PT4M", [2]),
        ("cycle:R/PT2M/2026-01-15T10:05:00Z", [2, 4]),
        ("cycle:R5/PT30S", [1, 1, 2, 2, 3]),
        ("cycle:0 */5 * * * *", [5]),
        ("cycle:0 3 10 ? * MON-FRI", [3]),
        ("cycle:@hourly", []),
        ('duration:="PT" + "3M"', [3]),
    ],
)
def test_a_timer_starts_instances_when_it_says(runtime: Runtime, time: str, minutes: list[int]) -> None:
    assert begun(runtime, time, 8) == minutes


def test_an_occurrence_is_told_of_and_begins_at_its_start_event(runtime: Runtime) -> None:
    definition = published(runtime, "duration:PT1H")
    runtime.clock.forward(hours=1)
    assert sweep(runtime) == 1
    (instance,) = instances_of(runtime, definition)
    assert runtime.engine.inputs[instance]["entry"] == "tick"
    events = {event["type"]: event for event in runtime.events(instance)}
    assert list(events) == ["workflow_created", "timer_triggered", "workflow_started"]
    assert "2026-01-15T11:00" in events["timer_triggered"]["data"]
    assert (runtime.status(instance).created_by, rows(runtime)) == ("ada", [])


def test_occurrences_that_no_sweep_met_are_made_up_for_once_each(runtime: Runtime) -> None:
    definition = published(runtime, "cycle:R/PT1H")
    runtime.clock.forward(hours=5)
    assert [sweep(runtime), sweep(runtime)] == [5, 0]
    assert len(instances_of(runtime, definition)) == 5


def test_a_sweep_that_is_cut_off_repeats_nothing(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    definition = published(runtime, "cycle:R2/PT1H")
    runtime.clock.forward(hours=1)

    def cut_off(*_: object) -> bool:
        raise Unavailable("the process died")

    with monkeypatch.context() as patch:
        patch.setattr(type(runtime.timers.schedules), "move", cut_off)
        sweep(runtime)
    assert [sweep(runtime), len(instances_of(runtime, definition))] == [0, 1]
    runtime.clock.forward(hours=1)
    assert [sweep(runtime), len(instances_of(runtime, definition))] == [1, 2]


def test_a_publication_begins_to_count_anew_and_ends_the_timers_before_it(runtime: Runtime) -> None:
    definition = published(runtime, "cycle:R/PT1H")
    runtime.clock.forward(minutes=30)
    update = DefinitionUpdate(version="2.0.0", content=MODEL.replace("TIME", "cycle:R/PT2H"))
    runtime.definitions.update(ADA, definition, update)
    runtime.definitions.publish(ADA, definition)
    assert len(rows(runtime)) == 1
    runtime.clock.forward(hours=2, minutes=-1)
    assert sweep(runtime) == 0
    runtime.clock.forward(minutes=1)
    assert sweep(runtime) == 1
    (instance,) = instances_of(runtime, definition)
    assert str(runtime.status(instance).definition_version) == "2.0.0"


@pytest.mark.parametrize("status", [DefinitionStatus.DEPRECATED, DefinitionStatus.ARCHIVED, None])
def test_what_serves_no_more_counts_no_more(runtime: Runtime, status: DefinitionStatus | None) -> None:
    definition = published(runtime, "cycle:R/PT1H")
    runtime.definitions.update(ADA, definition, DefinitionUpdate(name="renamed"))
    assert len(rows(runtime)) == 1
    if status is None:
        runtime.definitions.delete(ADA, definition)
    else:
        runtime.definitions.update(ADA, definition, DefinitionUpdate(status=status))
    assert rows(runtime) == []
    if status is DefinitionStatus.DEPRECATED:
        runtime.clock.forward(hours=3)
        runtime.definitions.update(ADA, definition, DefinitionUpdate(status=DefinitionStatus.PUBLISHED))
        assert sweep(runtime) == 0
        runtime.clock.forward(hours=1)
        assert sweep(runtime) == 1


@pytest.mark.parametrize(
    "time",
    [
        "date:=launch", "duration:=length", 'date:="soon"', "duration:=7", 'cycle:="R/ten"', "cycle:@sometimes",
        "cycle:0 0 9 * *", "cycle:0 0 9 1 * MON", "cycle:0 0 9 31 2 ?", "cycle:0 0 9 1W * ?",
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_read_keeps_the_version_from_being_published(runtime: Runtime, time: str) -> None:
    with pytest.raises(ModelRejected) as refused:
        published(runtime, time)
    assert [(f.code, f.element_id) for f in refused.value.findings] == [("START_EVENT_UNRESOLVED", "tick")]
    assert rows(runtime) == []


def test_many_timers_are_swept_page_by_page(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "PAGE", 2)
    for _ in range(5):
        published(runtime, "cycle:R/PT1H")
    runtime.clock.forward(hours=1)
    assert sweep(runtime) == 5


def test_a_stage_may_shorten_waits(runtime: Runtime) -> None:
    object.__setattr__(runtime.definitions, "timer_scale", 0.01)
    object.__setattr__(runtime.timers, "scale", 0.01)
    published(runtime, "cycle:R/PT100M")
    found = []
    for _ in range(4):
        found.append(sweep(runtime))
        runtime.clock.forward(minutes=1)
    assert found == [0, 1, 1, 1]
    assert runtime.clock.now() - BEGIN == timedelta(minutes=4)
