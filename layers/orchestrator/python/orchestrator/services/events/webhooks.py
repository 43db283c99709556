"""Use cases of webhooks: register, look, change, pause, resume, rotate the key, remove."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.retry import RetryPolicy
from orchestrator.domain.webhooks import signature
from orchestrator.domain.webhooks.authentication import AuthType, authentication
from orchestrator.domain.webhooks.secrets import Secrets
from orchestrator.domain.webhooks.webhook import (
    RESOURCE,
    Filters,
    Stats,
    Webhook,
    WebhookStatus,
    WebhookUpdate,
    event_types,
    happened,
    paused,
    resumed,
    webhook_id,
)
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.events import Chance, DeliveryStore, SecretBox, WebhookStore
from orchestrator.ports.paging import Listing, Page
from orchestrator.services.events.delivery_queue import DeliveryScheduler
from orchestrator.services.events.registration_rules import RegistrationRules
from orchestrator.services.events.webhook_transition import webhook_transition
from orchestrator.services.unit_of_work import decided

#: the fan-out looks at all of them for every event
MOST_WEBHOOKS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook:
    """The body of a registration. Without a `signing_secret` one is made."""

    url: str
    event_types: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    auth_type: str = AuthType.NONE
    credentials: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    description: str | None = None
    signing_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedWebhook:
    """A webhook and what its deliveries came to."""

    webhook: Webhook
    stats: Stats


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookService:
    """Webhooks as their owners see them; deliveries are another service's."""

    webhooks: WebhookStore
    deliveries: DeliveryStore
    scheduler: DeliveryScheduler
    secrets: SecretBox
    rules: RegistrationRules
    clock: Clock
    ids: Ids
    chance: Chance
    pause: Pause

    def register(self, caller: Caller, new: NewWebhook) -> tuple[Webhook, str]:
        """A new webhook, and the secret that its requests are signed with: told here and never again.

        Raises:
            InvalidRequest: a field is wrong, or the URL points where it may not.
            Forbidden: a filter names a project that the caller is not in.
            Conflict: there are too many webhooks.
        """
        kinds = event_types(new.event_types)
        known = authentication(new.auth_type, new.credentials)
        key = self._signing_key(new.signing_secret)
        self.rules.check(caller, url=new.url, filters=new.filters, policy=new.retry_policy)
        if len(self.webhooks.all()) >= MOST_WEBHOOKS:
            raise Conflict(f"There are {MOST_WEBHOOKS} webhooks already, which is the limit")
        identity, now = webhook_id(self.ids.ulid()), self.clock.now()
        webhook = Webhook(
            id=identity,
            url=new.url,
            status=WebhookStatus.ACTIVE,
            created_at=now,
            updated_at=now,
            created_by=caller.subject,
            auth_type=known.auth_type,
            sealed=self.secrets.seal(Secrets(keys=(key,), authentication=known).to_text(), purpose=identity),
            event_types=kinds,
            filters=new.filters,
            retry_policy=new.retry_policy,
            description=new.description,
            visible_projects=None if caller.project_ids is None else tuple(sorted(caller.project_ids)),
        )
        told = happened(EventType.WEBHOOK_REGISTERED, webhook, actor=caller.subject)
        transition = webhook_transition(None, webhook, told, ids=self.ids, caller=caller)
        self.webhooks.commit(transition)
        return transition.after or webhook, key.secret

    def get(self, caller: Caller, identity: str) -> CountedWebhook:
        """A webhook with its counts.

        Raises:
            NotFound: no such webhook that the caller may see.
        """
        webhook = self._load(caller, identity)
        return CountedWebhook(webhook=webhook, stats=self.webhooks.stats([webhook.id])[webhook.id])

    def list(self, caller: Caller, page: Page) -> Listing[CountedWebhook]:
        """One page of the webhooks that the caller may see, newest first; by offset, since there are few."""
        visible = [webhook for webhook in reversed(self.webhooks.all()) if webhook.visible_to(caller)]
        end = page.offset + page.limit
        shown = visible[page.offset : end]
        stats = self.webhooks.stats([webhook.id for webhook in shown])
        counted = tuple(CountedWebhook(webhook=webhook, stats=stats[webhook.id]) for webhook in shown)
        return Listing(items=counted, total=len(visible), has_more=end < len(visible))

    def update(self, caller: Caller, identity: str, update: WebhookUpdate) -> CountedWebhook:
        """Change what is given.

        Raises:
            NotFound: no such webhook that the caller may see.
            InvalidRequest, Forbidden: as in `register`.
        """
        kinds = None if update.event_types is None else event_types(update.event_types)
        self.rules.check(caller, url=update.url, filters=update.filters, policy=update.retry_policy)
        given = {
            "url": update.url,
            "event_types": kinds,
            "filters": update.filters,
            "retry_policy": update.retry_policy,
            "description": update.description,
        }
        changes = {name: value for name, value in given.items() if value is not None}

        def change(webhook: Webhook) -> tuple[Webhook, Happening]:
            after = replace(webhook, updated_at=self.clock.now(), **changes)
            told = happened(EventType.WEBHOOK_UPDATED, after, actor=caller.subject, changed=sorted(changes))
            return after, told

        return self._counted(self._commit(caller, identity, change))

    def remove(self, caller: Caller, identity: str) -> None:
        """Remove a webhook; what is on its way to it is dropped.

        Raises:
            NotFound: no such webhook that the caller may see.
        """

        def commit() -> None:
            known = self._load(caller, identity)
            caller.require_version(known.id, str(known.sequence))
            webhook = replace(known, updated_at=self.clock.now())
            told = happened(EventType.WEBHOOK_REMOVED, webhook, actor=caller.subject)
            transition = webhook_transition(webhook, webhook, told, ids=self.ids, caller=caller)
            self.webhooks.commit(replace(transition, after=None))

        decided(commit, self.pause)

    def hold(self, caller: Caller, identity: str) -> CountedWebhook:
        """Pause: events go on being collected, and wait.

        Raises:
            NotFound: no such webhook that the caller may see.
            Conflict: it is not active.
        """
        after = self._commit(caller, identity, lambda it: paused(it, self.clock.now(), actor=caller.subject))
        return self._counted(after)

    def resume(self, caller: Caller, identity: str) -> CountedWebhook:
        """Resume, also after having been disabled: what was held back is sent.

        Raises:
            NotFound: no such webhook that the caller may see.
            Conflict: it is active.
        """
        after = self._commit(caller, identity, lambda it: resumed(it, self.clock.now(), actor=caller.subject))
        self.deliveries.forget_health(after.id)
        self.scheduler.release(self.deliveries.held(after.id))
        return self._counted(after)

    def rotate(self, caller: Caller, identity: str, *, secret: str | None, overlap: timedelta) -> str:
        """Sign with a new key, and with the old ones too for the time of `overlap`; the new secret.

        Raises:
            NotFound: no such webhook that the caller may see.
            InvalidRequest: the given secret is malformed, or the overlap too long.
        """
        if not timedelta() <= overlap <= signature.LONGEST_OVERLAP:
            most = int(signature.LONGEST_OVERLAP.total_seconds())
            raise InvalidRequest("overlap_seconds", f"must be between 0 and {most}")
        key = self._signing_key(secret)

        def change(webhook: Webhook) -> tuple[Webhook, Happening]:
            now = self.clock.now()
            kept = Secrets.from_text(self.secrets.open(webhook.sealed, purpose=webhook.id))
            fresh = replace(kept, keys=signature.rotate(kept.keys, key, now=now, overlap=overlap))
            sealed = self.secrets.seal(fresh.to_text(), purpose=webhook.id)
            after = replace(webhook, sealed=sealed, updated_at=now)
            return after, happened(EventType.WEBHOOK_SECRET_ROTATED, after, actor=caller.subject)

        self._commit(caller, identity, change)
        return key.secret

    def _load(self, caller: Caller, identity: str) -> Webhook:
        webhook = self.webhooks.load(identity)
        if not webhook.visible_to(caller):
            raise NotFound(RESOURCE, identity)
        return webhook

    def _commit(self, caller: Caller, identity: str, change: Callable[[Webhook], tuple[Webhook, Happening]]) -> Webhook:
        def commit() -> Webhook:
            before = self._load(caller, identity)
            caller.require_version(before.id, str(before.sequence))
            after, told = change(before)
            transition = webhook_transition(before, after, told, ids=self.ids, caller=caller)
            self.webhooks.commit(transition)
            return transition.after or after

        return decided(commit, self.pause)

    def _counted(self, webhook: Webhook) -> CountedWebhook:
        return CountedWebhook(webhook=webhook, stats=self.webhooks.stats([webhook.id])[webhook.id])

    def _signing_key(self, secret: str | None) -> signature.SigningKey:
        if secret is not None:
            return signature.from_text(secret)
        return signature.from_bytes(self.chance.key(signature.KEY_BYTES))
