"""The payload bucket."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.adapters.failures import unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

_PART = "the payload bucket"


@dataclass(frozen=True, slots=True)
class PayloadBucket:
    """`ports.PayloadStore`. The client is made when the first large text comes by."""

    client: "Callable[[], S3Client]"
    bucket: str

    def put(self, key: str, text: str) -> None:
        """PutObject."""
        with unavailable(_PART):
            self.client().put_object(Bucket=self.bucket, Key=key, Body=text.encode())

    def get(self, key: str) -> str:
        """GetObject."""
        with unavailable(_PART):
            return self.client().get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()
