"""One request to a receiver, as it leaves."""

from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain.cloud_event import SOURCE
from orchestrator.domain.webhooks import signature
from orchestrator.domain.webhooks.delivery import Answer, Delivery
from orchestrator.domain.webhooks.secrets import Secrets
from orchestrator.domain.webhooks.webhook import Webhook
from orchestrator.ports.events import SecretBox, WebhookSender


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCall:
    """One request, authenticated and signed."""

    sender: WebhookSender
    secrets: SecretBox

    def call(self, webhook: Webhook, delivery: Delivery, *, at: datetime) -> Answer:
        """POST the payload; headers are those of CloudEvents in binary mode beside the signature's."""
        body = delivery.payload.encode()
        secrets = Secrets.from_text(self.secrets.open(webhook.sealed, purpose=webhook.id))
        headers = {
            "Content-Type": "application/json",
            "ce-specversion": "1.0",
            "ce-id": delivery.event_id,
            "ce-type": delivery.event_type,
            "ce-source": SOURCE,
            **signature.headers(secrets.keys, message_id=delivery.event_id, now=at, body=body),
            **secrets.authentication.headers(body),
        }
        return self.sender.post(webhook.url, headers=headers, body=body)
