"""The queue of the admission worker."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.adapters.failures import unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class AdmissionQueue:
    """`admission_ports.WorkerQueue`."""

    client: "Callable[[], SQSClient]"
    url: str

    def wake(self) -> None:
        """SendMessage."""
        with unavailable("the admission queue"):
            self.client().send_message(QueueUrl=self.url, MessageBody=json.dumps({"action": "admit"}))
