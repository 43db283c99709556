"""Reading the log: by instance, by type, by time; newest first, page by page, within the caller's projects."""

from collections import Counter
from datetime import timedelta

import pytest

from orchestrator.adapters.dynamodb.event_log import DynamoDBEventLog
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.events import Event, EventType
from orchestrator.ports.events import EventQuery
from orchestrator.ports.paging import Page
from orchestrator.services.events.events import EventService
from tests.builders import ADA, Runtime


@pytest.fixture
def log(runtime: Runtime) -> EventService:
    return EventService(log=DynamoDBEventLog(runtime.table))


@pytest.fixture
def instances(runtime: Runtime) -> list[str]:
    """Three instances with a completed task each, an hour apart, in projects p0, p1, p2."""
    definition = runtime.published()
    made = []
    for number in range(3):
        runtime.clock.forward(hours=1)
        instance = runtime.started(definition, context={"project_id": f"p{number}"})
        runtime.complete(runtime.arrive(instance, "first"))
        made.append(instance)
    return made


def read(log: EventService, query: EventQuery | None = None, caller: Caller = ADA, **page) -> list[Event]:
    return list(log.list(caller, query or EventQuery(), Page(**{"limit": 100, **page})).items)


def test_an_instance_in_order_without_gaps(log: EventService, instances: list[str]) -> None:
    events = read(log, EventQuery(instance_id=instances[0]))
    assert [event.sequence for event in events] == list(range(len(events), 0, -1))
    assert events[-1].type is EventType.WORKFLOW_CREATED
    assert {event.subject.instance_id for event in events} == {instances[0]}


def test_a_type_over_all_instances(log: EventService, instances: list[str]) -> None:
    events = read(log, EventQuery(event_type=EventType.TASK_COMPLETED))
    assert [event.subject.instance_id for event in events] == instances[::-1]


def test_everything_newest_first(log: EventService, instances: list[str]) -> None:
    events = read(log)
    assert [event.timestamp for event in events] == sorted((event.timestamp for event in events), reverse=True)
    assert set(instances) < {event.subject.instance_id for event in events}


def test_filters_add_up(log: EventService, runtime: Runtime, instances: list[str]) -> None:
    begin = runtime.clock.now() - timedelta(hours=1)
    for query in (
        EventQuery(instance_id=instances[1], event_type=EventType.TASK_COMPLETED),
        EventQuery(event_type=EventType.TASK_COMPLETED, after=begin, before=begin),
        EventQuery(instance_id=instances[1], event_type=EventType.TASK_COMPLETED, after=begin, before=begin),
    ):
        (event,) = read(log, query)
        assert (event.subject.instance_id, event.type) == (instances[1], EventType.TASK_COMPLETED)
    assert {event.timestamp for event in read(log, EventQuery(after=begin, before=begin))} == {begin}
    assert read(log, EventQuery(instance_id=instances[0], after=begin)) == []
    assert read(log, EventQuery(instance_id="wf-inst-unknown")) == []


@pytest.mark.parametrize("kind", ["instance", "type", "all", "time"])
def test_pages_by_offset_and_by_cursor_are_the_whole(
    log: EventService, runtime: Runtime, instances: list[str], kind: str
) -> None:
    query = {
        "instance": EventQuery(instance_id=instances[0]),
        "type": EventQuery(event_type=EventType.WORKFLOW_STARTED),
        "all": EventQuery(),
        "time": EventQuery(after=runtime.clock.now() - timedelta(hours=1)),
    }[kind]
    whole = read(log, query)
    by_offset = [event for start in range(0, len(whole), 2) for event in read(log, query, limit=2, offset=start)]
    by_cursor: list[Event] = []
    cursor = None
    while True:
        page = log.list(ADA, query, Page(limit=2, cursor=cursor))
        assert page.total == len(whole)
        by_cursor += page.items
        cursor = page.next_cursor
        assert page.has_more == (cursor is not None)
        if cursor is None:
            break
    assert by_offset == by_cursor == whole


def test_confined_callers_read_only_of_their_projects(log: EventService, instances: list[str]) -> None:
    p1 = Caller(subject="eve", project_ids=frozenset({"p1"}))
    assert {event.subject.instance_id for event in read(log, caller=p1)} == {instances[1]}
    assert {event.subject.project_id for event in read(log, caller=p1)} == {"p1"}
    assert read(log, EventQuery(instance_id=instances[0]), caller=p1) == []
    assert read(log, caller=Caller(subject="eve", project_ids=frozenset())) == []


def test_what_a_page_costs(log: EventService, runtime: Runtime, instances: list[str]) -> None:
    costs = {
        EventQuery(instance_id=instances[0]): {"Query": 1},
        EventQuery(event_type=EventType.TASK_CREATED): {"Query": 1},
        EventQuery(): {"Query": 1},
    }
    for query, cost in costs.items():
        runtime.calls.clear()
        log.list(ADA, query, Page(limit=100))
        assert runtime.calls == Counter(cost)
    runtime.calls.clear()
    log.list(ADA, EventQuery(), Page(limit=2))
    assert runtime.calls == Counter({"Query": 1, "BatchGetItem": 1}), "a further page, so the total is a counter's"


def test_a_range_that_ends_before_it_begins(log: EventService, runtime: Runtime) -> None:
    now = runtime.clock.now()
    with pytest.raises(InvalidRequest) as refused:
        read(log, EventQuery(after=now, before=now - timedelta(seconds=1)))
    assert refused.value.field == "end_time"
