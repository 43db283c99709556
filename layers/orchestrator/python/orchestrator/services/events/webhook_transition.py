"""How a webhook's change becomes a transition with its events numbered."""

from dataclasses import replace

from orchestrator.domain.caller import Caller
from orchestrator.domain.events import Happening, Subject, number
from orchestrator.domain.ids import event_id
from orchestrator.domain.webhooks.webhook import Webhook
from orchestrator.ports.environment import Ids
from orchestrator.ports.events import WebhookTransition


def webhook_transition(
    before: Webhook | None, after: Webhook, happening: Happening, *, ids: Ids, caller: Caller | None = None
) -> WebhookTransition:
    """A transition of a webhook, with the one event that tells of it.

    The event belongs to a project where the webhook is confined to just one.
    """
    projects = after.visible_projects or ()
    subject = Subject(
        project_id=projects[0] if len(projects) == 1 else None,
        user_id=caller.subject if caller else None,
        correlation_id=caller.correlation_id if caller else None,
    )
    sequence = before.sequence if before else 0
    events = number([happening], after=sequence, subject=subject, new_id=lambda: event_id(ids.ulid()))
    return WebhookTransition(before=before, after=replace(after, sequence=sequence + len(events)), events=events)
