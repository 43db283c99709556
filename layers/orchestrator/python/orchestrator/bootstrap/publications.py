"""Messages, signals and timers."""

from functools import cache

from orchestrator.adapters.dynamodb.channels import DynamoDBSubscriptions
from orchestrator.adapters.dynamodb.messages import DynamoDBMessages
from orchestrator.adapters.dynamodb.schedules import DynamoDBSchedules
from orchestrator.adapters.dynamodb.starts import DynamoDBStarts
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap import instances, stores
from orchestrator.bootstrap.aws import engine_settings, service_settings, table
from orchestrator.services.publications.condition_starts import ConditionStarts
from orchestrator.services.publications.correlation import Correlation
from orchestrator.services.publications.event_starts import EventStarts
from orchestrator.services.publications.messages import MessageService
from orchestrator.services.publications.signals import SignalService
from orchestrator.services.publications.start_timers import StartTimers


@cache
def _messages() -> DynamoDBMessages:
    return DynamoDBMessages(table(), service_settings().event_retention_days)


@cache
def message_service() -> MessageService:
    """Use cases of messages."""
    return MessageService(
        messages=_messages(),
        subscriptions=DynamoDBSubscriptions(table()),
        correlation=correlation(),
        starts=event_starts(),
        clock=SystemClock(),
        ids=RandomIds(),
    )


@cache
def start_timers() -> StartTimers:
    """Timers that start instances."""
    return StartTimers(
        schedules=DynamoDBSchedules(table()),
        starts=event_starts(),
        definitions=stores.definitions(),
        clock=SystemClock(),
        scale=engine_settings().wait_scale,
    )


@cache
def event_starts() -> EventStarts:
    """Instances that events start."""
    return EventStarts(
        starts=DynamoDBStarts(table()),
        messages=_messages(),
        instances=stores.instances(),
        definitions=stores.definitions(),
        engine=stores.engine(),
        door=instances.door(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def signal_service() -> SignalService:
    """Use cases of signals."""
    return SignalService(
        subscriptions=DynamoDBSubscriptions(table()),
        correlation=correlation(),
        starts=event_starts(),
        ids=RandomIds(),
    )


@cache
def condition_starts() -> ConditionStarts:
    """Use case of conditional start events."""
    return ConditionStarts(starts=event_starts(), clock=SystemClock(), ids=RandomIds())


@cache
def correlation() -> Correlation:
    """What happens to waits when messages and signals meet them."""
    return Correlation(
        instances=stores.instances(),
        tasks=stores.tasks(),
        definitions=stores.definitions(),
        messages=_messages(),
        subscriptions=DynamoDBSubscriptions(table()),
        endings=instances.scope_endings(),
        engine=stores.engine(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )
