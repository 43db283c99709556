"""The functions behind API Gateway, called with its events, over moto: routes, errors and shapes without a network."""

import importlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from orchestrator.api.endpoints import ENDPOINTS, Endpoint, Permission
from tests.api.reference import check
from tests.aws import account
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

    @property
    def field(self) -> str:
        return self.error["details"]["field"]


class Context:
    aws_request_id = "lambda-request"
    function_name = "test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:test"


def endpoint_of(method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
    """The row that API Gateway would pick, and the path parameters: literal segments before `{}`."""
    method = "GET" if method == "HEAD" else method
    rows = sorted((row for row in ENDPOINTS if row.method == method), key=lambda row: row.path.count("{"))
    for row in rows:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", row.path)
        if match := re.fullmatch(pattern, path, re.DOTALL):
            return row, match.groupdict()
    raise LookupError(f"{method} {path} is in no row of the catalogue")


def rest_event(method: str, path: str, query: Iterable[tuple[str, str]] = (), **more: Any) -> Json:
    """What a REST API sends to a function (proxy integration)."""
    row, parameters = endpoint_of(method, path)
    values: dict[str, list[str]] = {}
    for name, value in query:
        values.setdefault(name, []).append(value)
    return {
        "httpMethod": method,
        "resource": row.path,
        "path": path,
        "pathParameters": parameters or None,
        "queryStringParameters": {name: each[-1] for name, each in values.items()} or None,
        "multiValueQueryStringParameters": values or None,
        "headers": {"Content-Type": "application/json"},
        "requestContext": {"requestId": "request-1", "resourcePath": row.path, "httpMethod": method, "stage": "v1"},
        "body": None,
        "isBase64Encoded": False,
        **more,
    }


class Edge:
    """Calls an endpoint as API Gateway would after the authorizer let the caller in.

    Each answer is held against the reference of the API.
    """

    def __init__(
        self, permissions: tuple[str, ...] = EVERYTHING, projects: str | None = None, subject: str = "ada"
    ) -> None:
        self.permissions, self.projects, self.subject = permissions, projects, subject

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
        """`raw` is sent as it is, `body` as JSON."""
        text = raw if raw is not None else None if body is None else json.dumps(body)
        all_headers = {"Content-Type": "application/json", **(headers or {})}
        return self.send(rest_event(method, path, query.items(), body=text, headers=all_headers))

    def read(self, url: str) -> Answer:
        """GET with a query as it stands in the URL."""
        path, _, query = url.partition("?")
        pairs = [tuple(pair.partition("=")[::2]) for pair in query.split("&")] if query else []
        return self.send(rest_event("GET", path, pairs))

    def send(self, event: Json) -> Answer:
        """Let the function of the endpoint's group answer an event."""
        row, _ = endpoint_of(event["httpMethod"], event["path"])
        handler = importlib.import_module(f"functions.{row.group}.handler").handler
        context = {**event["requestContext"], "authorizer": self.authorizer}
        answer = handler({**event, "requestContext": context}, Context())
        text = answer.get("body") or ""
        if event["httpMethod"] != "HEAD":
            check(row, answer["statusCode"], text)
        is_text = answer["headers"].get("Content-Type", "").startswith("text/")
        return Answer(answer["statusCode"], {"text": text} if is_text else json.loads(text or "{}"), answer["headers"])

    @property
    def authorizer(self) -> Json:
        context = {"subject": self.subject, "permissions": " ".join(self.permissions)}
        return context if self.projects is None else {**context, "project_ids": self.projects}

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
        "ALLOWED_ORIGINS": "http://localhost:3000,https://app.example.com",
        "STATE_MACHINE_PREFIX": "task-orchestrator-dev",
        "STATE_MACHINE_ROLE_ARN": ROLE,
        "TASK_DISPATCH_FUNCTION_ARN": DISPATCHER,
        "EVENT_BUS_NAME": "task-orchestrator-dev",
        "FIRST_TASK_WAIT_MS": "0",
        "TRIGGERED_WAIT_MS": "0",
        "PROBE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:task-orchestrator-dev-wf-def-probe",
        "JWT_ALGORITHM": "HS256",
        "JWT_ISSUER": "task-orchestrator-local",
        "JWT_AUDIENCE": "task-orchestrator",
        "WEBHOOK_ALLOW_HTTP": "1",
        "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
        "API_URL": "http://localhost:3017",
        "WEBHOOK_TIMEOUT_MS": "1000",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
        monkeypatch.delenv(name)
    with account():
        _forget()
        boto3.client("dynamodb", region_name=REGION).create_table(TableName="record", **description())
        boto3.client("events", region_name=REGION).create_event_bus(Name="task-orchestrator-dev")
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="payloads")
        for name in ("ADMISSION", "DELIVERY", "REJECTED_COMMANDS", "SERVICE_CALL"):
            queue = boto3.client("sqs", region_name=REGION).create_queue(QueueName=name.lower())
            monkeypatch.setenv(f"{name}_QUEUE_URL", queue["QueueUrl"])
        work = boto3.client("sqs", region_name=REGION).create_queue(QueueName="work")["QueueUrl"]
        monkeypatch.setenv("SERVICE_QUEUE_URLS", f"work={work},gone={work}-not")
        key = boto3.client("kms", region_name=REGION).create_key()["KeyMetadata"]["KeyId"]
        monkeypatch.setenv("WEBHOOK_KEY_ID", key)
        yield Edge()
    _forget()


def _forget() -> None:
    """Clients of another account must not be met again."""
    modules = [module for name, module in sys.modules.items() if name.startswith("orchestrator.bootstrap.")]
    for value in (value for module in modules for value in vars(module).values()):
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    with deployed(monkeypatch) as edge:
        yield edge


@pytest.fixture(scope="module")
def shared() -> Iterator[Edge]:
    """One account for all tests of a module."""
    with pytest.MonkeyPatch.context() as monkeypatch, deployed(monkeypatch) as edge:
        yield edge
