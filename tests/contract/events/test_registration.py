"""Registering, changing and removing webhooks: what is kept, told, hidden and refused."""

import json
from datetime import timedelta

import pytest

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound
from orchestrator.domain.events import EventType
from orchestrator.domain.priority import Priority
from orchestrator.domain.retry import BackoffStrategy, RetryPolicy
from orchestrator.domain.webhooks.webhook import Filters, WebhookStatus, WebhookUpdate
from orchestrator.ports.events import EventQuery
from orchestrator.services.events.webhooks import NewWebhook
from tests.contract.events.hooks import ADA, EVERYTHING, Hooks

URL = "https://hooks.example.com/in"
P1 = Caller(subject="eve", project_ids=frozenset({"p1"}))


def told(world: Hooks) -> list[tuple[str, int]]:
    """Events of webhooks, oldest first."""
    found = world.events.list(ADA, EventQuery(), EVERYTHING).items
    return [(event.type.value, event.sequence) for event in reversed(found)]


def test_a_webhook_comes_back_as_it_was_registered(world: Hooks) -> None:
    new = NewWebhook(
        url=URL,
        event_types=("workflow_completed", "task_failed"),
        filters=Filters(project_ids=("p1",), priority_levels=(Priority.HIGH,)),
        auth_type="bearer_token",
        credentials={"token": "very-secret"},
        retry_policy=RetryPolicy(max_retries=5, backoff_strategy=BackoffStrategy.FIBONACCI),
    )
    webhook, secret = world.webhooks.register(ADA, new)
    assert secret.startswith("whsec_")
    counted = world.webhooks.get(ADA, webhook.id)
    assert counted.webhook == webhook
    assert (counted.stats.total, counted.stats.success_rate, counted.stats.last_triggered) == (0, 0, None)
    assert webhook.event_types == (EventType.WORKFLOW_COMPLETED, EventType.TASK_FAILED)
    assert world.webhooks.list(ADA, EVERYTHING).items == (counted,)


def test_secrets_are_stored_encrypted_and_shown_nowhere(world: Hooks) -> None:
    new = NewWebhook(url=URL, auth_type="bearer_token", credentials={"token": "very-secret"})
    webhook, secret = world.webhooks.register(ADA, new)
    stored = repr(world.table.client.scan(TableName="record")["Items"])
    for hidden in ("very-secret", secret, secret.removeprefix("whsec_")):
        assert hidden not in stored
        assert hidden not in repr((new, webhook))


def test_a_registration_reads_little_and_writes_once(world: Hooks) -> None:
    world.registered(URL)
    world.calls.clear()
    world.registered(URL)
    assert dict(world.calls) == {"GetItem": 1, "Query": 1, "TransactWriteItems": 1}


def test_the_list_of_all_is_read_again_only_when_one_has_changed(world: Hooks) -> None:
    webhook = world.registered(URL)
    world.webhook_store.all()
    world.calls.clear()
    world.webhook_store.all()
    assert dict(world.calls) == {"GetItem": 1}
    world.webhooks.hold(ADA, webhook.id)
    assert world.webhook_store.all()[0].status is WebhookStatus.PAUSED


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "nonsense"}, "url"),
        ({"url": "https://10.1.2.3/"}, "url"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "url"),
        ({"url": "https://[::1]/"}, "url"),
        ({"url": "https://localhost/"}, "url"),
        ({"url": "https://2130706433/"}, "url"),
        ({"event_types": ("task_exploded",)}, "event_types[0]"),
        ({"auth_type": "kerberos"}, "authentication.auth_type"),
        ({"auth_type": "bearer_token"}, "authentication.credentials.token"),
        ({"signing_secret": "mine"}, "signing_secret"),
        ({"retry_policy": RetryPolicy(max_retries=101)}, "retry_policy.max_retries"),
    ],
)
def test_what_is_refused_names_its_field_and_writes_nothing(world: Hooks, fields: dict, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        world.webhooks.register(ADA, NewWebhook(**{"url": URL, **fields}))
    assert refused.value.field == field
    assert world.webhook_store.all() == ()


def test_unknown_webhooks_are_not_found(world: Hooks) -> None:
    for call in (
        lambda: world.webhooks.get(ADA, "webhook-unknown"),
        lambda: world.webhooks.remove(ADA, "webhook-unknown"),
        lambda: world.webhooks.update(ADA, "webhook-unknown", WebhookUpdate(description="x")),
        lambda: world.deliveries.test(ADA, "webhook-unknown"),
    ):
        with pytest.raises(NotFound) as missing:
            call()
        assert missing.value.resource_type == "webhook"


def test_changes_are_told_in_order(world: Hooks) -> None:
    webhook = world.registered(URL)
    world.clock.forward(seconds=1)
    world.webhooks.update(ADA, webhook.id, WebhookUpdate(event_types=("task_failed",), description="mine"))
    world.clock.forward(seconds=1)
    world.webhooks.hold(ADA, webhook.id)
    world.clock.forward(seconds=1)
    world.webhooks.resume(ADA, webhook.id)
    world.clock.forward(seconds=1)
    world.webhooks.rotate(ADA, webhook.id, secret=None, overlap=timedelta(hours=1))
    world.clock.forward(seconds=1)
    world.webhooks.remove(ADA, webhook.id)
    assert told(world) == [
        ("webhook_registered", 1),
        ("webhook_updated", 2),
        ("webhook_paused", 3),
        ("webhook_resumed", 4),
        ("webhook_secret_rotated", 5),
        ("webhook_removed", 6),
    ]
    events = world.events.list(ADA, EventQuery(), EVERYTHING).items
    assert "whsec" not in json.dumps([dict(event.data) for event in events], default=str)
    with pytest.raises(NotFound):
        world.webhooks.get(ADA, webhook.id)


def test_what_may_not_follow_is_a_conflict(world: Hooks) -> None:
    webhook = world.registered(URL)
    with pytest.raises(Conflict) as refused:
        world.webhooks.resume(ADA, webhook.id)
    assert refused.value.current_status == "active"
    world.webhooks.hold(ADA, webhook.id)
    with pytest.raises(Conflict):
        world.webhooks.hold(ADA, webhook.id)


def test_confined_callers_see_and_hear_only_of_their_projects(world: Hooks) -> None:
    everyones, mine = world.registered(URL), world.registered(URL, caller=P1)
    assert mine.visible_projects == ("p1",)
    assert [row.webhook.id for row in world.webhooks.list(P1, EVERYTHING).items] == [mine.id]
    with pytest.raises(NotFound):
        world.webhooks.get(P1, everyones.id)
    with pytest.raises(Forbidden):
        world.registered(URL, caller=P1, filters=Filters(project_ids=("p2",)))
    with pytest.raises(Forbidden):
        world.webhooks.update(P1, mine.id, WebhookUpdate(filters=Filters(project_ids=("p2",))))


def test_pages_of_webhooks(world: Hooks) -> None:
    made = [world.registered(f"{URL}/{number}") for number in range(5)]
    from orchestrator.ports.paging import Page

    first = world.webhooks.list(ADA, Page(limit=2))
    last = world.webhooks.list(ADA, Page(limit=2, offset=4))
    assert [row.webhook.id for row in first.items] == [made[4].id, made[3].id]
    assert (first.total, first.has_more) == (5, True)
    assert ([row.webhook.id for row in last.items], last.has_more) == ([made[0].id], False)
