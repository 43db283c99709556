"""What machines ask of repeated, called and compensated activities (docs/design-notes.md, sections 3, 11, 12)."""

from collections.abc import Callable, Mapping
from typing import Any

from orchestrator.bootstrap import machines
from orchestrator.domain.subscription import SubscriptionKind
from orchestrator.services.machines.calls import Called
from orchestrator.services.machines.compensation import Undoing
from orchestrator.services.machines.dispatch import Call
from orchestrator.workers.arrivals import Payload, arrival

Operation = Callable[[Payload, Call], dict[str, Any]]


def _round(event: Payload, call: Call) -> dict[str, Any]:
    return machines.round_counter().ended(call, event["result"], merge=event.get("merge", False))


def _conclude(event: Payload, call: Call) -> dict[str, Any]:
    return machines.round_counter().concluded(call, event["element_id"])


def _call(event: Payload, call: Call) -> dict[str, Any]:
    asked = Called(
        called=event["called"],
        binding=event["binding"],
        version=event.get("version"),
        business_key=event.get("business_key"),
    )
    machines.call_service().call(call, arrival(event), asked)
    return {}


def _settle(event: Payload, call: Call) -> dict[str, Any]:
    machines.compensator().settle(call, event["element_id"], event["occurrence"], event["snapshot"])
    return {}


def _compensate(event: Payload, call: Call) -> dict[str, Any]:
    asked: Payload = event["compensated"]
    undoing = Undoing(
        element_id=event["element_id"],
        occurrence=event["occurrence"],
        scope=asked["scope"],
        activity=asked.get("activity"),
        within=asked.get("within"),
    )
    return machines.compensator().compensate(call, undoing)


def with_calls_followed(operation: Operation) -> Operation:
    """After an operation that may leave call activities: the instances that they called are cancelled."""

    def followed(event: Payload, call: Call) -> dict[str, Any]:
        answered = operation(event, call)
        machines.call_follower().follow(call.instance_id)
        return answered

    return followed


def with_conditions_tried(operation: Operation) -> Operation:
    """After an operation whose token may wait for conditions: those that are true already end the wait at once."""

    def tried(event: Payload, call: Call) -> dict[str, Any]:
        answered = operation(event, call)
        if any(one["kind"] == SubscriptionKind.CONDITIONAL for one in event.get("subscriptions") or ()):
            machines.conditions().look(call.instance_id)
        return answered

    return tried


ACTIVITY_OPERATIONS: Mapping[str, Operation] = {
    "round": _round,
    "conclude": with_calls_followed(_conclude),
    "call": with_conditions_tried(_call),
    "settle": _settle,
    "compensate": _compensate,
}
