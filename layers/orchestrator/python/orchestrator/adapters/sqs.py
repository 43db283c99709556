"""Queues that we fill."""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from orchestrator.adapters.failures import unavailable
from orchestrator.domain.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient

#: SQS: the longest DelaySeconds
_LONGEST_DELAY: Final = 900


@dataclass(frozen=True, slots=True)
class ServiceCallQueue:
    """`ports.resources.CallQueue`. What is due later than SQS can delay comes out early, and is put back."""

    client: "Callable[[], SQSClient]"
    url: str

    def send(self, task_id: TaskId, *, at: datetime, now: datetime) -> None:
        """SendMessage."""
        seconds = max(0, min(math.ceil((at - now).total_seconds()), _LONGEST_DELAY))
        with unavailable("the service call queue"):
            self.client().send_message(
                QueueUrl=self.url, MessageBody=json.dumps({"task_id": task_id}), DelaySeconds=seconds
            )
