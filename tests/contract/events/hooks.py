"""Webhooks over one table, with a queue in memory whose time a test moves, and shortcuts."""

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import boto3

from orchestrator.adapters.dynamodb.deliveries import DynamoDBDeliveries
from orchestrator.adapters.dynamodb.event_log import DynamoDBEventLog
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.webhooks import DynamoDBWebhooks
from orchestrator.adapters.http import HttpWebhookSender, SystemResolver
from orchestrator.adapters.kms import KmsSecretBox
from orchestrator.domain.caller import Caller
from orchestrator.domain.cloud_event import Arrival, arrival, cloud_event
from orchestrator.domain.events import Event, EventType, Subject
from orchestrator.domain.ids import DefinitionId, InstanceId, event_id
from orchestrator.domain.priority import Priority
from orchestrator.domain.webhooks.target import TargetRules
from orchestrator.domain.webhooks.webhook import Webhook
from orchestrator.ports.events import DeliveryMessage, WebhookSender
from orchestrator.ports.paging import Page
from orchestrator.services.events.deliveries import DeliveryService
from orchestrator.services.events.delivery_queue import DeliveryScheduler
from orchestrator.services.events.delivery_steps import DeliveryWorker
from orchestrator.services.events.events import EventService
from orchestrator.services.events.fan_out import FanOutService
from orchestrator.services.events.registration_rules import RegistrationRules
from orchestrator.services.events.signed_call import SignedCall
from orchestrator.services.events.webhooks import CountedWebhook, NewWebhook, WebhookService
from tests.contract.dynamodb import fresh_table
from tests.fakes.clock import RisingIds, StillClock
from tests.fakes.engine import NoPause

ADA = Caller(subject="ada", correlation_id="corr-1")
LOCAL = TargetRules(allow_http=True, allowed_hosts=frozenset({"127.0.0.1"}))
EVERYTHING = Page(limit=100)
LONGEST_DELAY = timedelta(minutes=15)


@dataclass
class MemoryQueue:
    """Hands messages out when they are due, or after a quarter of an hour, as SQS must."""

    waiting: list[tuple[datetime, int, DeliveryMessage]] = field(default_factory=list)
    order: count = field(default_factory=count)

    def send(self, messages, *, now: datetime) -> None:
        for message in messages:
            visible = max(now, min(message.due_at, now + LONGEST_DELAY))
            heapq.heappush(self.waiting, (visible, next(self.order), message))

    def take(self) -> tuple[datetime, DeliveryMessage]:
        at, _, message = heapq.heappop(self.waiting)
        return at, message


@dataclass
class Chance:
    """Always the longest delay; keys that differ."""

    numbers: count = field(default_factory=lambda: count(1))

    def fraction(self) -> float:
        return 1.0

    def key(self, size: int) -> bytes:
        return next(self.numbers).to_bytes(size)


class Hooks:
    def __init__(self, table: Table, calls: Any, sender: WebhookSender | None = None) -> None:
        self.table, self.calls = table, calls
        self.clock, self.ids, self.queue, self.chance = StillClock(), RisingIds(), MemoryQueue(), Chance()
        kms = boto3.client("kms", region_name="us-east-1", aws_access_key_id="t", aws_secret_access_key="t")
        box = KmsSecretBox(lambda: kms, kms.create_key()["KeyMetadata"]["KeyId"])
        self.webhook_store = DynamoDBWebhooks(table, 365)
        self.delivery_store = DynamoDBDeliveries(table)
        self.scheduler = DeliveryScheduler(queue=self.queue, clock=self.clock)
        sender = sender or HttpWebhookSender(rules=LOCAL, resolver=SystemResolver(), seconds=0.6)
        signed = SignedCall(sender=sender, secrets=box)
        stores = {"webhooks": self.webhook_store, "deliveries": self.delivery_store, "scheduler": self.scheduler}
        around = {"clock": self.clock, "ids": self.ids, "pause": NoPause()}
        self.webhooks = WebhookService(
            secrets=box,
            rules=RegistrationRules(resolver=SystemResolver(), targets=LOCAL),
            chance=self.chance,
            **stores,
            **around,
        )
        self.deliveries = DeliveryService(signed=signed, **stores, **around)
        self.worker = DeliveryWorker(signed=signed, chance=self.chance, **stores, **around)
        self.fan_out = FanOutService(**stores, clock=self.clock)
        self.events = EventService(log=DynamoDBEventLog(table))

    def registered(self, url: str, caller: Caller = ADA, **more: Any) -> Webhook:
        return self.webhooks.register(caller, NewWebhook(url=url, **more))[0]

    def of(self, webhook: Webhook) -> CountedWebhook:
        return self.webhooks.get(ADA, webhook.id)

    def listed(self, webhook: Webhook, **options: Any) -> tuple:
        return self.deliveries.list(ADA, webhook.id, status=options.get("status"), page=EVERYTHING).items

    def event(
        self,
        event_type: EventType = EventType.TASK_COMPLETED,
        *,
        sequence: int = 1,
        told: dict[str, Any] | None = None,
        **subject: Any,
    ) -> Arrival:
        """An event as it comes off the bus, now; `told` is its `data`."""
        about = Subject(
            definition_id=DefinitionId("wf-def-1"),
            instance_id=InstanceId("wf-inst-1"),
            project_id="p1",
            priority=Priority.MEDIUM,
        )
        happened = Event(
            id=event_id(self.ids.ulid()),
            type=event_type,
            timestamp=self.clock.now(),
            sequence=sequence,
            subject=replace(about, **subject),
            data=told or {"n": sequence},
        )
        return arrival(cloud_event(happened))

    def send(self, *arrivals: Arrival) -> None:
        for one in arrivals or (self.event(),):
            self.fan_out.distribute(one)

    def step(self) -> bool:
        """Handle the next message at its time; False: there is none."""
        if not self.queue.waiting:
            return False
        at, message = self.queue.take()
        self.clock.time = max(self.clock.time, at)
        self.worker.step(message, redelivered=False)
        return True

    def run(self, *, until: timedelta = timedelta(days=10)) -> None:
        """Handle messages until the queue is empty or the time is over."""
        end = self.clock.time + until
        while self.queue.waiting and self.queue.waiting[0][0] <= end:
            self.step()


@contextmanager
def hooks(sender: WebhookSender | None = None) -> Iterator[Hooks]:
    with fresh_table() as (table, calls):
        yield Hooks(table, calls, sender)
