"""One stack with the small assembly for most tests; those that stop it start their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "task-orchestrator-dev"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition: Callable[[], Any], *, seconds: float = 15) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


@dataclass
class Tiny:
    """A running stack; start it again after `stop` or `kill` to go on with its state."""

    state: Path
    extra: dict[str, str] = field(default_factory=dict)
    api_port: int = field(default_factory=free_port)
    aws_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "API_PORT": str(self.api_port),
            "AWS_PORT": str(self.aws_port),
            "LOCAL_STATE": str(self.state),
            "WATCH": "0",
            "STAGE": "dev",
            "HOST_SECRET": "must not leak",
        }
        return {**os.environ, **own, **self.extra}

    @property
    def log(self) -> str:
        return (self.state / "log").read_text(errors="replace")

    def start(self) -> "Tiny":
        self.state.mkdir(parents=True, exist_ok=True)
        with (self.state / "log").open("ab") as log:
            mark = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.local.tiny"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(lambda: self._is_up(mark), seconds=40)
        return self

    def _is_up(self, mark: int) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log[-3000:]
        return "serves http" in self.log[mark:]

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(sign)
        code = self.process.wait(timeout=30)
        self.process = None
        return code

    def client(self, name: str) -> Any:
        return boto3.client(
            name,
            "us-east-1",
            endpoint_url=f"http://127.0.0.1:{self.aws_port}",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def get(self, path: str, **more: Any) -> requests.Response:
        return requests.get(f"http://localhost:{self.api_port}{path}", timeout=20, **more)

    def invoke(self, **event: Any) -> Any:
        answer = self.client("lambda").invoke(FunctionName=f"{PREFIX}-probe", Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    def put(self, partition: str, sort: str, **more: Any) -> None:
        item = {"pk": {"S": partition}, "sk": {"S": sort}, **more}
        self.client("dynamodb").put_item(TableName=PREFIX, Item=item)

    def item(self, partition: str, sort: str) -> dict[str, Any] | None:
        key = {"pk": {"S": partition}, "sk": {"S": sort}}
        return self.client("dynamodb").get_item(TableName=PREFIX, Key=key).get("Item")

    def items(self, partition: str) -> list[dict[str, Any]]:
        pages = (
            self.client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=PREFIX,
                KeyConditionExpression="pk = :p",
                ExpressionAttributeValues={":p": {"S": partition}},
            )
        )
        return [item for page in pages for item in page["Items"]]

    def start_execution(self, name: str) -> str:
        arn = f"arn:aws:states:us-east-1:000000000000:stateMachine:{PREFIX}-machine"
        return self.client("stepfunctions").start_execution(stateMachineArn=arn, name=name)["executionArn"]

    def token(self, name: str) -> str:
        return until(lambda: self.item("token", name))["token"]["S"]


@pytest.fixture(scope="session")
def tiny() -> Iterator[Tiny]:
    state = Path(tempfile.mkdtemp(prefix="local-stack-"))
    stack = Tiny(state, {"WAIT_SCALE": "0.01"}).start()
    yield stack
    assert stack.end() == 0
    shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Tiny]:
    stack = Tiny(tmp_path / "state")
    yield stack.start()
    if stack.process is not None:
        stack.end(signal.SIGKILL)
