"""The way from the record's stream to the bus."""

from functools import cache

from orchestrator.adapters.dynamodb.stream import event_in, is_new_event
from orchestrator.adapters.eventbridge import CustomBus
from orchestrator.bootstrap.aws import client
from orchestrator.services.events.relay import OutboxRelay
from orchestrator.settings import RelaySettings

__all__ = ["event_in", "is_new_event", "outbox_relay"]


@cache
def outbox_relay() -> OutboxRelay:
    """From the stream to the bus."""
    return OutboxRelay(CustomBus(client("events"), RelaySettings.from_environment().event_bus_name))
