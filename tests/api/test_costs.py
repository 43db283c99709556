"""What requests and cold starts cost: AWS calls per endpoint, modules per function."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from orchestrator.api.endpoints import Group
from tests.api.edge import Edge
from tests.api.service import TWO_TASKS, Service

WRITE = {"TransactWriteItems": 1}
READ = {"Query": 1}


def test_aws_calls_of_each_endpoint(service: Service, ada: Edge) -> None:
    definition = service.published()
    instance = service.created(definition)
    body = {"name": "n", "version": "1.0.0", "bpmn_content": TWO_TASKS}

    def calls_of(request: Callable[[], object]) -> dict[str, int]:
        service.calls.clear()
        request()
        return dict(service.calls)

    assert calls_of(lambda: ada.ok("GET", f"/workflow-definitions/{definition}")) == READ
    assert calls_of(lambda: ada.ok("POST", "/workflow-definitions", body)) == WRITE
    assert calls_of(lambda: ada.ok("POST", f"/workflow-definitions/{definition}/publish")) == READ
    new = {"workflow_definition_id": definition}
    assert calls_of(lambda: ada.ok("POST", "/workflow-instances", new)) == {"GetItem": 1} | WRITE
    service.started(definition)  # which slots are kept for whom is known for a while
    start = f"/workflow-instances/{instance}/start"
    assert calls_of(lambda: ada.ok("POST", start)) == READ | WRITE | {"StartExecution": 1}
    task = service.arrive(instance)
    assert calls_of(lambda: ada.ok("GET", f"/workflow-instances/{instance}")) == READ
    assert calls_of(lambda: ada.ok("GET", f"/workflow-instances/{instance}/status", include_tasks="true")) == READ
    assert calls_of(lambda: ada.ok("GET", f"/tasks/{task}", include_logs="true")) == {"BatchGetItem": 1}
    assert calls_of(lambda: ada.ok("POST", f"/tasks/{task}/start")) == {"BatchGetItem": 1} | WRITE
    complete = calls_of(lambda: ada.ok("POST", f"/tasks/{task}/complete"))
    assert complete == {"BatchGetItem": 1, "SendTaskSuccess": 1} | WRITE
    assert calls_of(lambda: ada.call("GET", "/workflow-definitions", limit="0")) == {}


#: modules that are loaded with the first request that needs them, if ever
HEAVY = (
    "lxml",
    "lark",
    "ddsketch",
    "orchestrator.compiler.pipeline",
    "orchestrator.api.reference",
    "jwt",
    "cryptography",
)


@pytest.mark.parametrize("function", ["authorizer", *Group])
def test_a_cold_start_loads_no_more_than_the_function_needs(function: str) -> None:
    code = f"import sys, functions.{function}.handler; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    others = {*Group} - {function}
    routes = {f"orchestrator.api.routes.{group.removesuffix('_api')}" for group in others}
    assert loaded & routes == set()
    assert loaded & set(HEAVY) == set()
