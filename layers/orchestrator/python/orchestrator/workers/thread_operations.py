"""What machines ask of groups of side threads (docs/design-notes.md, section 10): parse, one use case, answer."""

from collections.abc import Mapping
from typing import Any

from orchestrator.bootstrap import machines
from orchestrator.domain.ad_hoc import AdHoc
from orchestrator.domain.thread_data import ThreadData
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.machines.escalation import Escalation
from orchestrator.services.machines.thread_joins import Reached
from orchestrator.services.machines.threads import Beginning, Gathering, Spawning
from orchestrator.services.machines.watches import Triggered
from orchestrator.workers.arrivals import Payload, arrival, handling_of, place_of


def _gather(event: Payload, call: Call) -> dict[str, Any]:
    asked = Gathering(beginnings=_beginnings(event), release=event.get("release"), ad_hoc=_ad_hoc(event))
    machines.threads().gather(call, arrival(event), asked)
    return {}


def _ad_hoc(event: Payload) -> AdHoc | None:
    given = event.get("ad_hoc")
    return None if given is None else AdHoc(element_id=event["element_id"], **given)


def _spawn(event: Payload, call: Call) -> dict[str, Any]:
    asked = Spawning(
        place=place_of(event),
        beginnings=_beginnings(event),
        by=call.entry(event["element_id"], event["occurrence"]),
        variables=event["variables"],
        ahead=event.get("ahead"),
    )
    machines.threads().spawn(call, asked)
    return {}


def _trigger(event: Payload, call: Call) -> dict[str, Any]:
    triggered = Triggered(
        event=event["element_id"], kind=event["kind"], again=event["again"], ahead=event["ahead"] or {}
    )
    return machines.watches().trigger(call, place_of(event), triggered)


def _withdraw(event: Payload, call: Call) -> dict[str, Any]:
    machines.watches().withdraw(call, place_of(event), call.entry(event["element_id"], event["occurrence"]))
    return {}


def _escalate(event: Payload, call: Call) -> dict[str, Any]:
    raised = Escalation(
        element_id=event["element_id"],
        occurrence=event["occurrence"],
        code=event["code"],
        caught_by=event["handler"],
        handling=handling_of(event["begins"]) if event["begins"] else None,
    )
    machines.escalator().escalate(call, raised)
    return {}


def _arrive(event: Payload, call: Call) -> dict[str, Any]:
    reached = Reached(
        join=event["join"],
        occurrence=event["occurrence"],
        flow=event["flow"],
        flows=tuple(event["flows"]),
        inclusive=event["inclusive"],
        ahead=event["ahead"],
    )
    return machines.thread_joins().arrive(call, place_of(event), reached, _data(event, call))


def _advance(event: Payload, call: Call) -> dict[str, Any]:
    machines.threads().advance(call, place_of(event), event["ahead"])
    return {}


def _leave(event: Payload, call: Call) -> dict[str, Any]:
    machines.threads().leave(call, place_of(event), _data(event, call))
    return {}


def _abort(event: Payload, call: Call) -> dict[str, Any]:
    aborted = {"aborted": event["error"], "changes": event["variables"], "clock": call.clock}
    machines.threads().abort(call, place_of(event), aborted)
    return {}


def _beginnings(event: Payload) -> tuple[Beginning, ...]:
    return tuple(
        Beginning(
            entry=given["entry"],
            order=given["order"],
            ahead=given.get("ahead") or {},
            watches=given.get("watches"),
        )
        for given in event.get("beginnings") or ()
    )


def _data(event: Payload, call: Call) -> ThreadData:
    return ThreadData(
        variables=event["variables"], written=tuple(event["written"]), clock=call.clock, order=event["order"]
    )


THREAD_OPERATIONS: Mapping[str, Any] = {
    "gather": _gather,
    "spawn": _spawn,
    "trigger": _trigger,
    "withdraw": _withdraw,
    "escalate": _escalate,
    "arrive": _arrive,
    "advance": _advance,
    "leave": _leave,
    "abort": _abort,
}
