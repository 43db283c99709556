"""Queues that services pull their tasks from. There are those that the stage allows."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from orchestrator.domain.service_call import HTTP_ACCEPTED
from orchestrator.domain.webhooks.delivery import Answer, AttemptError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

_DETAIL_KEPT: Final = 300
_WAITING: Final = "ApproximateNumberOfMessages"


def urls_in(text: str) -> dict[str, str]:
    """The allowed queues, `name=url,...`, as URLs by name."""
    pairs = (entry.partition("=") for entry in text.split(",") if entry)
    return {name: url for name, _, url in pairs}


@dataclass(frozen=True, slots=True)
class SqsServiceQueues:
    """`ports.resources.ServiceQueues`."""

    client: "Callable[[], SQSClient]"
    urls: Mapping[str, str]

    @property
    def names(self) -> frozenset[str]:
        """Those that the stage allows."""
        return frozenset(self.urls)

    def waiting(self, queue: str) -> int | None:
        """GetQueueAttributes."""
        url = self.urls.get(queue)
        if url is None:
            return None
        try:
            answer = self.client().get_queue_attributes(QueueUrl=url, AttributeNames=[_WAITING])
        except (ClientError, BotoCoreError):
            return None
        return int(answer["Attributes"][_WAITING])

    def send(self, queue: str, *, body: str, attributes: Mapping[str, str]) -> Answer:
        """SendMessage. A queue that is not allowed (any more) does not resolve."""
        url = self.urls.get(queue)
        if url is None:
            return Answer(duration_ms=0, error=AttemptError.UNRESOLVED_HOST, detail=f"queue {queue} is not allowed")
        told: dict[str, MessageAttributeValueTypeDef] = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
        started = time.monotonic()
        try:
            self.client().send_message(QueueUrl=url, MessageBody=body, MessageAttributes=told)
        except (ClientError, BotoCoreError) as error:
            said = str(error)[:_DETAIL_KEPT]
            return Answer(duration_ms=_since(started), error=AttemptError.CONNECTION, detail=said)
        return Answer(duration_ms=_since(started), status_code=HTTP_ACCEPTED)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
