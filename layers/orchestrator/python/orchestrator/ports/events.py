"""What the use cases around events need from outside: webhooks, their deliveries, the log, commands.

Protocols as in `ports`, which holds those of definitions, instances and tasks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orchestrator.domain.command import Claim, CommandKey
from orchestrator.domain.events import Event, EventType
from orchestrator.domain.ids import EventId
from orchestrator.domain.webhooks.delivery import Answer, Delivery, DeliveryStatus
from orchestrator.domain.webhooks.health import Health
from orchestrator.domain.webhooks.webhook import Stats, Webhook, WebhookId
from orchestrator.ports.paging import Listing, Page

# --- webhooks


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTransition:
    """`before` None: the webhook is new; `after` None: it is removed."""

    before: Webhook | None
    after: Webhook | None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryUnit:
    """What a step of a delivery needs, read at once; None: there is no such thing (any more)."""

    webhook: Webhook | None
    delivery: Delivery | None
    health: Health


class WebhookStore(Protocol):
    """Webhooks with their counts."""

    def load(self, webhook_id: str) -> Webhook:
        """Raises NotFound."""
        ...

    def stats(self, webhook_ids: Sequence[WebhookId]) -> Mapping[WebhookId, Stats]:
        """The counts of these webhooks; zeros where nothing was counted."""
        ...

    def all(self) -> tuple[Webhook, ...]:
        """Every webhook as it is now, oldest first; read again only when one has changed."""
        ...

    def commit(self, transition: WebhookTransition) -> None:
        """Write in one transaction. Raises StaleRecord."""
        ...


class DeliveryStore(Protocol):
    """Deliveries: written before they are queued, kept for a while after they have ended."""

    def create(self, delivery: Delivery) -> None:
        """Write a new delivery; one that is there stays as it is."""
        ...

    def load(self, webhook_id: str, event_id: str) -> DeliveryUnit:
        """Delivery, webhook and health in one consistent read."""
        ...

    def save(self, before: Delivery, after: Delivery) -> None:
        """Write a step and count it in the webhook, in one transaction. Raises StaleRecord."""
        ...

    def save_health(self, webhook_id: WebhookId, health: Health) -> None:
        """Write what was decided on the version before. Raises StaleRecord."""
        ...

    def forget_health(self, webhook_id: WebhookId) -> None:
        """Begin anew, as with a receiver never called."""
        ...

    def list(self, webhook_id: str, *, status: DeliveryStatus | None, page: Page) -> Listing[Delivery]:
        """Newest first."""
        ...

    def held(self, webhook_id: str) -> Iterator[Delivery]:
        """Those that wait for the webhook to be resumed, oldest first."""
        ...

    def failed_since(self, webhook_id: str, since: datetime) -> Iterator[Delivery]:
        """Those made since then that failed, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMessage:
    """One step of a delivery, in the queue: not to be made before `due_at`; `attempt` tells repeated ones apart."""

    webhook_id: WebhookId
    event_id: EventId
    attempt: int
    due_at: datetime


class DeliveryQueue(Protocol):
    """Steps of deliveries wait here."""

    def send(self, messages: Sequence[DeliveryMessage], *, now: datetime) -> None:
        """Queue messages, each as invisible as the queue can make it until it is due."""
        ...


class WebhookSender(Protocol):
    """One request to a receiver, to checked addresses only, redirects not followed, within the stage's time limit."""

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Never raises for what a receiver does."""
        ...


class Resolver(Protocol):
    """The domain name system."""

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """All addresses of a host now; none where it does not resolve."""
        ...


class SecretBox(Protocol):
    """Encryption under a key that never leaves its keeper; `purpose` binds a ciphertext to what it belongs to."""

    def seal(self, text: str, *, purpose: str) -> bytes:
        """Encrypt at most 4096 bytes."""
        ...

    def open(self, sealed: bytes, *, purpose: str) -> str:
        """Decrypt."""
        ...


class Chance(Protocol):
    """Randomness."""

    def fraction(self) -> float:
        """From 0 to 1."""
        ...

    def key(self, size: int) -> bytes:
        """Unpredictable bytes."""
        ...


# --- events


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Filters of the event list; all given ones must hold. `after` and `before` include their moment."""

    instance_id: str | None = None
    event_type: EventType | None = None
    after: datetime | None = None
    before: datetime | None = None
    visible_projects: frozenset[str] | None = None


class EventLog(Protocol):
    """Events as they are read; they are written with what they tell of."""

    def list(self, query: EventQuery, page: Page) -> Listing[Event]:
        """Newest first."""
        ...


# --- commands from other services


class Inbox(Protocol):
    """Which commands have been processed."""

    def claim(self, command: CommandKey, *, now: datetime, again: bool) -> Claim:
        """Take a command for a while; only one caller at a time has it. `again`: also one that was rejected."""
        ...

    def conclude(self, command: CommandKey, *, now: datetime, rejection: Event | None) -> None:
        """It has been processed; a rejection is told by its event, in the same transaction."""
        ...
