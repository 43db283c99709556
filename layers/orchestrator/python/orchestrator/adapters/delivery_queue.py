"""The queue of delivery steps, and their form in it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.adapters.dynamodb.codec import instant
from orchestrator.adapters.failures import unavailable
from orchestrator.domain.errors import Unavailable
from orchestrator.domain.ids import EventId
from orchestrator.domain.webhooks.webhook import WebhookId
from orchestrator.ports.events import DeliveryMessage

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient

#: SQS: entries of a batch, and the longest DelaySeconds
_BATCH: Final = 10
_LONGEST_DELAY: Final = 900
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class SqsDeliveryQueue:
    """`ports.events.DeliveryQueue`. A message due later than SQS can delay comes out early, and is put back."""

    client: "Callable[[], SQSClient]"
    url: str

    def send(self, messages: Sequence[DeliveryMessage], *, now: datetime) -> None:
        """SendMessageBatch; what a batch refuses is sent again.

        Raises:
            Unavailable: entries were refused again and again.
        """
        for start in range(0, len(messages), _BATCH):
            self._send([_entry(message, now) for message in messages[start : start + _BATCH]])

    def _send(self, entries: list[dict[str, Any]]) -> None:
        rest = [{"Id": str(place), **entry} for place, entry in enumerate(entries)]
        for _ in range(_TRIES):
            with unavailable("the delivery queue"):
                answer = self.client().send_message_batch(QueueUrl=self.url, Entries=rest)  # pyright: ignore[reportArgumentType]
            refused = {entry["Id"] for entry in answer.get("Failed", [])}
            rest = [entry for entry in rest if entry["Id"] in refused]
            if not rest:
                return
        raise Unavailable("the delivery queue refuses messages")


def _entry(message: DeliveryMessage, now: datetime) -> dict[str, Any]:
    seconds = math.ceil((message.due_at - now).total_seconds())
    return {"MessageBody": to_text(message), "DelaySeconds": max(0, min(seconds, _LONGEST_DELAY))}


def to_text(message: DeliveryMessage) -> str:
    """The message's body."""
    return json.dumps(
        {
            "webhook_id": message.webhook_id,
            "event_id": message.event_id,
            "attempt": message.attempt,
            "due_at": instant(message.due_at),
        }
    )


def from_plain(plain: Mapping[str, Any]) -> DeliveryMessage:
    """What `to_text` wrote, parsed."""
    return DeliveryMessage(
        webhook_id=WebhookId(plain["webhook_id"]),
        event_id=EventId(plain["event_id"]),
        attempt=plain["attempt"],
        due_at=datetime.fromisoformat(plain["due_at"]),
    )
