"""AWS failures that pass: told to the caller as unavailability, never as a fault of ours."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as AwsConnectionError

from orchestrator.domain.errors import Unavailable

PASSING: Final = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "KmsThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


def code_of(error: ClientError) -> str:
    """AWS's name of an error."""
    return error.response.get("Error", {}).get("Code", "")


@contextmanager
def unavailable(part: str) -> Generator[None]:
    """Translate passing failures of a part of the system.

    Raises:
        Unavailable: it throttles, has an internal failure or cannot be reached.
    """
    try:
        yield
    except ClientError as error:
        if code_of(error) in PASSING:
            raise Unavailable(f"{part} is busy") from error
        raise
    except (AwsConnectionError, HTTPClientError) as error:
        raise Unavailable(f"{part} does not answer") from error
