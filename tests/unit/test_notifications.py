"""Who is told of what: events name their recipients, webhooks name theirs, and the answer tells who will hear."""

from dataclasses import replace
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator

from orchestrator.domain import instance_lifecycle, notification, task_lifecycle
from orchestrator.domain.assignment import AgentType, Assignee, Assignment, AssignmentMethod
from orchestrator.domain.cloud_event import arrival, body_of, cloud_event
from orchestrator.domain.event_catalogue import schema_of
from orchestrator.domain.events import EventType, Happening, number
from orchestrator.domain.ids import event_id
from orchestrator.domain.instance import Failure
from orchestrator.domain.reassignment import Reassignment, reassigned
from orchestrator.domain.webhooks.authentication import AuthType
from orchestrator.domain.webhooks.webhook import Filters, Webhook, WebhookId, WebhookStatus
from orchestrator.services.events.notices import notices
from tests.fakes.clock import BEGIN
from tests.unit.test_lifecycles import instance, task

LATER = BEGIN + timedelta(seconds=5)
ANN, BOB = (Assignee(agent_type=AgentType.HUMAN, agent_id=name) for name in ("ann", "bob"))
SCORING = Assignee(agent_type=AgentType.SERVICE, service_name="scoring", endpoint="https://s.example")
HOOK = Webhook(
    id=WebhookId("webhook-1"), url="https://hooks.example/", status=WebhookStatus.ACTIVE, created_at=BEGIN,
    updated_at=BEGIN, created_by="ada", auth_type=AuthType.NONE, sealed=b"", filters=Filters(recipients=("ann",)),
)  # fmt: skip
WISHES = {"on_completion": ["ann", "team-safety", "ann"], "on_failure": ["bob"]}


def given_to(who: Assignee, method: AssignmentMethod = AssignmentMethod.AUTOMATIC) -> Assignment:
    return Assignment(assigned_to=who, assignment_method=method, assigned_at=BEGIN)


def told(happening: Happening) -> list[tuple[str, str]]:
    return [(note.recipient, str(note.type)) for note in notification.in_event(happening.data)]


def moved(**options) -> Happening:
    given = Reassignment(**{"assignee": BOB, **options})
    _, (happening,) = reassigned(task_lifecycle.assigned(task(), given_to(ANN))[0], given, actor="ada", at=LATER)
    return happening


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [("ann", "task_unassigned"), ("bob", "task_assigned")]),
        ({"notify_previous": False}, [("bob", "task_assigned")]),
        ({"notify_new": False}, [("ann", "task_unassigned")]),
        ({"notify_previous": False, "notify_new": False}, []),
        ({"assignee": SCORING}, [("ann", "task_unassigned")]),
        ({"assignee": ANN}, [("ann", "task_assigned")]),
    ],
)
def test_a_task_that_changes_hands(options, expected) -> None:
    assert told(moved(**options)) == expected


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        (given_to(ANN), [("ann", "task_assigned")]),
        (given_to(ANN, AssignmentMethod.SELF), []),
        (given_to(SCORING), []),
    ],
)
def test_a_task_that_gets_a_performer(assignment, expected) -> None:
    assert told(task_lifecycle.assigned(task(), assignment)[1][0]) == expected


def test_the_end_of_an_instance() -> None:
    wanting = replace(instance(), notifications=WISHES)
    _, (done,) = instance_lifecycle.completed(wanting, output={}, at=LATER)
    _, (broken,) = instance_lifecycle.failed(wanting, Failure(reason="r", error_code="E"), at=LATER)
    assert told(done) == [("ann", "workflow_completed"), ("team-safety", "workflow_completed")]
    assert told(broken) == [("bob", "workflow_failed")]
    _, (quiet,) = instance_lifecycle.completed(instance(), output={}, at=LATER)
    assert "notifications" not in quiet.data


@pytest.mark.parametrize(
    ("changes", "heard"),
    [
        ({}, ["ann"]),
        ({"filters": Filters(recipients=("ann", "bob"))}, ["ann", "bob"]),
        ({"filters": Filters(recipients=("eve",))}, []),
        ({"filters": Filters(recipients=("ann",), workflow_definition_ids=("other",))}, []),
        ({"filters": Filters()}, []),
        ({"event_types": (EventType.TASK_ASSIGNED,)}, []),
        ({"event_types": (EventType.TASK_REASSIGNED,)}, ["ann"]),
        ({"status": WebhookStatus.PAUSED}, []),
        ({"status": WebhookStatus.DISABLED}, []),
        ({"visible_projects": ("p1",)}, []),
        ({"created_at": LATER + timedelta(seconds=1)}, []),
    ],
)
def test_the_answer_lists_whom_the_fan_out_reaches(changes, heard) -> None:
    hook, happening, subject = replace(HOOK, **changes), moved(), instance().subject
    sent = notices([happening], subject, [hook])
    assert [notice.notification.recipient for notice in sent] == heard
    assert {notice.sent_at for notice in sent} <= {LATER}
    (event,) = number([happening], after=0, subject=subject, new_id=lambda: event_id("1"))
    if hook.status is WebhookStatus.ACTIVE and hook.filters.recipients:
        assert hook.wants(arrival(cloud_event(event)).occurrence) is bool(heard)
    Draft202012Validator(schema_of(event.type)).validate(body_of(event))


def test_a_webhook_for_somebody_gets_nothing_else() -> None:
    _, (other,) = task_lifecycle.cancelled(task(), reason="r", at=LATER)
    (event,) = number([other], after=0, subject=instance().subject, new_id=lambda: event_id("1"))
    assert not HOOK.wants(arrival(cloud_event(event)).occurrence)
    assert replace(HOOK, filters=Filters()).wants(arrival(cloud_event(event)).occurrence)
