"""A token that waits at an element, as machines report it."""

from collections.abc import Mapping
from typing import Any

from orchestrator.domain.escalation import EscalationCatch, Handling
from orchestrator.domain.side_thread import GroupPlace
from orchestrator.domain.subscription import Subscription, SubscriptionKind
from orchestrator.services.machines.dispatch import Arrival, Call, from_epoch_ms
from orchestrator.services.machines.keeping import Telling

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
        escalations=tuple(map(_catch, event.get("escalations") or ())),
        snapshot=event.get("snapshot"),
    )


def telling(event: Payload, call: Call) -> Telling | None:
    """What the token tells with a call of what it has written, if it tells anything.

    By `values`, or by `names` where the call carries all variables.
    """
    wrote: Payload | None = event.get("wrote")
    if wrote is None:
        return None
    carried: Payload = event["input"] if "input" in event else event.get("variables") or {}
    names: list[str] = wrote.get("names") or []
    key = call.key(event["element_id"] or "", event.get("occurrence") or 0)
    return Telling(
        key=f"{event['operation']}#{key}",
        values=wrote["values"] if "values" in wrote else {name: carried[name] for name in names if name in carried},
        group=place_of(wrote) if wrote.get("group") else None,
        inside=tuple(wrote["inside"]),
    )


def place_of(event: Payload) -> GroupPlace:
    """The group of threads that a call is about."""
    group: Payload = event["group"]
    return GroupPlace(host=group["thread"], scope=group["scope"])


def handling_of(given: Payload) -> Handling:
    """The thread by which an escalation is to be handled."""
    return Handling(
        place=place_of(given),
        outwards=given["outwards"],
        entry=given["entry"],
        order=given["order"],
        ahead=given["ahead"],
        variables=given["variables"],
    )


def _catch(given: Payload) -> EscalationCatch:
    begins: Payload | None = given["begins"]
    return EscalationCatch(
        handler_id=given["handler"],
        code=given["code"],
        variable=given["variable"],
        handling=None if begins is None else handling_of(begins),
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
