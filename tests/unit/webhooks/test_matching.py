"""Which webhooks want which events, and how events leave."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.domain.caller import Caller
from orchestrator.domain.cloud_event import arrival, body_of, cloud_event
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.events import Event, EventType, Subject
from orchestrator.domain.ids import DefinitionId, EventId, InstanceId, TaskId
from orchestrator.domain.priority import Priority
from orchestrator.domain.webhooks.authentication import AuthType
from orchestrator.domain.webhooks.webhook import Filters, Webhook, WebhookId, WebhookStatus, event_types

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
EVENT = Event(
    id=EventId("event-01"),
    type=EventType.TASK_COMPLETED,
    timestamp=NOW,
    sequence=7,
    subject=Subject(
        definition_id=DefinitionId("wf-def-1"),
        instance_id=InstanceId("wf-inst-1"),
        project_id="p1",
        user_id="ada",
        correlation_id="corr-1",
        priority=Priority.HIGH,
    ),
    data={"task_name": "Überprüfen"},
    task_id=TaskId("task-1"),
)
WEBHOOK = Webhook(
    id=WebhookId("webhook-1"),
    url="https://hooks.example/",
    status=WebhookStatus.ACTIVE,
    created_at=NOW - timedelta(hours=1),
    updated_at=NOW,
    created_by="ada",
    auth_type=AuthType.NONE,
    sealed=b"sealed",
)


def wanted(event: Event = EVENT, **changes) -> bool:
    return replace(WEBHOOK, **changes).wants(arrival(cloud_event(event)).occurrence)


def test_the_body_has_the_shape_of_the_spec() -> None:
    assert body_of(EVENT) == {
        "event_id": "event-01",
        "event_type": "task_completed",
        "timestamp": "2026-01-15T12:00:00.000Z",
        "workflow_instance_id": "wf-inst-1",
        "workflow_definition_id": "wf-def-1",
        "task_id": "task-1",
        "sequence": 7,
        "data": {"task_name": "Überprüfen"},
        "metadata": {"project_id": "p1", "correlation_id": "corr-1"},
    }


def test_the_envelope_is_a_cloud_event_and_its_data_what_receivers_get() -> None:
    envelope = cloud_event(EVENT)
    assert {"specversion", "id", "source", "type"} <= set(envelope)
    assert all(name.isalnum() and name.islower() for name in envelope)
    assert json.loads(arrival(envelope).payload) == body_of(EVENT)
    assert envelope["sequence"] == "0000000007"


def test_without_filters_everything_is_wanted() -> None:
    assert wanted()


@pytest.mark.parametrize(
    ("filters", "wants"),
    [
        (Filters(project_ids=("p1", "p2")), True),
        (Filters(project_ids=("p2",)), False),
        (Filters(workflow_definition_ids=("wf-def-1",)), True),
        (Filters(workflow_definition_ids=("wf-def-2",)), False),
        (Filters(priority_levels=(Priority.HIGH, Priority.CRITICAL)), True),
        (Filters(priority_levels=(Priority.LOW,)), False),
        (Filters(project_ids=("p1",), priority_levels=(Priority.LOW,)), False),
    ],
)
def test_filters(filters: Filters, wants: bool) -> None:
    assert wanted(filters=filters) is wants


def test_a_filter_excludes_events_without_the_attribute() -> None:
    bare = replace(EVENT, subject=Subject())
    assert wanted(bare)
    assert not wanted(bare, filters=Filters(project_ids=("p1",)))


def test_types_status_and_time_of_registration() -> None:
    assert wanted(event_types=(EventType.TASK_COMPLETED,))
    assert not wanted(event_types=(EventType.TASK_FAILED,))
    assert wanted(status=WebhookStatus.PAUSED)
    assert not wanted(status=WebhookStatus.DISABLED)
    assert not wanted(created_at=NOW + timedelta(milliseconds=1))


def test_a_confined_registrant_gets_no_events_of_other_projects() -> None:
    assert wanted(visible_projects=("p1",))
    assert not wanted(visible_projects=("p2",), filters=Filters(project_ids=("p1",)))
    assert not wanted(visible_projects=())
    assert not wanted(replace(EVENT, subject=Subject()), visible_projects=("p1",))


def test_who_sees_a_webhook() -> None:
    everyone, p1, p12 = (
        Caller(subject="a"),
        *(Caller(subject="a", project_ids=frozenset(ids)) for ids in ({"p1"}, {"p1", "p2"})),
    )
    confined = replace(WEBHOOK, visible_projects=("p1", "p2"))
    assert [it.visible_to(p1) for it in (WEBHOOK, confined)] == [False, False]
    assert [it.visible_to(p12) for it in (WEBHOOK, confined)] == [False, True]
    assert [it.visible_to(everyone) for it in (WEBHOOK, confined)] == [True, True]


def test_unknown_event_types_are_named_by_position() -> None:
    assert event_types(("*",)) == ()
    assert event_types(("task_failed", "task_failed")) == (EventType.TASK_FAILED,)
    with pytest.raises(InvalidRequest) as refused:
        event_types(("task_failed", "task_exploded"))
    assert refused.value.field == "event_types[1]"
