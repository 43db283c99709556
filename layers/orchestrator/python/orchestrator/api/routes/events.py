"""Events and webhooks (spec section 6)."""

from dataclasses import replace
from datetime import timedelta

from orchestrator.api.app import App
from orchestrator.api.endpoints import Group
from orchestrator.api.events_shape import delivery_head, delivery_shape, event_shape, webhook_shape
from orchestrator.api.parameters import Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, created, no_content, ok, pagination
from orchestrator.api.schemas.events import (
    EventFilters,
    Nothing,
    RedeliverFailed,
    RegisterWebhook,
    RotateSecret,
    UpdateWebhook,
    WebhookRetry,
)
from orchestrator.bootstrap.events import delivery_service, event_service, webhook_service
from orchestrator.domain.events import EventType
from orchestrator.domain.priority import Priority
from orchestrator.domain.retry import BackoffStrategy, RetryPolicy
from orchestrator.domain.webhooks.delivery import DeliveryStatus
from orchestrator.domain.webhooks.webhook import Filters, Stats, WebhookUpdate
from orchestrator.ports.events import EventQuery
from orchestrator.services.events.webhooks import CountedWebhook, NewWebhook

handler = App(Group.EVENTS)
_EVENTS_SHOWN = 100


@handler.route("GET", "/events")
def list_events(request: Request) -> Response:
    """Events, newest first."""
    parameters = Parameters(request.query())
    page = parameters.page(default_limit=_EVENTS_SHOWN)
    query = EventQuery(
        instance_id=parameters.text("workflow_instance_id"),
        event_type=parameters.choice("event_type", EventType),
        after=parameters.moment("start_time"),
        before=parameters.moment("end_time"),
    )
    parameters.done()
    listing = event_service().list(request.caller, query, page)
    return ok({"events": [event_shape(event) for event in listing.items], "pagination": pagination(listing, page)})


@handler.route("POST", "/events/webhook")
def register_webhook(request: Request) -> Response:
    """A new webhook, with the secret that signs its requests: shown here only."""
    body = request.body(RegisterWebhook)
    new = NewWebhook(
        url=body.url,
        event_types=tuple(body.event_types),
        filters=_filters(body.filters),
        auth_type=body.authentication.auth_type,
        credentials=body.authentication.credentials,
        retry_policy=_policy(body.retry_policy),
        description=body.description,
        signing_secret=body.signing_secret,
    )
    webhook, secret = webhook_service().register(request.caller, new)
    shape = {**webhook_shape(webhook, Stats()), "signing_secret": secret}
    return replace(created(shape, location=f"/events/webhook/{webhook.id}"), is_secret=True)


@handler.route("GET", "/events/webhook")
def list_webhooks(request: Request) -> Response:
    """Webhooks, newest first."""
    parameters = Parameters(request.query())
    page = parameters.page()
    parameters.done()
    listing = webhook_service().list(request.caller, page)
    return ok({"webhooks": [_shape(row) for row in listing.items], "pagination": pagination(listing, page)})


@handler.route("GET", "/events/webhook/{id}")
def get_webhook(request: Request) -> Response:
    """One webhook with its counts."""
    Parameters(request.query()).done()
    row = webhook_service().get(request.caller, request.id)
    return ok(_shape(row), version=row.webhook.sequence)


@handler.route("PUT", "/events/webhook/{id}")
def update_webhook(request: Request) -> Response:
    """Change what is given."""
    body = request.body(UpdateWebhook)
    update = WebhookUpdate(
        url=body.url,
        event_types=None if body.event_types is None else tuple(body.event_types),
        filters=None if body.filters is None else _filters(body.filters),
        retry_policy=None if body.retry_policy is None else _policy(body.retry_policy),
        description=body.description,
    )
    return ok(_shape(webhook_service().update(request.caller, request.id, update)))


@handler.route("DELETE", "/events/webhook/{id}")
def remove_webhook(request: Request) -> Response:
    """Remove a webhook."""
    webhook_service().remove(request.caller, request.id)
    return no_content()


@handler.route("POST", "/events/webhook/{id}/pause")
def pause_webhook(request: Request) -> Response:
    """Hold deliveries back."""
    request.body(Nothing)
    return ok(_shape(webhook_service().hold(request.caller, request.id)))


@handler.route("POST", "/events/webhook/{id}/resume")
def resume_webhook(request: Request) -> Response:
    """Deliver again; what was held back is sent."""
    request.body(Nothing)
    return ok(_shape(webhook_service().resume(request.caller, request.id)))


@handler.route("POST", "/events/webhook/{id}/rotate-secret")
def rotate_secret(request: Request) -> Response:
    """Sign with a new key, and for a while with the old one too; the new secret is shown here only."""
    body = request.body(RotateSecret)
    overlap = timedelta(seconds=body.overlap_seconds)
    secret = webhook_service().rotate(request.caller, request.id, secret=body.signing_secret, overlap=overlap)
    shape = {"webhook_id": request.id, "signing_secret": secret, "overlap_seconds": body.overlap_seconds}
    return replace(ok(shape), is_secret=True)


@handler.route("POST", "/events/webhook/{id}/test")
def test_webhook(request: Request) -> Response:
    """Send one request now and tell what came back."""
    request.body(Nothing)
    return ok(delivery_shape(delivery_service().test(request.caller, request.id)))


@handler.route("GET", "/events/webhook/{id}/deliveries")
def list_deliveries(request: Request) -> Response:
    """Deliveries of a webhook, newest first."""
    parameters = Parameters(request.query())
    page = parameters.page()
    status = parameters.choice("status", DeliveryStatus)
    parameters.done()
    listing = delivery_service().list(request.caller, request.id, status=status, page=page)
    return ok({"deliveries": [delivery_head(row) for row in listing.items], "pagination": pagination(listing, page)})


@handler.route("GET", "/events/webhook/{id}/deliveries/{event_id}")
def get_delivery(request: Request) -> Response:
    """One delivery with request and responses."""
    Parameters(request.query()).done()
    return ok(delivery_shape(delivery_service().get(request.caller, request.id, _event_id(request))))


@handler.route("POST", "/events/webhook/{id}/deliveries/{event_id}/redeliver")
def redeliver(request: Request) -> Response:
    """Send one event again."""
    request.body(Nothing)
    return ok(delivery_shape(delivery_service().redeliver(request.caller, request.id, _event_id(request))))


@handler.route("POST", "/events/webhook/{id}/redeliver")
def redeliver_failed(request: Request) -> Response:
    """Send again what failed since a time."""
    body = request.body(RedeliverFailed)
    count = delivery_service().redeliver_failed(request.caller, request.id, since=body.since)
    return ok({"webhook_id": request.id, "redelivered": count})


def _event_id(request: Request) -> str:
    return request.event["pathParameters"]["event_id"]


def _shape(row: CountedWebhook) -> dict[str, object]:
    return webhook_shape(row.webhook, row.stats)


def _filters(body: EventFilters) -> Filters:
    return Filters(
        project_ids=tuple(body.project_ids),
        workflow_definition_ids=tuple(body.workflow_definition_ids),
        priority_levels=tuple(map(Priority, body.priority_levels)),
        recipients=tuple(body.recipients),
    )


def _policy(body: WebhookRetry) -> RetryPolicy:
    return RetryPolicy(max_retries=body.max_retries, backoff_strategy=BackoffStrategy(body.backoff_strategy))
