"""The dead-letter queue of commands, where a rejected one is put with its reason."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.adapters.failures import unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient

_LONGEST_REASON: Final = 1000


@dataclass(frozen=True, slots=True)
class RejectedCommandQueue:
    """Messages as they came in, with the attributes `code` and `reason`."""

    client: "Callable[[], SQSClient]"
    url: str

    def send(self, body: str, *, code: str, reason: str) -> None:
        """SendMessage."""
        attributes = {"code": code, "reason": reason[:_LONGEST_REASON]}
        with unavailable("the queue of rejected commands"):
            self.client().send_message(
                QueueUrl=self.url,
                MessageBody=body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()
                },
            )
