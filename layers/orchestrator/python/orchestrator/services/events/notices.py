"""Which notifications of an event really leave: those to recipients whom an active webhook is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain import notification
from orchestrator.domain.events import Happening, Subject
from orchestrator.domain.notification import Notification
from orchestrator.domain.webhooks.webhook import Occurrence, Webhook, WebhookStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notification that is on its way since `sent_at`."""

    notification: Notification
    sent_at: datetime


def notices(happenings: Sequence[Happening], subject: Subject, webhooks: Sequence[Webhook]) -> tuple[Notice, ...]:
    """The notifications that these webhooks will deliver, as the fan-out will find."""
    receivers = [webhook for webhook in webhooks if webhook.status is WebhookStatus.ACTIVE]
    return tuple(
        Notice(notification=note, sent_at=happening.at)
        for happening in happenings
        for note in notification.in_event(happening.data)
        if any(_reaches(webhook, note.recipient, happening, subject) for webhook in receivers)
    )


def _reaches(webhook: Webhook, recipient: str, happening: Happening, subject: Subject) -> bool:
    told = Occurrence(
        event_type=happening.type,
        at=happening.at,
        project_id=subject.project_id,
        definition_id=subject.definition_id,
        priority=subject.priority,
        recipients=frozenset({recipient}),
    )
    return recipient in webhook.filters.recipients and webhook.wants(told)
