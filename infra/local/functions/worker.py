"""One process of one function: started, asked, ended."""

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.logs import function_line

Json = dict[str, Any]

_RUNTIME = Path(__file__).with_name("runtime.py")
_INIT_SECONDS = 60.0
_CHUNK = 1 << 20
LOG = logging.getLogger("local.functions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a worker runs. Two invocations may share a worker only if their programs are equal."""

    name: str
    arn: str
    version: str
    handler: str
    memory: int
    timeout: float
    code: Path
    layers: tuple[Path, ...]
    sdk: Path
    variables: tuple[tuple[str, str], ...] = ()
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def process_environment(self) -> dict[str, str]:
        """The whole environment of the process; the function's own variables win."""
        paths = [str(self.code), *(str(layer / "python") for layer in self.layers), *map(str, self.layers)]
        return {
            **dict(self.environment),
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": self.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory),
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": uuid.uuid4().hex,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "LAMBDA_TASK_ROOT": str(self.code),
            "POWERTOOLS_TRACE_DISABLED": "true",
            "AWS_XRAY_SDK_ENABLED": "false",
            "_HANDLER": self.handler,
            **dict(self.variables),
            "LOCAL_FUNCTION_ARN": self.arn,
            "LOCAL_IMPORT_PATHS": json.dumps(paths),
            "LOCAL_SDK_PATH": str(self.sdk),
        }


class Worker:
    """A process that runs one invocation at a time."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.last_used = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._failure: Json | None = None

    def invoke(self, event: Any, *, request_id: str, trace_id: str | None) -> Json:
        """The answer: `{"result": ...}`, or `{"error": {"errorType", "errorMessage", ...}}` as Lambda reports it."""
        self.last_used = time.monotonic()
        if self._failure is not None:
            return self._failure
        timeout = self.program.timeout
        message = {"event": event, "request_id": request_id, "trace_id": trace_id, "deadline": time.time() + timeout}
        answer = self._exchange(json.dumps(message).encode() + b"\n", timeout)
        if answer is None:
            return self._ended(timeout)
        return answer

    @property
    def is_running(self) -> bool:
        """Whether there is a process, and it was alive when it was last looked at."""
        return self._process is not None

    def start(self) -> None:
        """Start the process; what goes wrong is the answer of the next invocation."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-X", "utf8", str(_RUNTIME)],
            cwd=self.program.code,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.program.process_environment(),
            start_new_session=True,  # Ctrl-C is for the stack, which ends its functions itself
        )
        threading.Thread(target=self._log, args=(self._process,), name=self.program.name, daemon=True).start()
        ready = self._exchange(b"", _INIT_SECONDS)
        if ready is None:
            self._failure = self._ended(_INIT_SECONDS)
        elif "error" in ready:
            self.stop()
            self._failure = ready

    def _log(self, process: subprocess.Popen[bytes]) -> None:
        for line in process.stderr or ():
            if readable := function_line(self.program.name, line.decode(errors="replace")):
                LOG.info(readable)

    def _exchange(self, message: bytes, seconds: float) -> Json | None:
        """Send a line and read one; None when the process ended or the time is over."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(message)
            process.stdin.flush()
        except OSError:
            return None
        deadline = time.monotonic() + seconds
        while b"\n" not in self._unread:
            waiting = select.poll()  # unlike select(), it takes file descriptors over 1,023
            waiting.register(process.stdout, select.POLLIN)
            readable = waiting.poll(max(0.0, deadline - time.monotonic()) * 1000)
            chunk = os.read(process.stdout.fileno(), _CHUNK) if readable else b""
            if not chunk:
                return None
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\n")
        return json.loads(line)

    def _ended(self, seconds: float) -> Json:
        """The process gave no answer: it has ended, or is ended now because its time is over."""
        code = self._process.poll() if self._process else None
        self.stop()
        if code is None:
            message = f"{uuid.uuid4()} Task timed out after {seconds:.2f} seconds"
            return {"error": {"errorType": "Sandbox.Timedout", "errorMessage": message}}
        message = f"the process ended with {code}"
        return {"error": {"errorType": "Runtime.ExitError", "errorMessage": message}}

    def stop(self) -> None:
        """End the process; this worker is done."""
        process, self._process, self._unread = self._process, None, b""
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()
