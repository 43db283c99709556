"""What functions measure of themselves, and the health that follows from measurements."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.adapters.dynamodb import statistics as adapter
from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.statistics import Tally
from orchestrator.domain.measurement.usage import BEGINNING, BY_FUNCTION, EVER, USAGE, Usage
from orchestrator.domain.webhooks.delivery import Answer, AttemptError
from orchestrator.observability import REPORT_SECONDS, Meter
from orchestrator.ports.insights import Part
from orchestrator.services.insights.health import PartCheck, checked, overall
from orchestrator.services.resources.external_services import ServiceCheck, Status, service_check
from tests.contract.dynamodb import fresh_table

NOW = datetime.now(UTC).replace(microsecond=0)
SPAN = {"start": NOW - timedelta(hours=1), "end": NOW + timedelta(seconds=1)}
MEASURED = Usage(
    function="tasks-api", wall=2.0, cpu=0.5, invocations=3, peak_memory_mb=128, memory_limit_mb=512,
    requests=((0.1, False), (0.3, True)), queries=(0.02, 0.2),
)  # fmt: skip


@pytest.fixture
def store() -> Iterator[DynamoDBStatistics]:
    with fresh_table() as (table, _):
        yield DynamoDBStatistics(table, 365)


def test_a_report_is_added_to_the_others(store: DynamoDBStatistics) -> None:
    store.write(NOW, MEASURED)
    store.write(NOW, MEASURED)
    (row,) = store.read(USAGE, Granularity.MINUTE, **SPAN).rows
    counts = {"requests": 4, "request_errors": 2, "request_ms": 800, "cpu_ms": 1000, "wall_ms": 4000, "invocations": 6,
              "memory_permille": 500, "memory_samples": 2, "queries": 4, "slow_queries": 2}  # fmt: skip
    assert {name: row.tally.count(name) for name in counts} == counts
    assert row.tally.quantile("request", 1.0) == pytest.approx(0.3, rel=0.01)
    assert row.tally.quantile("cpu", 1.0) == pytest.approx(25, rel=0.01)
    (function,) = store.read(BY_FUNCTION, Granularity.HOUR, **SPAN).rows
    assert (function.member, function.tally.count("requests")) == (("tasks-api",), 4)
    (ever,) = store.read(EVER, Granularity.DAY, start=BEGINNING, end=BEGINNING + timedelta(hours=1)).rows
    assert ever.tally.count("requests") == 4


def test_a_reading_has_a_bounded_number_of_pages(store: DynamoDBStatistics, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(NOW, MEASURED)
    monkeypatch.setattr(adapter, "MOST_PAGES", 0)
    reading = store.read(USAGE, Granularity.MINUTE, **SPAN)
    assert (reading.rows, reading.is_complete) == ((), False)


def test_a_meter_outside_of_lambda_is_never_due() -> None:
    meter = Meter(function=None)
    with meter.invocation():
        meter.answered(200)
    meter.taken -= REPORT_SECONDS
    assert not meter.is_due


def test_a_meter_is_due_after_a_while_and_begins_anew() -> None:
    meter = Meter(function="f")
    with meter.invocation():
        sum(range(100_000))
        meter.answered(503)
    assert not meter.is_due
    meter.taken -= REPORT_SECONDS
    assert meter.is_due
    assert meter.wall >= meter.requests[0][0] > 0
    assert meter.cpu > 0
    assert meter.requests[0][1]
    assert meter.peak_memory_mb() > 1
    meter.reset()
    assert (meter.invocations, meter.requests, meter.is_due) == (0, [], False)


@pytest.mark.parametrize(
    ("milliseconds", "status"), [(None, Status.UNHEALTHY), (1000.0, Status.HEALTHY), (1000.5, Status.DEGRADED)]
)
def test_probes(milliseconds: float | None, status: Status) -> None:
    assert checked(Part.DATABASE, milliseconds).status is status


@pytest.mark.parametrize(
    ("completed", "failed", "status"),
    [
        (0, 0, Status.HEALTHY),
        (0, 4, Status.HEALTHY),
        (9, 1, Status.DEGRADED),
        (10, 1, Status.HEALTHY),
        (3, 3, Status.UNHEALTHY),
    ],
)
def test_services_by_their_work(completed: int, failed: int, status: Status) -> None:
    assert service_check(Tally({"tasks_completed": completed, "tasks_failed": failed}), None).status is status


ANSWERED = Answer(duration_ms=40, status_code=200)


@pytest.mark.parametrize(
    ("answer", "status", "milliseconds"),
    [
        (ANSWERED, Status.HEALTHY, 40),
        (replace(ANSWERED, duration_ms=1001), Status.DEGRADED, 1001),
        (replace(ANSWERED, status_code=503, error=AttemptError.STATUS), Status.UNHEALTHY, 40),
        (replace(ANSWERED, status_code=None, error=AttemptError.TIMEOUT), Status.UNHEALTHY, None),
    ],
)
def test_services_by_their_probe(answer: Answer, status: Status, milliseconds: int | None) -> None:
    well = service_check(Tally(), answer)
    assert (well.status, well.response_time_ms) == (status, milliseconds)
    failing = service_check(Tally({"tasks_completed": 9, "tasks_failed": 1}), answer)
    assert failing.status is (Status.DEGRADED if status is Status.HEALTHY else status)


@pytest.mark.parametrize(
    ("database", "bus", "service", "status"),
    [
        (Status.HEALTHY, Status.HEALTHY, Status.HEALTHY, Status.HEALTHY),
        (Status.HEALTHY, Status.UNHEALTHY, Status.HEALTHY, Status.DEGRADED),
        (Status.HEALTHY, Status.HEALTHY, Status.UNHEALTHY, Status.DEGRADED),
        (Status.DEGRADED, Status.HEALTHY, Status.HEALTHY, Status.DEGRADED),
        (Status.UNHEALTHY, Status.HEALTHY, Status.HEALTHY, Status.UNHEALTHY),
    ],
)
def test_the_service_by_its_parts(database: Status, bus: Status, service: Status, status: Status) -> None:
    checks = {
        Part.DATABASE: PartCheck(status=database, response_time_ms=1.0, details=""),
        Part.EVENT_MANAGER: PartCheck(status=bus, response_time_ms=1.0, details=""),
    }
    services = {"s": ServiceCheck(status=service, response_time_ms=None, details="")}
    assert overall(checks, services) is status
