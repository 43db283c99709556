"""What the local stack tells on stderr: one line per event, with the time."""

import json
import logging
import sys
from typing import Any

LOG = logging.getLogger("local")
_NOISY = ("hypercorn.error", "hypercorn.access", "watchfiles", "watchfiles.main", "botocore", "boto3", "urllib3")
#: keys of a structured log record that every line has
_COMMON = {
    "level", "location", "message", "timestamp", "service", "cold_start", "function_name", "function_memory_size",
    "function_arn", "function_request_id", "xray_trace_id", "correlation_id", "sampling_rate", "taskName", "hostname",
    "exception_name", "exception", "stack_trace",
}  # fmt: skip


def configure() -> None:
    """Send our lines to stderr and silence the libraries below warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(message)s", datefmt="%H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOG.setLevel(logging.INFO)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)


def function_line(function: str, line: str) -> str | None:
    """A line that a function wrote, as a person reads it; None for metrics and empty lines."""
    text = line.rstrip()
    if not text.startswith("{"):
        return f"[{function}] {text}" if text else None
    try:
        record = json.loads(text)
    except ValueError:
        return f"[{function}] {text}"
    if "_aws" in record:
        return None
    return f"[{function}] {_structured(record)}"


def _structured(record: dict[str, Any]) -> str:
    more = " ".join(f"{key}={_value(value)}" for key, value in record.items() if key not in _COMMON)
    head = f"{record.get('level', 'INFO')} {record.get('message', '')}"
    trace = f"\n{record['exception']}" if record.get("exception") else ""
    return f"{head} {more}".rstrip() + trace


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
