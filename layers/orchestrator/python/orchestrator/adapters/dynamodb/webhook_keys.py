"""Keys of webhooks, deliveries and commands (docs/data-model.md)."""

from typing import Final

from orchestrator.domain.webhooks.delivery import DeliveryStatus

#: the partition of all webhooks: few, and read whole by the fan-out when one has changed
WEBHOOKS: Final = "WEBHOOK"
#: sort key, there, of the number that every change of any webhook raises
REGISTRY_VERSION: Final = "VERSION"
HEALTH: Final = "HEALTH"
#: deliveries listed by status: those that somebody may ask for
SOUGHT: Final = frozenset({DeliveryStatus.HELD, DeliveryStatus.FAILED})


def head(webhook_id: str) -> str:
    """Sort key of a webhook."""
    return f"{WEBHOOKS}#{webhook_id}"


def aggregate(webhook_id: str) -> str:
    """Partition of what belongs to one webhook: its events and its health."""
    return f"{WEBHOOKS}#{webhook_id}"


def delivery(webhook_id: str, event_id: str) -> str:
    """Partition of one delivery."""
    return f"DELIVERY#{webhook_id}#{event_id}"


def deliveries(webhook_id: str) -> str:
    """List of a webhook's deliveries."""
    return f"DELIVERY#{webhook_id}"


def deliveries_in(webhook_id: str, status: DeliveryStatus) -> str:
    """List of a webhook's deliveries in one of the sought statuses."""
    return f"DELIVERY#{webhook_id}#STATUS#{status}"


def counts(webhook_id: str) -> str:
    """Counter dimension of a webhook."""
    return f"{WEBHOOKS}#{webhook_id}"


def command(source: str, command_id: str) -> str:
    """Partition of a command from another service."""
    return f"COMMAND#{source}#{command_id}"
