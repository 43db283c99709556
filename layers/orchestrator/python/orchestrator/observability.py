"""Structured logs, metrics (Powertools), and what a process measures of itself: one of each for all functions."""

import os
import resource
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

SERVICE = "task-orchestrator"

logger = Logger(service=SERVICE, utc=True)
metrics = Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", SERVICE), service=SERVICE)
#: a process reports at most this often, in seconds, or when it has so many measurements
REPORT_SECONDS: Final = 10.0
MOST_MEASUREMENTS: Final = 500


@dataclass(slots=True)
class Meter:
    """Times invocations, requests and calls of the table, until they are taken. Outside of Lambda it stands still.

    Times are in seconds; `requests` are (seconds, whether answered 5xx).
    """

    function: str | None = field(default_factory=lambda: os.environ.get("AWS_LAMBDA_FUNCTION_NAME"))
    begun: float = field(default_factory=time.monotonic)
    taken: float = field(default_factory=time.monotonic)
    invoked: float = 0.0
    wall: float = 0.0
    cpu: float = 0.0
    invocations: int = 0
    requests: list[tuple[float, bool]] = field(default_factory=list[tuple[float, bool]])
    queries: list[float] = field(default_factory=list[float])

    @contextmanager
    def invocation(self) -> Generator[None]:
        """Time one invocation: what lies between is a frozen process, not idleness."""
        self.invoked, cpu = time.monotonic(), time.process_time()
        try:
            yield
        finally:
            self.wall += time.monotonic() - self.invoked
            self.cpu += time.process_time() - cpu
            self.invocations += 1

    def answered(self, status: int) -> None:
        """An API request is answered."""
        self.requests.append((time.monotonic() - self.invoked, status >= 500))  # noqa: PLR2004 - server errors

    def follow(self, client: Any) -> None:
        """Time the calls of an AWS client."""
        if self.function is None:
            return
        client.meta.events.register("before-call.*.*", self._calling)
        client.meta.events.register("after-call.*.*", self._called)

    @staticmethod
    def _calling(context: dict[str, Any], **_: Any) -> None:
        context["begun"] = time.monotonic()

    def _called(self, context: dict[str, Any], **_: Any) -> None:
        self.queries.append(time.monotonic() - context["begun"])

    @property
    def is_due(self) -> bool:
        """Tell whether to report."""
        if self.function is None or not self.invocations:
            return False
        measurements = len(self.requests) + len(self.queries)
        return measurements >= MOST_MEASUREMENTS or time.monotonic() - self.taken >= REPORT_SECONDS

    def emit(self) -> None:
        """The same as metrics of CloudWatch (embedded metric format)."""
        if self.wall:
            metrics.add_metric(name="CpuUsage", unit=MetricUnit.Percent, value=100 * self.cpu / self.wall)
        metrics.add_metric(name="PeakMemory", unit=MetricUnit.Megabytes, value=self.peak_memory_mb())
        metrics.add_metric(name="Requests", unit=MetricUnit.Count, value=len(self.requests))
        metrics.flush_metrics()

    def reset(self) -> None:
        """Begin anew: what was measured has been taken."""
        self.taken, self.wall, self.cpu, self.invocations = time.monotonic(), 0.0, 0.0, 0
        self.requests, self.queries = [], []

    @staticmethod
    def peak_memory_mb() -> float:
        """The most memory that the process has had, in MB (getrusage(2): kilobytes on Linux)."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    @staticmethod
    def memory_limit_mb() -> float | None:
        """What Lambda gives the process."""
        limit = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        return float(limit) if limit else None

    @property
    def uptime(self) -> float:
        """Seconds since the process began."""
        return time.monotonic() - self.begun


meter = Meter()
