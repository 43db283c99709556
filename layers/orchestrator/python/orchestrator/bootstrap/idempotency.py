"""Requests that are carried out once."""

from functools import cache

from orchestrator.adapters.dynamodb.kept_answers import DynamoDBKeptAnswers
from orchestrator.adapters.dynamodb.texts import Texts
from orchestrator.adapters.s3 import PayloadBucket
from orchestrator.adapters.system import SystemClock
from orchestrator.bootstrap.aws import s3, service_settings, table
from orchestrator.services.repeated_requests import RepeatedRequests


@cache
def repeated_requests() -> RepeatedRequests:
    """Requests that bear an idempotency key."""
    texts = Texts(PayloadBucket(s3, service_settings().payload_bucket))
    return RepeatedRequests(answers=DynamoDBKeptAnswers(table(), texts), clock=SystemClock())
