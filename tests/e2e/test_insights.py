"""What was done through the API is what monitoring and analytics say, counted from the stream; so does a replay."""

import subprocess
import sys

import pytest

from tests.api.service import TWO_TASKS
from tests.e2e.api import Api, Json
from tests.e2e.stack import ROOT, Stack, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
RUNS = 3


@pytest.fixture(scope="module")
def definition(api: Api) -> str:
    """A definition with finished runs."""
    made = api.publish(TWO_TASKS)
    for _ in range(RUNS):
        api.drive(api.start(made), lambda _task: {"ok": True})
    return made


def workflows(api: Api, definition: str) -> Json:
    return api.ok("GET", "/analytics/workflow-performance", workflow_definition_id=definition, period="week")


def counted(api: Api, definition: str) -> Json:
    def complete() -> Json | None:
        found = workflows(api, definition)
        tasks = found["bottleneck_analysis"]["slowest_tasks"]
        is_all = found["performance_summary"]["successful_executions"] == RUNS
        return found if is_all and sum(task["frequency"] for task in tasks) == 2 * RUNS else None

    return wait_until(complete, seconds=60, what="the statistics")


def test_runs_are_counted(api: Api, definition: str) -> None:
    found = counted(api, definition)
    summary = found["performance_summary"]
    assert (summary["total_executions"], summary["failed_executions"], summary["success_rate"]) == (RUNS, 0, 100.0)
    assert 0 < summary["fastest_execution"] <= summary["average_execution_time"] <= summary["slowest_execution"]
    tasks = {task["element_id"]: task["frequency"] for task in found["bottleneck_analysis"]["slowest_tasks"]}
    assert tasks == {"collect": RUNS, "decide": RUNS}
    metrics = api.ok("GET", "/monitoring/performance", workflow_definition_id=definition, time_range="1h")
    assert metrics["workflow_metrics"]["total_workflows_completed"] == RUNS
    assert metrics["task_metrics"]["total_tasks_executed"] == 2 * RUNS


def test_functions_measure_themselves(api: Api, definition: str) -> None:
    def measured() -> Json | None:
        api.ok("GET", "/tasks", limit="1")
        metrics = api.ok("GET", "/metrics")
        return metrics if metrics["service_metrics"]["requests_total"] else None

    metrics = wait_until(measured, seconds=60, what="reported usage")
    assert metrics["service_metrics"]["p95_response_time_ms"] > 0
    assert metrics["resource_metrics"]["cpu_usage_percent"] > 0
    assert 0 < metrics["resource_metrics"]["memory_usage_percent"] <= 100
    assert metrics["database_metrics"]["query_duration_p95_ms"] > 0


def test_health_of_the_running_parts(api: Api) -> None:
    health = api.ok("GET", "/health")
    assert {health["checks"][part]["status"] for part in ("database", "event_manager", "workflow_engine")} == {
        "healthy"
    }
    assert health["uptime"] is not None
    assert api.call("GET", "/health").status_code == 200


def test_a_replay_says_the_same(api: Api, stack: Stack, definition: str) -> None:
    before = counted(api, definition)
    environment = {
        **stack.environment,
        "AWS_ENDPOINT_URL": f"http://localhost:{stack.aws_port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "orchestrator.workers.reproject"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert int(done.stdout.split()[0]) > 0
    after = workflows(api, definition)
    for name in ("performance_summary", "bottleneck_analysis"):
        assert after[name] == before[name]
