"""What runs inside a function's process: reads invocations from stdin, answers on what was stdout.

Started as a file by an isolated interpreter (`-I -S`), so that a function sees the standard library, its layers and
the AWS SDK, and nothing else of this machine. Source: Lambda developer guide, "Python handler", "Context object".
"""

import importlib
import json
import os
import sys
import time
import traceback
from typing import Any


class Context:
    """The context object of one invocation."""

    identity = None
    client_context = None

    def __init__(self, request_id: str, deadline: float) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.invoked_function_arn = os.environ["LOCAL_FUNCTION_ARN"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.aws_request_id = request_id
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends the invocation."""
        return max(0, int((self._deadline - time.time()) * 1000))


def _reported(error: BaseException, error_type: str | None = None) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": error_type or type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def _load(handler: str) -> Any:
    module, _, function = handler.rpartition(".")
    return getattr(importlib.import_module(module.replace("/", ".")), function)


def _invoke(handler: Any, message: dict[str, Any]) -> dict[str, Any]:
    context = Context(message["request_id"], message["deadline"])
    os.environ["_X_AMZN_TRACE_ID"] = message.get("trace_id") or ""
    try:
        result = handler(message["event"], context)
    except SystemExit as error:
        return {"error": _reported(error, "Runtime.ExitError")}
    except BaseException as error:  # noqa: BLE001 - whatever a function raises is its answer
        traceback.print_exc()
        return {"error": {**_reported(error), "requestId": context.aws_request_id}}
    return {"result": result}


def _encoded(answer: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answer).encode()
    except (TypeError, ValueError) as error:
        return json.dumps({"error": _reported(error, "Runtime.MarshalError")}).encode()


def main() -> None:
    """Load the handler, say whether that worked, then answer one line per line until stdin ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a handler prints is log, whoever prints it
    sys.stdout = sys.stderr
    sys.path[:0] = json.loads(os.environ.pop("LOCAL_IMPORT_PATHS"))
    sys.path.append(os.environ.pop("LOCAL_SDK_PATH"))
    handler: Any = None
    try:
        handler = _load(os.environ["_HANDLER"])
        ready: dict[str, Any] = {"result": "ready"}
    except BaseException as error:  # noqa: BLE001 - reported to whoever starts the function
        traceback.print_exc()
        missing = isinstance(error, ImportError)
        ready = {"error": _reported(error, "Runtime.ImportModuleError" if missing else None)}
    _answer(answers, ready)
    for line in sys.stdin.buffer if handler is not None else ():
        _answer(answers, _invoke(handler, json.loads(line)))


def _answer(answers: Any, answer: dict[str, Any]) -> None:
    answers.write(_encoded(answer) + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
