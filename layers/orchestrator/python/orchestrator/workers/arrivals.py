"""A token that waits at an element, as machines report it."""

from collections.abc import Mapping
from typing import Any

from orchestrator.domain.subscription import Subscription, SubscriptionKind
from orchestrator.services.machines.dispatch import Arrival, from_epoch_ms

Payload = Mapping[str, Any]


def arrival(event: Payload) -> Arrival:
    """The arrival in a call that is answered through its task token."""
    return Arrival(
        element_id=event["element_id"],
        occurrence=event["occurrence"],
        token=event["token"],
        input_data=event.get("input") or {},
        deadline=from_epoch_ms(event.get("deadline")),
        subscriptions=tuple(map(_subscription, event.get("subscriptions") or ())),
        snapshot=event.get("snapshot"),
    )


def _subscription(given: Payload) -> Subscription:
    key = given.get("correlation_key")
    return Subscription(
        element_id=given["element_id"],
        kind=SubscriptionKind(given["kind"]),
        name=given.get("name"),
        correlation_key=None if key is None else str(key),
        condition=given.get("condition"),
        language=given.get("language"),
        reads=tuple(given.get("reads") or ()),
        seen=given.get("seen"),
    )
