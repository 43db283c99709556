"""A webhook: active -> paused -> active, or disabled when its receiver is gone."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Conflict, InvalidRequest
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.priority import Priority
from orchestrator.domain.retry import RetryPolicy
from orchestrator.domain.webhooks.authentication import AuthType

RESOURCE = "webhook"
#: a webhook on everything names no types, or this
ANY_TYPE = "*"
MOST_RETRIES = 100

WebhookId = NewType("WebhookId", str)


def webhook_id(ulid: str) -> WebhookId:
    """`webhook-<ulid>`."""
    return WebhookId(f"webhook-{ulid.lower()}")


class WebhookStatus(StrEnum):
    """Whether deliveries are made: `paused` by a caller (they wait), `disabled` by us (there are none)."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class DisabledReason(StrEnum):
    """Why we gave a receiver up."""

    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which events of the chosen types: an empty filter lets all pass, another only events that have such a value.

    `recipients`: agents, persons and teams whose notifications are wanted.
    """

    project_ids: tuple[str, ...] = ()
    workflow_definition_ids: tuple[str, ...] = ()
    priority_levels: tuple[Priority, ...] = ()
    recipients: tuple[str, ...] = ()

    def admit(self, occurrence: "Occurrence") -> bool:
        """Tell whether an event passes."""
        wanted = (
            (self.project_ids, occurrence.project_id),
            (self.workflow_definition_ids, occurrence.definition_id),
            (self.priority_levels, occurrence.priority),
        )
        addressed = not self.recipients or not occurrence.recipients.isdisjoint(self.recipients)
        return addressed and all(not values or value in values for values, value in wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Who wants to know, and of what. `sealed` holds keys and credentials, encrypted.

    `event_types` empty: all types. `visible_projects` (None: all) is the confinement of the caller who registered
    it: events of other projects are never delivered, whatever the filters say. `sequence` numbers its own events.
    """

    id: WebhookId
    url: str
    status: WebhookStatus
    created_at: datetime
    updated_at: datetime
    created_by: str
    auth_type: AuthType
    sealed: bytes = field(repr=False)
    event_types: tuple[EventType, ...] = ()
    filters: Filters = field(default_factory=Filters)
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    description: str | None = None
    visible_projects: tuple[str, ...] | None = None
    disabled_reason: DisabledReason | None = None
    disabled_at: datetime | None = None
    sequence: int = 0

    def visible_to(self, caller: Caller) -> bool:
        """A confined caller sees the webhooks that cannot tell more than the caller may know."""
        if caller.project_ids is None:
            return True
        return self.visible_projects is not None and caller.project_ids.issuperset(self.visible_projects)

    def wants(self, occurrence: "Occurrence") -> bool:
        """Tell whether an event is to be delivered here; events from before the registration are not."""
        return (
            self.status is not WebhookStatus.DISABLED
            and (not self.event_types or occurrence.event_type in self.event_types)
            and (self.visible_projects is None or occurrence.project_id in self.visible_projects)
            and occurrence.at >= self.created_at
            and self.filters.admit(occurrence)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """What the choice of webhooks looks at in an event."""

    event_type: str
    at: datetime
    project_id: str | None = None
    definition_id: str | None = None
    priority: str | None = None
    recipients: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counted deliveries: `successful` and `failed` have ended; `attempts` are requests made."""

    attempts: int = 0
    successful: int = 0
    failed: int = 0
    last_triggered: datetime | None = None

    @property
    def total(self) -> int:
        """Deliveries that have ended."""
        return self.successful + self.failed

    @property
    def success_rate(self) -> float:
        """Successful deliveries in percent of the ended ones; 0 before the first, as the spec shows it."""
        return round(100 * self.successful / self.total, 1) if self.total else 0

    def __add__(self, other: "Stats") -> "Stats":
        """Counts add up; the later trigger stands."""
        triggers = [at for at in (self.last_triggered, other.last_triggered) if at]
        return Stats(
            attempts=self.attempts + other.attempts,
            successful=self.successful + other.successful,
            failed=self.failed + other.failed,
            last_triggered=max(triggers, default=None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookUpdate:
    """What an update carries; None leaves a field as it is."""

    url: str | None = None
    event_types: tuple[str, ...] | None = None
    filters: Filters | None = None
    retry_policy: RetryPolicy | None = None
    description: str | None = None


def event_types(names: tuple[str, ...]) -> tuple[EventType, ...]:
    """Check the names of event types; `*` alone stands for all.

    Raises:
        InvalidRequest: an unknown type, named by its position.
    """
    if names == (ANY_TYPE,):
        return ()
    return tuple(dict.fromkeys(_event_type(name, position) for position, name in enumerate(names)))


def _event_type(name: str, position: int) -> EventType:
    try:
        return EventType(name)
    except ValueError:
        reason = f"{name[:64]!r} is no event type; docs/events.md lists them"
        raise InvalidRequest(f"event_types[{position}]", reason) from None


def paused(webhook: Webhook, now: datetime, *, actor: str) -> tuple[Webhook, Happening]:
    """Hold deliveries back until it is resumed.

    Raises:
        Conflict: it is not active.
    """
    if webhook.status is not WebhookStatus.ACTIVE:
        raise Conflict("Webhook is not active", current_status=webhook.status, webhook_id=webhook.id)
    after = replace(webhook, status=WebhookStatus.PAUSED, updated_at=now)
    return after, happened(EventType.WEBHOOK_PAUSED, after, actor=actor)


def resumed(webhook: Webhook, now: datetime, *, actor: str) -> tuple[Webhook, Happening]:
    """Deliver again, after a pause or after having been disabled.

    Raises:
        Conflict: it is active.
    """
    if webhook.status is WebhookStatus.ACTIVE:
        raise Conflict("Webhook is already active", current_status=webhook.status, webhook_id=webhook.id)
    after = replace(webhook, status=WebhookStatus.ACTIVE, updated_at=now, disabled_reason=None, disabled_at=None)
    return after, happened(EventType.WEBHOOK_RESUMED, after, actor=actor)


def disabled(webhook: Webhook, now: datetime, *, reason: DisabledReason) -> tuple[Webhook, Happening]:
    """Give the receiver up."""
    after = replace(webhook, status=WebhookStatus.DISABLED, updated_at=now, disabled_reason=reason, disabled_at=now)
    return after, happened(EventType.WEBHOOK_DISABLED, after, reason=reason)


def happened(event_type: EventType, webhook: Webhook, *, actor: str | None = None, **data: Any) -> Happening:
    """What an event about a webhook tells: neither keys nor credentials."""
    told = {"webhook_id": webhook.id, "url": webhook.url, "status": webhook.status, **data}
    return Happening(type=event_type, at=webhook.updated_at, data=told, actor=actor)


def configuration(webhook: Webhook) -> JsonObject:
    """The part of a webhook that callers configure, without secrets."""
    filters = {
        "project_ids": list(webhook.filters.project_ids),
        "workflow_definition_ids": list(webhook.filters.workflow_definition_ids),
        "priority_levels": [str(level) for level in webhook.filters.priority_levels],
        "recipients": list(webhook.filters.recipients),
    }
    return {
        "event_types": [str(kind) for kind in webhook.event_types] or [ANY_TYPE],
        "filters": {name: values for name, values in filters.items() if values},
    }
