"""Clients of AWS, one of each in a process, and what every function is told by its environment."""

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from orchestrator.adapters.dynamodb.table import Table
from orchestrator.observability import meter
from orchestrator.settings import EngineSettings, ServiceSettings

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient


@cache
def _session() -> boto3.Session:
    return boto3.Session()


@cache
def client(service: str, config: Config | None = None) -> Any:
    """The one client of an AWS service in this process (or of a service and configuration)."""
    retries = config or Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=2, read_timeout=20)
    session: Any = _session()  # the stubs know services by literal names only
    made = session.client(service, config=retries)
    if service == "dynamodb":
        meter.follow(made)
    return made


def s3() -> "S3Client":
    """Objects."""
    return client("s3")


def sqs() -> "SQSClient":
    """Queues."""
    return client("sqs")


def kms() -> "KMSClient":
    """The key of secrets."""
    return client("kms")


@cache
def service_settings() -> ServiceSettings:
    """What every function knows."""
    return ServiceSettings.from_environment()


@cache
def engine_settings() -> EngineSettings:
    """What functions know that publish definitions or run them."""
    return EngineSettings.from_environment()


@cache
def table() -> Table:
    """The record."""
    return Table(client("dynamodb"), service_settings().table_name)
