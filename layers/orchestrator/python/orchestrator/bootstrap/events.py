"""The composition root of what lies behind the bus: webhooks, deliveries, the event log, commands."""

from functools import cache

from orchestrator.adapters.chance import SystemChance
from orchestrator.adapters.delivery_queue import SqsDeliveryQueue
from orchestrator.adapters.delivery_queue import from_plain as delivery_message
from orchestrator.adapters.dynamodb.deliveries import DynamoDBDeliveries
from orchestrator.adapters.dynamodb.event_log import DynamoDBEventLog
from orchestrator.adapters.dynamodb.inbox import DynamoDBInbox
from orchestrator.adapters.dynamodb.webhooks import DynamoDBWebhooks
from orchestrator.adapters.http import HttpWebhookSender, SystemResolver
from orchestrator.adapters.kms import KmsSecretBox
from orchestrator.adapters.rejected_commands import RejectedCommandQueue
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap.aws import kms, service_settings, sqs, table
from orchestrator.domain.webhooks.target import TargetRules, allowed_hosts
from orchestrator.services.events.deliveries import DeliveryService
from orchestrator.services.events.delivery_queue import DeliveryScheduler
from orchestrator.services.events.delivery_steps import DeliveryWorker
from orchestrator.services.events.events import EventService
from orchestrator.services.events.fan_out import FanOutService
from orchestrator.services.events.inbound import InboundService
from orchestrator.services.events.registration_rules import RegistrationRules
from orchestrator.services.events.signed_call import SignedCall
from orchestrator.services.events.webhooks import WebhookService
from orchestrator.settings import FanOutSettings, InboundSettings, WebhookSettings

__all__ = [
    "delivery_message",
    "delivery_service",
    "delivery_worker",
    "event_service",
    "fan_out_service",
    "inbound_service",
    "rejected_commands",
    "webhook_service",
]


@cache
def _settings() -> WebhookSettings:
    return WebhookSettings.from_environment()


@cache
def _rules() -> TargetRules:
    hosts = allowed_hosts(_settings().webhook_allowed_hosts)
    return TargetRules(allow_http=bool(_settings().webhook_allow_http), allowed_hosts=hosts)


@cache
def _webhooks() -> DynamoDBWebhooks:
    return DynamoDBWebhooks(table(), service_settings().event_retention_days)


@cache
def _deliveries() -> DynamoDBDeliveries:
    return DynamoDBDeliveries(table())


@cache
def _scheduler() -> DeliveryScheduler:
    url = FanOutSettings.from_environment().delivery_queue_url
    return DeliveryScheduler(queue=SqsDeliveryQueue(sqs, url), clock=SystemClock())


@cache
def _secrets() -> KmsSecretBox:
    return KmsSecretBox(kms, _settings().webhook_key_id)


@cache
def _signed() -> SignedCall:
    seconds = _settings().webhook_timeout_ms / 1000
    sender = HttpWebhookSender(rules=_rules(), resolver=SystemResolver(), seconds=seconds)
    return SignedCall(sender=sender, secrets=_secrets())


@cache
def event_service() -> EventService:
    """The event log as callers read it."""
    return EventService(log=DynamoDBEventLog(table()))


@cache
def webhook_service() -> WebhookService:
    """Use cases of webhooks."""
    return WebhookService(
        webhooks=_webhooks(),
        deliveries=_deliveries(),
        scheduler=_scheduler(),
        secrets=_secrets(),
        rules=RegistrationRules(resolver=SystemResolver(), targets=_rules()),
        clock=SystemClock(),
        ids=RandomIds(),
        chance=SystemChance(),
        pause=SystemPause(),
    )


@cache
def delivery_service() -> DeliveryService:
    """Deliveries as owners of webhooks see them."""
    return DeliveryService(
        webhooks=_webhooks(),
        deliveries=_deliveries(),
        scheduler=_scheduler(),
        signed=_signed(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def fan_out_service() -> FanOutService:
    """From one event to all who want it."""
    return FanOutService(webhooks=_webhooks(), deliveries=_deliveries(), scheduler=_scheduler(), clock=SystemClock())


@cache
def delivery_worker() -> DeliveryWorker:
    """Steps of deliveries."""
    return DeliveryWorker(
        webhooks=_webhooks(),
        deliveries=_deliveries(),
        scheduler=_scheduler(),
        signed=_signed(),
        clock=SystemClock(),
        ids=RandomIds(),
        chance=SystemChance(),
        pause=SystemPause(),
    )


@cache
def inbound_service() -> InboundService:
    """Commands, once each."""
    inbox = DynamoDBInbox(table(), service_settings().event_retention_days)
    return InboundService(inbox=inbox, clock=SystemClock(), ids=RandomIds())


@cache
def rejected_commands() -> RejectedCommandQueue:
    """Where rejected commands are set aside."""
    return RejectedCommandQueue(sqs, InboundSettings.from_environment().rejected_commands_queue_url)
