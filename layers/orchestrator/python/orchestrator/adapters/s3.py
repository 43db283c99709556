"""The payload bucket."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from orchestrator.adapters.failures import code_of, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

_PART: Final = "the payload bucket"
_MISSING: Final = frozenset({"NoSuchKey", "AccessDenied"})


@dataclass(frozen=True, slots=True)
class PayloadBucket:
    """`ports.engine.PayloadStore`. The client is made when the first large text comes by."""

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

    def find(self, key: str) -> str | None:
        """GetObject; who may not list is told of a missing object that access is denied."""
        with unavailable(_PART):
            try:
                found = self.client().get_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if code_of(error) not in _MISSING:
                    raise
                return None
            return found["Body"].read().decode()
