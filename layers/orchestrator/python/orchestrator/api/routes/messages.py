"""Messages, signals and conditions (additions to the spec), served by the function of execution control."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from orchestrator.api.request import Request
from orchestrator.api.responses import Response, ok, stamp
from orchestrator.api.routes.execution import handler
from orchestrator.api.schemas.messages import EvaluateConditions, PublishMessage, PublishSignal
from orchestrator.bootstrap.publications import condition_starts, message_service, signal_service
from orchestrator.domain.start_event import Started
from orchestrator.domain.subscription import Subscriber
from orchestrator.services.publications.condition_starts import Situation
from orchestrator.services.publications.messages import NewMessage
from orchestrator.services.publications.signals import NewSignal

__all__ = ["handler"]


@handler.route("POST", "/messages")
def publish_message(request: Request) -> Response:
    """Hand a message to who waits for it, start what it starts; else keep it for its time to live."""
    body = request.body(PublishMessage)
    new = NewMessage(
        name=body.name,
        correlation_key=None if body.correlation_key is None else str(body.correlation_key),
        variables=body.variables,
        time_to_live=timedelta(seconds=body.time_to_live),
        message_id=body.message_id,
        project_id=body.project_id,
    )
    published = message_service().publish(request.caller, new)
    message = published.message
    return ok(
        {
            "id": message.id,
            "name": message.name,
            "correlation_key": message.correlation_key,
            "message_id": message.message_id,
            "published_at": stamp(message.published_at),
            "expires_at": stamp(message.expires_at),
            "is_duplicate": not published.is_new,
            "received_by": _receivers(published.received_by),
        }
    )


@handler.route("POST", "/signals")
def publish_signal(request: Request) -> Response:
    """Broadcast a signal to all who wait for it now, and start what it starts."""
    body = request.body(PublishSignal)
    new = NewSignal(name=body.name, variables=body.variables, project_id=body.project_id)
    received_by = signal_service().publish(request.caller, new)
    return ok({"name": body.name, "received_by": _receivers(received_by)})


@handler.route("POST", "/conditions")
def evaluate_conditions(request: Request) -> Response:
    """Start what a condition starts that holds for these variables."""
    body = request.body(EvaluateConditions)
    given = Situation(
        variables=body.variables,
        definition_id=body.workflow_definition_id,
        business_key=body.business_key,
        project_id=body.project_id,
    )
    return ok({"received_by": _receivers(condition_starts().evaluate(request.caller, given))})


def _receivers(receivers: Iterable[Subscriber | Started]) -> list[dict[str, Any]]:
    return [
        {
            "workflow_instance_id": receiver.instance_id,
            "workflow_definition_id": receiver.definition_id,
            "element_id": receiver.element_id,
            "started": isinstance(receiver, Started),
        }
        for receiver in receivers
    ]
