"""Machines call here for every activity (docs/design-notes.md, section 3): parse, one use case, answer."""

import os
from typing import Any

from orchestrator.bootstrap import instances, machines, publications
from orchestrator.bootstrap.usage import observed
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.subscription import SubscriptionKind
from orchestrator.observability import logger
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.machines.interruption import Target
from orchestrator.services.machines.throwing import Thrown
from orchestrator.services.tokens.scope_endings import ScopePath
from orchestrator.workers.activity_operations import ACTIVITY_OPERATIONS, with_calls_followed, with_conditions_tried
from orchestrator.workers.arrivals import Payload, arrival, telling
from orchestrator.workers.thread_operations import THREAD_OPERATIONS


@observed()
def handler(event: Payload, context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Carry out one operation; what the machine is answered (tokens are answered apart)."""
    call = _call(event)
    logger.info("dispatch", operation=event["operation"], instance_id=call.instance_id, element_id=event["element_id"])
    told = telling(event, call)
    if told is not None:
        machines.keeper().tell(call, told)
    answered = _OPERATIONS[event["operation"]](event, call)
    if told is not None and "token" in event:
        path = ScopePath(instance_id=call.instance_id, thread=call.thread, scope=call.scope)
        machines.task_dispatcher().endings.withdraw_late(path)
    return answered


def _call(event: Payload) -> Call:
    return Call(
        instance_id=InstanceId(event["instance_id"]),
        thread=event["thread"],
        execution=event["execution"],
        scope=event["scope"],
        clock=event["clock"],
        trail=tuple(event["trail"]),
        trace_id=os.environ.get("_X_AMZN_TRACE_ID"),
    )


def _activate(event: Payload, call: Call) -> dict[str, Any]:
    machines.task_dispatcher().activate(call, arrival(event))
    return {}


def _changed(event: Payload, call: Call) -> dict[str, Any]:
    machines.conditions().changed(call, event["element_id"], int(event["occurrence"]), event["variables"])
    return {}


def _tell(event: Payload, call: Call) -> dict[str, Any]:  # noqa: ARG001 - what is told was noted on the way here
    return {}


def _incident(event: Payload, call: Call) -> dict[str, Any]:
    machines.task_dispatcher().incident(call, arrival(event), code=event["code"], message=event["message"])
    return {}


def _interrupt(event: Payload, call: Call) -> dict[str, Any]:
    given: Payload = event["target"]
    target = Target(scope=given["scope"], element_id=given.get("element_id"), occurrence=given.get("occurrence") or 0)
    return machines.interrupter().interrupt(call, by=event["element_id"], target=target, reason=event["reason"])


def _throw(event: Payload, call: Call) -> dict[str, Any]:
    key = event.get("correlation_key")
    thrown = Thrown(
        element_id=event["element_id"],
        occurrence=event["occurrence"],
        kind=SubscriptionKind(event["kind"]),
        name=event["name"],
        correlation_key=None if key is None else str(key),
        variables=event["variables"],
    )
    machines.thrower().throw(call, thrown)
    return {}


def _complete(event: Payload, call: Call) -> dict[str, Any]:
    ended = machines.task_dispatcher().complete(call, event["variables"])
    instances.relatives().ended(ended)
    publications.message_service().release(ended)
    return {}


def _fail(event: Payload, call: Call) -> dict[str, Any]:
    dispatcher = machines.task_dispatcher()
    ended = dispatcher.fail(call, element_id=event["element_id"], code=event["code"], message=event["message"])
    instances.relatives().ended(ended)
    publications.message_service().release(ended)
    return {}


_OPERATIONS = {
    "activate": with_conditions_tried(_activate),
    "changed": _changed,
    "tell": _tell,
    "incident": _incident,
    "interrupt": with_calls_followed(_interrupt),
    "complete": _complete,
    "fail": with_calls_followed(_fail),
    "throw": _throw,
    **THREAD_OPERATIONS,
    "abort": with_calls_followed(THREAD_OPERATIONS["abort"]),
    **ACTIVITY_OPERATIONS,
}
