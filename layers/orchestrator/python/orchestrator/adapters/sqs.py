"""Queues that we fill."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.adapters.failures import unavailable
from orchestrator.domain.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class ServiceCallQueue:
    """`ports.ServiceQueue`. The client is made when the first service is to be called."""

    client: "Callable[[], SQSClient]"
    url: str

    def send(self, *, task_id: TaskId, service_name: str) -> None:
        """SendMessage."""
        body = json.dumps({"task_id": task_id, "service_name": service_name})
        with unavailable("the service call queue"):
            self.client().send_message(QueueUrl=self.url, MessageBody=body)
