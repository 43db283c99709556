"""Reference of the event endpoints (spec section 6)."""

from typing import Any, Final

from pydantic import Field

from orchestrator.api.reference.operation import Operation, Operations, choice, moment, page, text
from orchestrator.api.reference.shapes import Count, Object, Pagination, Percentage, Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.events import Nothing, RedeliverFailed, RegisterWebhook, RotateSecret, UpdateWebhook
from orchestrator.domain.events import EventType
from orchestrator.domain.retry import BackoffStrategy
from orchestrator.domain.webhooks.delivery import DeliveryStatus
from orchestrator.domain.webhooks.webhook import WebhookStatus


class EventSource(Shape):
    """Where an event comes from: the task and BPMN element it is about, and who acted."""

    component: str
    task_id: str | None
    element_id: str | None
    element_type: str | None
    actor: str | None


class EventMetadata(Shape):
    """Whom the instance runs for."""

    user_id: str | None
    project_id: str | None


class EventItem(Shape):
    """One event of the log; `sequence` orders the events of one instance or definition."""

    id: str
    workflow_instance_id: str | None
    workflow_definition_id: str | None
    event_type: EventType
    timestamp: Timestamp
    sequence: Count
    source: EventSource
    data: Object
    correlation_id: str | None
    metadata: EventMetadata


class EventPage(Shape):
    """One page of events, newest first."""

    events: list[EventItem]
    pagination: Pagination


class DeliveryStats(Shape):
    """Deliveries so far; one delivery may take several attempts."""

    total_deliveries: Count
    successful_deliveries: Count
    failed_deliveries: Count
    success_rate: Percentage
    total_attempts: Count


class WebhookFilters(Shape):
    """Which events pass; what is left out lets all pass."""

    project_ids: list[str] = Field(default_factory=list[str])
    workflow_definition_ids: list[str] = Field(default_factory=list[str])
    priority_levels: list[str] = Field(default_factory=list[str])
    recipients: list[str] = Field(default_factory=list[str])


class WebhookAuth(Shape):
    """The kind of authentication; credentials are never shown."""

    auth_type: str


class WebhookPolicy(Shape):
    """How often and how soon a delivery is tried again."""

    max_retries: Count
    backoff_strategy: BackoffStrategy


class WebhookConfiguration(Shape):
    """What a webhook listens to."""

    event_types: list[str]
    filters: WebhookFilters
    authentication: WebhookAuth
    retry_policy: WebhookPolicy


class WebhookDetail(Shape):
    """A webhook with its counts, without its secrets."""

    webhook_id: str
    url: str
    description: str | None
    status: WebhookStatus
    disabled_reason: str | None
    disabled_at: Timestamp | None
    created_at: Timestamp
    updated_at: Timestamp
    created_by: str
    last_triggered: Timestamp | None
    delivery_stats: DeliveryStats
    configuration: WebhookConfiguration


class WebhookRegistered(WebhookDetail):
    """A new webhook, with the secret that signs its requests: shown once."""

    signing_secret: str


class WebhookPage(Shape):
    """One page of webhooks, newest first."""

    webhooks: list[WebhookDetail]
    pagination: Pagination


class SecretRotated(Shape):
    """The new secret: shown once. For `overlap_seconds` requests bear the signatures of both."""

    webhook_id: str
    signing_secret: str
    overlap_seconds: Count


class ReceiverAnswer(Shape):
    """What the receiver answered; long bodies are cut."""

    status_code: int
    body: str | None


class DeliveryAttempt(Shape):
    """One request to the receiver."""

    number: Count
    at: Timestamp
    url: str
    duration_ms: float
    response: ReceiverAnswer | None
    error: str | None
    error_detail: str | None


class DeliverySummary(Shape):
    """One event on its way to one webhook."""

    webhook_id: str
    event_id: str
    event_type: str
    status: DeliveryStatus
    error: str | None
    created_at: Timestamp
    concluded_at: Timestamp | None
    next_attempt_at: Timestamp | None
    attempt_count: Count
    round: Count
    attempts: list[DeliveryAttempt]


class DeliveryDetail(DeliverySummary):
    """A delivery with the body of its requests."""

    request_body: Any


class DeliveryPage(Shape):
    """One page of deliveries, newest first."""

    deliveries: list[DeliverySummary]
    pagination: Pagination


class Redelivered(Shape):
    """How many deliveries are sent again."""

    webhook_id: str
    redelivered: Count


_WEBHOOK: Final = "/events/webhook/{id}"

OPERATIONS: Final[Operations] = {
    ("GET", "/events"): Operation(
        description="Events of workflows and tasks, newest first.",
        answer=EventPage,
        query=(
            text("workflow_instance_id", "Filter events for a specific workflow"),
            choice("event_type", EventType, "Filter by event type"),
            moment("start_time", "Filter events after this time"),
            moment("end_time", "Filter events before this time"),
            *page(100),
        ),
    ),
    ("POST", "/events/webhook"): Operation(
        description="Registers a webhook. Requests are signed as the Standard Webhooks specification says.",
        body=RegisterWebhook,
        answer=WebhookRegistered,
        status=201,
    ),
    ("GET", "/events/webhook"): Operation(description="Webhooks, newest first.", answer=WebhookPage, query=page()),
    ("GET", _WEBHOOK): Operation(description="One webhook with its counts.", answer=WebhookDetail),
    ("PUT", _WEBHOOK): Operation(description="Changes what is given.", body=UpdateWebhook, answer=WebhookDetail),
    ("DELETE", _WEBHOOK): Operation(description="Removes a webhook.", answer=None, status=204),
    ("POST", f"{_WEBHOOK}/pause"): Operation(
        description="Holds deliveries back.", body=Nothing, answer=WebhookDetail, errors=(409,)
    ),
    ("POST", f"{_WEBHOOK}/resume"): Operation(
        description="Delivers again; what was held back is sent.", body=Nothing, answer=WebhookDetail, errors=(409,)
    ),
    ("POST", f"{_WEBHOOK}/rotate-secret"): Operation(
        description="Signs with a new secret, and for a while with the old one too.",
        body=RotateSecret,
        answer=SecretRotated,
    ),
    ("POST", f"{_WEBHOOK}/test"): Operation(
        description="Sends one request now and tells what came back.",
        body=Nothing,
        answer=DeliveryDetail,
    ),
    ("GET", f"{_WEBHOOK}/deliveries"): Operation(
        description="Deliveries of a webhook, newest first.",
        answer=DeliveryPage,
        query=(choice("status", DeliveryStatus, "Filter by status"), *page()),
    ),
    ("GET", f"{_WEBHOOK}/deliveries/{{event_id}}"): Operation(
        description="One delivery with its requests and their answers.", answer=DeliveryDetail
    ),
    ("POST", f"{_WEBHOOK}/deliveries/{{event_id}}/redeliver"): Operation(
        description="Sends one event again.", body=Nothing, answer=DeliveryDetail, errors=(409,)
    ),
    ("POST", f"{_WEBHOOK}/redeliver"): Operation(
        description="Sends again what failed since a time.", body=RedeliverFailed, answer=Redelivered
    ),
}
