"""Bodies of the event endpoints (spec section 6)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from orchestrator.api.schemas import Moment, Shape

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Ids = Annotated[list[Id], Field(max_length=100)]
#: longer ones are refused by the rules for URLs, which name their limit
Url = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
EventTypes = Annotated[list[Id], Field(min_length=1, max_length=100)]
Description = Annotated[str, StringConstraints(max_length=500)]
Secret = Annotated[str, StringConstraints(max_length=200)]


class EventFilters(Shape):
    """Which events of the chosen types; an empty list lets all pass. `recipients`: only notifications of these."""

    project_ids: Ids = []
    workflow_definition_ids: Ids = []
    priority_levels: Annotated[list[Literal["low", "medium", "high", "critical"]], Field(max_length=4)] = []
    recipients: Ids = []


class WebhookAuthentication(Shape):
    """How we authenticate. Credentials: `token`; `username` and `password`; `key`, `header`; `secret`, `header`."""

    auth_type: Id
    credentials: Annotated[dict[str, str], Field(max_length=10)] = {}


class WebhookRetry(Shape):
    """How often and how soon a delivery is tried again, within three days."""

    max_retries: Annotated[int, Field(ge=0, le=100)] = 3
    backoff_strategy: Literal["fixed", "linear", "exponential", "fibonacci"] = "exponential"


class RegisterWebhook(Shape):
    """POST /events/webhook. Without event types all are sent; without a signing secret one is made."""

    url: Url
    event_types: EventTypes = ["*"]
    filters: EventFilters = EventFilters()
    authentication: WebhookAuthentication = WebhookAuthentication(auth_type="none")
    retry_policy: WebhookRetry = WebhookRetry()
    description: Description | None = None
    signing_secret: Secret | None = None


class UpdateWebhook(Shape):
    """PUT /events/webhook/{id}: what is not given stays."""

    url: Url | None = None
    event_types: EventTypes | None = None
    filters: EventFilters | None = None
    retry_policy: WebhookRetry | None = None
    description: Description | None = None


class RotateSecret(Shape):
    """POST /events/webhook/{id}/rotate-secret: for `overlap_seconds` the old key signs too."""

    signing_secret: Secret | None = None
    overlap_seconds: Annotated[int, Field(ge=0, le=604_800)] = 86_400


class RedeliverFailed(Shape):
    """POST /events/webhook/{id}/redeliver: everything that failed since a time, ISO 8601 with offset."""

    since: Moment


class Nothing(Shape):
    """Actions that take no arguments."""
