"""A local stack of its own for tests: the same process that `make run` starts, on free ports, with its own state."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import requests

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
BOOT_SECONDS = 300.0
#: what is polled shares the cores with what polls
LONGEST_PAUSE = 0.5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], T], *, seconds: float, what: str) -> T:
    """Poll until the condition is truthy, ever less often; the error says what was waited for."""
    deadline = time.monotonic() + seconds
    pause = 0.02
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


@dataclass
class Stack:
    """One running stack; `start` after `stop` or `kill` continues on the same state."""

    state: Path
    wait_scale: str = "1"
    api_port: int = field(default_factory=free_port)
    aws_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.api_port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "API_PORT": str(self.api_port),
            "AWS_PORT": str(self.aws_port),
            "LOCAL_STATE": str(self.state),
            "WAIT_SCALE": self.wait_scale,
            "STAGE": "dev",
            "WATCH": "0",
        }

    @property
    def log(self) -> Path:
        return self.state / "stack.log"

    def start(self) -> "Stack":
        self.state.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until(self._answers, seconds=BOOT_SECONDS, what="the stack's /health")
        except AssertionError as error:
            self.kill()
            raise AssertionError(f"{error}\n{self.log.read_text(errors='replace')[-4000:]}") from None
        return self

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"the stack ended with {self.process.returncode}")
        try:
            return requests.get(f"{self.url}/health", timeout=20).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> int:
        """Stop as Ctrl-C does; the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """Pull the plug."""
        return self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(sign)
        code = self.process.wait(timeout=60)
        self.process = None
        return code

    def token(self, *arguments: str) -> str:
        """What `make -s token` prints."""
        printed = subprocess.run(
            [sys.executable, "-m", "infra.local.token", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return printed.stdout.strip()
