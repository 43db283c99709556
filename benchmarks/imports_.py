"""Cold import of each function's handler, in a process of its own, against a bare Powertools + boto3 function."""

import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

REPEAT = 5
BARE = """import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "POWERTOOLS_TRACE_DISABLED": "true",
}


def measure() -> list[dict[str, Any]]:
    """One row per function, the bare one first; runs are interleaved so that noise hits all alike."""
    snippets = {"bare Powertools + boto3": BARE}
    for handler in sorted(Path("functions").glob("*/handler.py")):
        snippets[handler.parent.name] = f"import functions.{handler.parent.name}.handler"
    times: dict[str, list[float]] = {name: [] for name in snippets}
    for _ in range(REPEAT):
        for name, snippet in snippets.items():
            times[name].append(_import(snippet))
    bare = statistics.median(times["bare Powertools + boto3"])
    return [
        {"function": name, "import_ms": statistics.median(taken), "against_bare": statistics.median(taken) / bare}
        for name, taken in times.items()
    ]


def _import(snippet: str) -> float:
    program = f"import time; begin = time.perf_counter()\n{snippet}\nprint((time.perf_counter() - begin) * 1000)"
    printed = subprocess.run(
        [sys.executable, "-c", program], env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return float(printed.stdout.splitlines()[-1])
