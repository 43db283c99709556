"""The functions behind API Gateway, called with its events, over moto: routes, errors and shapes without a network."""

import importlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from orchestrator import bootstrap, event_bootstrap
from orchestrator.api.endpoints import ENDPOINTS, Endpoint, Permission
from tests.contract.dynamodb import description

Json = dict[str, Any]
EVERYTHING = tuple(str(permission) for permission in Permission)
REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/machines"
DISPATCHER = "arn:aws:lambda:us-east-1:123456789012:function:task-dispatch"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Json
    headers: dict[str, str]

    @property
    def error(self) -> Json:
        return self.body["error"]


class Context:
    aws_request_id = "lambda-request"
    function_name = "test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:test"


def endpoint_of(method: str, path: str) -> Endpoint:
    for endpoint in ENDPOINTS:
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", endpoint.path)
        if endpoint.method == method and re.fullmatch(pattern, path):
            return endpoint
    raise LookupError(f"{method} {path} is in no row of the catalogue")


class Edge:
    """Calls an endpoint as API Gateway would after the authorizer let the caller in."""

    def __init__(self, permissions: tuple[str, ...] = EVERYTHING, projects: str | None = None) -> None:
        self.permissions, self.projects = permissions, projects

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: str | None = None,
        headers: Json | None = None,
        **query: str,
    ) -> Answer:
        endpoint = endpoint_of(method, path)
        handler = importlib.import_module(f"functions.{endpoint.group}.handler").handler
        parts = path.split("/")
        names = [part for part in endpoint.path.split("/") if part.startswith("{")]
        values = [parts[endpoint.path.split("/").index(name)] for name in names]
        authorizer = {"subject": "ada", "permissions": " ".join(self.permissions)}
        if self.projects is not None:
            authorizer["project_ids"] = self.projects
        event = {
            "httpMethod": method,
            "resource": endpoint.path,
            "path": path,
            "pathParameters": {name[1:-1]: value for name, value in zip(names, values, strict=True)} or None,
            "queryStringParameters": query or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
            "headers": {"Content-Type": "application/json", **(headers or {})},
            "multiValueHeaders": {name: [value] for name, value in (headers or {}).items()},
            "requestContext": {
                "requestId": "request-1",
                "authorizer": authorizer,
                "resourcePath": endpoint.path,
                "httpMethod": method,
                "stage": "v1",
            },
            "body": raw if raw is not None else None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = handler(event, Context())
        text = answer.get("body") or ""
        headers_out = answer.get("headers") or {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        return Answer(answer["statusCode"], json.loads(text) if text else {}, headers_out)

    def ok(self, method: str, path: str, body: object = None, **query: str) -> Json:
        answer = self.call(method, path, body, **query)
        assert answer.status < 300, answer
        return answer.body


@contextmanager
def deployed(monkeypatch: Any) -> Iterator[Edge]:
    """An empty account with what the template makes, and the functions' environment."""
    environment = {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "STAGE": "dev",
        "TABLE_NAME": "record",
        "PAYLOAD_BUCKET": "payloads",
        "STATE_MACHINE_PREFIX": "task-orchestrator-dev",
        "STATE_MACHINE_ROLE_ARN": ROLE,
        "TASK_DISPATCH_FUNCTION_ARN": DISPATCHER,
        "FIRST_TASK_WAIT_MS": "0",
        "TRIGGERED_WAIT_MS": "0",
        "WEBHOOK_ALLOW_HTTP": "1",
        "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
        "WEBHOOK_TIMEOUT_MS": "1000",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
        monkeypatch.delenv(name)
    with mock_aws():
        _forget()
        boto3.client("dynamodb", region_name=REGION).create_table(TableName="record", **description())
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="payloads")
        for name in ("DELIVERY", "REJECTED_COMMANDS"):
            queue = boto3.client("sqs", region_name=REGION).create_queue(QueueName=name.lower())
            monkeypatch.setenv(f"{name}_QUEUE_URL", queue["QueueUrl"])
        key = boto3.client("kms", region_name=REGION).create_key()["KeyMetadata"]["KeyId"]
        monkeypatch.setenv("WEBHOOK_KEY_ID", key)
        yield Edge()
    _forget()


def _forget() -> None:
    """Clients of another account must not be met again."""
    for value in (*vars(bootstrap).values(), *vars(event_bootstrap).values()):
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    with deployed(monkeypatch) as edge:
        yield edge
