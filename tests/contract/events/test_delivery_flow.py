"""Events on their way to real receivers: signed, retried, held, given up, sent again, counted."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from itertools import pairwise

import pytest

from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType
from orchestrator.domain.notification import Notification, NotificationType, noted
from orchestrator.domain.retry import BackoffStrategy, RetryPolicy
from orchestrator.domain.webhooks.delivery import DeliveryStatus
from orchestrator.domain.webhooks.health import THRESHOLD
from orchestrator.domain.webhooks.webhook import DisabledReason, Filters, WebhookStatus
from orchestrator.ports.events import EventQuery
from orchestrator.services.events.webhooks import NewWebhook
from tests.contract.events.hooks import ADA, EVERYTHING, Hooks
from tests.contract.events.receiver import Behaviour, Receiver, receiving, status


def verified(secret: str, request) -> bool:
    content = b".".join(
        (request.headers["webhook-id"].encode(), request.headers["webhook-timestamp"].encode(), request.body)
    )
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return expected in request.headers["webhook-signature"].split()


def failing_first(receiver: Receiver, count: int) -> Behaviour:
    def behave(handler, got) -> None:
        status(503 if len(receiver.received) <= count else 200)(handler, got)

    return behave


def test_an_event_arrives_signed_and_authenticated(world: Hooks, receiver: Receiver) -> None:
    new = NewWebhook(url=receiver.url, auth_type="bearer_token", credentials={"token": "abc"})
    webhook, secret = world.webhooks.register(ADA, new)
    event = world.event()
    world.send(event)
    world.run()
    (got,) = receiver.received
    assert verified(secret, got)
    assert got.headers["authorization"] == "Bearer abc"
    assert got.headers["webhook-id"] == got.headers["ce-id"] == event.event_id
    assert (got.headers["ce-type"], got.headers["ce-specversion"]) == ("task_completed", "1.0")
    assert got.headers["content-type"] == "application/json"
    assert json.loads(got.body)["event_id"] == event.event_id
    counted = world.of(webhook)
    assert (counted.stats.total, counted.stats.successful, counted.stats.success_rate) == (1, 1, 100)
    assert counted.stats.last_triggered == world.clock.now()


def test_after_a_rotation_both_keys_verify_for_a_while(world: Hooks, receiver: Receiver) -> None:
    webhook, old = world.webhooks.register(ADA, NewWebhook(url=receiver.url))
    new = world.webhooks.rotate(ADA, webhook.id, secret=None, overlap=timedelta(hours=1))
    world.send()
    world.run()
    world.clock.forward(hours=2)
    world.send()
    world.run()
    during, after = receiver.received
    assert (verified(old, during), verified(new, during)) == (True, True)
    assert (verified(old, after), verified(new, after)) == (False, True)


def test_only_those_who_want_it_get_it(world: Hooks, receiver: Receiver) -> None:
    world.registered(receiver.url, event_types=("task_failed",))
    wanting = world.registered(receiver.url, event_types=("task_completed",))
    world.send(world.event(EventType.TASK_COMPLETED))
    world.run()
    assert len(receiver.received) == 1
    assert world.of(wanting).stats.total == 1


def test_a_notification_goes_to_its_recipients_and_into_the_delivery_log(world: Hooks, receiver: Receiver) -> None:
    anns, teams, bobs = (
        world.registered(receiver.url, filters=Filters(recipients=names))
        for names in (("ann",), ("team-x", "ann"), ("bob",))
    )
    notes = noted([Notification(recipient="ann", type=NotificationType.TASK_ASSIGNED)])
    event = world.event(EventType.TASK_ASSIGNED, told=notes)
    world.send(event, event, world.event())
    world.run()
    assert [json.loads(got.body)["data"] for got in receiver.received] == [notes, notes]
    assert {got.headers["webhook-id"] for got in receiver.received} == {event.event_id}
    logs = [[(one.event_id, one.status) for one in world.listed(hook)] for hook in (anns, teams, bobs)]
    delivered = [(event.event_id, DeliveryStatus.DELIVERED)]
    assert logs == [delivered, delivered, []]


def test_a_failing_receiver_is_tried_again_by_its_policy(world: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = status(500, b"broken")
    policy = RetryPolicy(max_retries=3, backoff_strategy=BackoffStrategy.EXPONENTIAL)
    webhook = world.registered(receiver.url, retry_policy=policy)
    world.send()
    world.run()
    (delivery,) = world.listed(webhook)
    assert delivery.status is DeliveryStatus.FAILED
    times = [attempt.at for attempt in delivery.attempts]
    assert [(after - before).total_seconds() for before, after in pairwise(times)] == [1, 2, 4]
    assert {request.headers["webhook-id"] for request in receiver.received} == {delivery.event_id}
    assert len({request.body for request in receiver.received}) == 1
    last = delivery.attempts[-1]
    assert (last.number, last.answer.status_code, last.answer.body, last.url) == (4, 500, "broken", receiver.url)
    stats = world.of(webhook).stats
    assert (stats.attempts, stats.total, stats.failed, stats.success_rate) == (4, 1, 1, 0)


def test_it_recovers_on_the_way(world: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = failing_first(receiver, 2)
    webhook = world.registered(receiver.url)
    world.send()
    world.run()
    assert world.listed(webhook)[0].status is DeliveryStatus.DELIVERED
    assert world.of(webhook).stats.success_rate == 100


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_redirects_are_failures(world: Hooks, receiver: Receiver, code: int) -> None:
    receiver.behaviour = status(code, Location="http://127.0.0.1:1/")
    webhook = world.registered(receiver.url, retry_policy=RetryPolicy(max_retries=0))
    world.send()
    world.run()
    assert world.listed(webhook)[0].error == "redirect"


def test_gone_disables_with_an_event(world: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = status(410)
    webhook = world.registered(receiver.url)
    world.send()
    world.run()
    after = world.of(webhook).webhook
    assert (after.status, after.disabled_reason) == (WebhookStatus.DISABLED, DisabledReason.GONE)
    (event,) = world.events.list(ADA, EventQuery(event_type=EventType.WEBHOOK_DISABLED), EVERYTHING).items
    assert (event.data["webhook_id"], event.data["reason"]) == (webhook.id, "gone")
    world.send()
    world.run()
    assert len(receiver.received) == 1


def test_days_of_failures_disable(world: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = status(500)
    webhook = world.registered(receiver.url, retry_policy=RetryPolicy(max_retries=100))
    world.send()
    world.run(until=timedelta(minutes=1))
    world.clock.forward(days=3)
    assert world.of(webhook).webhook.status is WebhookStatus.ACTIVE
    world.send()
    world.run()
    after = world.of(webhook).webhook
    assert (after.status, after.disabled_reason) == (WebhookStatus.DISABLED, DisabledReason.FAILING)
    assert {delivery.status for delivery in world.listed(webhook)} == {DeliveryStatus.FAILED}
    world.webhooks.resume(ADA, webhook.id)
    world.send()
    world.run(until=timedelta(seconds=1))
    assert world.of(webhook).webhook.status is WebhookStatus.ACTIVE, "its past must be forgotten"


def test_a_receiver_that_is_down_costs_few_requests_and_no_event(world: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = status(503)
    webhook = world.registered(receiver.url, retry_policy=RetryPolicy(max_retries=3))
    world.send(*(world.event(sequence=number) for number in range(20)))
    world.run(until=timedelta(minutes=5))
    while_down = len(receiver.received)
    assert while_down < 20 + THRESHOLD, "almost one request per event"
    receiver.behaviour = status(200)
    world.run(until=timedelta(minutes=10))
    assert {delivery.status for delivery in world.listed(webhook)} == {DeliveryStatus.DELIVERED}
    assert world.of(webhook).stats.successful == 20


def test_a_dead_receiver_does_not_delay_others(world: Hooks, receiver: Receiver) -> None:
    with receiving(status(500)) as dead:
        world.registered(dead.url, retry_policy=RetryPolicy(max_retries=50))
        world.registered(receiver.url)
        world.send(*(world.event(sequence=number) for number in range(10)))
        began = world.clock.now()
        while len(receiver.received) < 10:
            assert world.step()
        assert world.clock.now() == began


def test_paused_events_wait_and_are_sent_on_resuming(world: Hooks, receiver: Receiver) -> None:
    webhook = world.registered(receiver.url)
    world.webhooks.hold(ADA, webhook.id)
    world.send(world.event(sequence=1), world.event(sequence=2))
    world.run(until=timedelta(minutes=1))
    assert receiver.received == []
    assert {delivery.status for delivery in world.listed(webhook, status=DeliveryStatus.HELD)} == {"held"}
    world.webhooks.resume(ADA, webhook.id)
    began = world.clock.now()
    while len(receiver.received) < 2:
        assert world.step()
    assert world.clock.now() == began
    world.run()
    assert len(receiver.received) == 2, "the safety net sent something twice"


def test_one_event_can_be_sent_again_under_its_id(world: Hooks, receiver: Receiver) -> None:
    webhook = world.registered(receiver.url)
    world.send()
    world.run()
    (delivery,) = world.listed(webhook)
    world.deliveries.redeliver(ADA, webhook.id, delivery.event_id)
    with pytest.raises(Conflict):
        world.deliveries.redeliver(ADA, webhook.id, delivery.event_id)
    world.run()
    assert [request.headers["webhook-id"] for request in receiver.received] == [delivery.event_id] * 2
    assert world.deliveries.get(ADA, webhook.id, delivery.event_id).round == 2
    assert world.of(webhook).stats.total == 1


def test_what_failed_since_a_time_can_be_sent_again(world: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = status(500)
    webhook = world.registered(receiver.url, retry_policy=RetryPolicy(max_retries=0))
    world.send()
    world.run()
    world.clock.forward(hours=1)
    since = world.clock.now()
    world.send(world.event(), world.event())
    world.run(until=timedelta(minutes=1))
    receiver.behaviour = status(200)
    assert world.deliveries.redeliver_failed(ADA, webhook.id, since=since) == 2
    world.run()
    stats = world.of(webhook).stats
    assert (stats.successful, stats.failed) == (2, 1)


def test_a_test_tells_what_came_back_and_leaves_nothing(world: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = status(418, b"short and stout")
    webhook = world.registered(receiver.url)
    trial = world.deliveries.test(ADA, webhook.id)
    answer = trial.attempts[0].answer
    assert (answer.status_code, answer.body) == (418, "short and stout")
    assert json.loads(receiver.received[0].body)["event_type"] == "webhook_test"
    assert world.listed(webhook) == ()
    assert world.of(webhook).stats.attempts == 0


def test_removed_webhooks_get_nothing_more(world: Hooks, receiver: Receiver) -> None:
    webhook = world.registered(receiver.url)
    world.send()
    world.webhooks.remove(ADA, webhook.id)
    world.run()
    assert receiver.received == []


def test_a_repeated_fan_out_changes_nothing(world: Hooks, receiver: Receiver) -> None:
    webhook = world.registered(receiver.url)
    event = world.event()
    world.send(event)
    world.run()
    world.send(event)
    world.run()
    assert len(world.listed(webhook)) == 1
    assert len(receiver.received) == 1


def test_a_crash_between_record_and_queue_is_made_up_when_the_message_comes_again(
    world: Hooks, receiver: Receiver
) -> None:
    receiver.behaviour = failing_first(receiver, 1)
    webhook = world.registered(receiver.url)
    world.send()
    _, message = world.queue.take()
    world.worker.step(message, redelivered=False)
    world.queue.waiting.clear()  # the retry was never queued
    world.worker.step(message, redelivered=True)
    world.run()
    assert world.listed(webhook)[0].status is DeliveryStatus.DELIVERED


def test_the_same_message_twice_is_one_attempt(world: Hooks, receiver: Receiver) -> None:
    receiver.behaviour = status(500)
    world.registered(receiver.url)
    world.send()
    _, message = world.queue.take()
    world.worker.step(message, redelivered=False)
    world.worker.step(message, redelivered=False)
    assert len(receiver.received) == 1
    assert len(world.queue.waiting) == 1


def test_a_delivery_costs_one_read_and_one_write(world: Hooks, receiver: Receiver) -> None:
    world.registered(receiver.url)
    world.send()
    world.run()
    world.calls.clear()
    world.send()
    assert dict(world.calls) == {"GetItem": 1, "TransactWriteItems": 1}
    world.calls.clear()
    world.run()
    assert dict(world.calls) == {"BatchGetItem": 1, "TransactWriteItems": 1}
