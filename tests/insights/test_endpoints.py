"""Monitoring, analytics, health and metrics as callers see them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from orchestrator.bootstrap import aws as aws_bootstrap
from orchestrator.bootstrap import projection
from tests.api.edge import Edge, rest_event
from tests.contract.events.receiver import receiving, status
from tests.insights.histories import History

MONITORING = (
    "/monitoring/active-workflows",
    "/monitoring/performance",
    "/monitoring/resource-usage",
    "/analytics/workflow-performance",
    "/analytics/task-distribution",
    "/analytics/failure-analysis",
    "/metrics",
)


def numbers(value: object) -> set:
    """Every number (None too) in an answer."""
    if isinstance(value, dict):
        return set().union(*map(numbers, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(numbers, value)) if value else set()
    return {value} if value is None or (isinstance(value, int | float) and not isinstance(value, bool)) else set()


@pytest.mark.parametrize("path", [path for path in MONITORING if path != "/metrics"])
def test_an_empty_history_is_zeros_and_nulls(api: Edge, path: str) -> None:
    assert numbers(api.ok("GET", path)) <= {0, None}


def test_metrics_of_an_empty_history(api: Edge) -> None:
    groups = api.ok("GET", "/metrics")
    for group in ("workflow_metrics", "queue_metrics", "service_metrics"):
        assert numbers(groups[group]) <= {0, None}, group


@pytest.mark.parametrize(
    ("path", "parameter", "allowed"),
    [
        ("/monitoring/performance", "time_range", ("1h", "24h", "7d", "30d")),
        ("/monitoring/performance", "granularity", ("minute", "hour", "day")),
        ("/analytics/workflow-performance", "period", ("week", "month", "quarter")),
        ("/analytics/task-distribution", "period", ("week", "month", "quarter")),
        ("/analytics/failure-analysis", "period", ("week", "month", "quarter")),
        ("/monitoring/active-workflows", "status", ("queued", "running", "paused", "failed")),
    ],
)
def test_an_unknown_value_is_told_the_allowed_ones(
    api: Edge, path: str, parameter: str, allowed: tuple[str, ...]
) -> None:
    answer = api.call("GET", path, **{parameter: "fortnight"})
    assert (answer.status, answer.field) == (400, parameter)
    for value in allowed:
        assert value in answer.error["details"]["reason"]


@pytest.mark.parametrize(("time_range", "allowed"), [("7d", "hour, day"), ("30d", "hour, day")])
def test_too_many_points_are_refused(api: Edge, time_range: str, allowed: str) -> None:
    answer = api.call("GET", "/monitoring/performance", time_range=time_range, granularity="minute")
    assert (answer.status, answer.field) == (400, "granularity")
    assert allowed in answer.error["details"]["reason"]


@pytest.mark.parametrize(
    ("time_range", "granularity", "step", "points"),
    [("1h", "minute", 60, 61), ("24h", "minute", 60, 1441), ("24h", "hour", 3600, 25), ("7d", "day", 86400, 8), ("30d", "hour", 3600, 721)],
)  # fmt: skip
def test_trends_have_no_holes(api: Edge, time_range: str, granularity: str, step: int, points: int) -> None:
    body = api.ok("GET", "/monitoring/performance", time_range=time_range, granularity=granularity)
    stamps = [datetime.fromisoformat(point["timestamp"]) for point in body["performance_trends"]]
    assert points - 1 <= len(stamps) <= points
    assert {(later - earlier).total_seconds() for earlier, later in pairwise(stamps)} <= {step}


@pytest.mark.parametrize("path", MONITORING)
def test_the_permission_is_asked_for(api: Edge, path: str) -> None:
    assert (
        Edge(permissions=("task:read",)).call("GET", path).error["details"]["required_permission"] == "monitoring:read"
    )


@pytest.mark.parametrize("path", MONITORING[1:])
def test_statistics_of_all_projects_are_not_for_callers_of_some(api: Edge, path: str) -> None:
    answer = Edge(projects="p1").call("GET", path)
    assert (answer.status, answer.error["details"]["required_permission"]) == (403, "project:*")


@pytest.mark.parametrize("path", MONITORING)
def test_an_unknown_parameter_is_refused(api: Edge, path: str) -> None:
    assert api.call("GET", path, colour="red").field == "colour"


@pytest.fixture
def calls(api: Edge) -> Counter[str]:
    """Calls of the table, once it knows its clients."""
    api.call("GET", "/metrics")
    made: Counter[str] = Counter()
    aws_bootstrap.client("dynamodb").meta.events.register(
        "before-call.*.*", lambda model, **_: made.update([model.name])
    )
    return made


def test_reads_are_few_whatever_the_history(api: Edge, calls: Counter[str]) -> None:
    before: dict[str, Counter[str]] = {}
    for path in MONITORING:
        calls.clear()
        api.ok("GET", path)
        before[path] = Counter(calls)
        assert sum(calls.values()) <= 12, calls
        assert not calls.keys() - {"GetItem", "Query", "BatchGetItem"}
    now = datetime.now(UTC)
    history = History(seed=3, begin=now - timedelta(days=20), end=now, instances=12)
    assert projection.projector().project(history.events())
    assert api.ok("GET", "/analytics/task-distribution", period="month")["total_tasks"]
    for path in MONITORING:
        calls.clear()
        api.ok("GET", path)
        assert calls == before[path], path


def test_health_without_a_token_says_how_the_parts_are(api: Edge) -> None:
    body = Edge(permissions=()).ok("GET", "/health")
    assert body["status"] == "healthy"
    for part in ("database", "event_manager", "workflow_engine"):
        assert body["checks"][part]["status"] == "healthy"
        assert body["checks"][part]["response_time_ms"] > 0
    assert (body["metrics"], body["uptime"], body["checks"]["external_services"]) == (None, None, None)


def test_health_with_a_wrong_token_is_refused(api: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.api.routes.health.claims_of", lambda _: None)
    assert api.call("GET", "/health", headers={"Authorization": "Bearer x"}).status == 401


def test_health_with_a_token_says_everything(api: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = {"sub": "ada", "permissions": ["monitoring:read"]}
    monkeypatch.setattr("orchestrator.api.routes.health.claims_of", lambda _: claims)
    answer = api.call("GET", "/health", headers={"Authorization": "Bearer x"})
    assert answer.body.keys() == {"status", "timestamp", "version", "uptime", "checks", "metrics"}
    assert answer.body["checks"].keys() == {"database", "event_manager", "workflow_engine", "external_services"}
    assert answer.body["checks"]["workflow_engine"]["active_workflows"] == 0
    assert answer.body["metrics"]["requests_per_minute"] == 0


def test_health_asks_registered_services(api: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = {"sub": "ada", "permissions": ["monitoring:read"]}
    monkeypatch.setattr("orchestrator.api.routes.health.claims_of", lambda _: claims)
    with receiving() as well, receiving(status(500)) as ill:
        for name, place in (("well", well.url), ("ill", ill.url), ("unknown", None)):
            fields = {"service_name": name, "endpoint": well.url, "health_endpoint": place}
            api.ok("POST", "/resources/services", fields)
        body = api.call("GET", "/health", headers={"Authorization": "Bearer x"}).body
    checks = body["checks"]["external_services"]
    assert {name: check["status"] for name, check in checks.items()} == {
        "well": "healthy", "ill": "unhealthy", "unknown": "healthy"
    }  # fmt: skip
    assert checks["well"]["response_time_ms"] is not None
    assert checks["unknown"]["response_time_ms"] is None
    assert (body["status"], len(well.received), len(ill.received)) == ("degraded", 1, 1)


def test_health_without_the_table_is_503(api: Edge) -> None:
    aws_bootstrap.client("dynamodb").delete_table(TableName="record")
    answer = api.call("GET", "/health")
    assert (answer.status, answer.body["status"]) == (503, "unhealthy")
    assert answer.body["checks"]["database"]["response_time_ms"] is None


def test_health_without_the_bus_is_degraded(api: Edge) -> None:
    aws_bootstrap.client("events").delete_event_bus(Name="task-orchestrator-dev")
    answer = api.call("GET", "/health")
    assert (answer.status, answer.body["status"]) == (200, "degraded")
    assert answer.body["checks"]["event_manager"]["status"] == "unhealthy"


def test_metrics_as_prometheus_text(api: Edge) -> None:
    from orchestrator.api.routes.health import handler

    event = rest_event("GET", "/metrics", headers={"Accept": "text/plain;version=0.0.4;q=0.5"})
    event["requestContext"]["authorizer"] = api.authorizer
    answer = handler(event, None)
    assert answer["headers"]["Content-Type"].startswith("text/plain")
    lines = answer["body"].splitlines()
    assert "task_orchestrator_service_requests_total 0" in lines
    assert "# TYPE task_orchestrator_service_requests_total counter" in lines
    names = [line.split()[0] for line in lines if not line.startswith("#")]
    assert len(names) == len(set(names))
