"""From start to the first task and from a completion to the next task, as a caller sees them on a local stack."""

import time
from typing import Any

from benchmarks.requests_ import MODEL, running_stack
from benchmarks.table import spread
from tests.e2e.api import Api

INSTANCES = 60


def measure() -> list[dict[str, Any]]:
    """Two rows: start to first task, completion to next task; milliseconds."""
    with running_stack() as api:
        definition = api.publish(MODEL, name="bench")
        first, following = zip(*(_one(api, definition) for _ in range(INSTANCES)), strict=True)
    return [
        {"step": "start to first task"} | {f"{k}_ms": v for k, v in spread(first).items()},
        {"step": "completion to next task"} | {f"{k}_ms": v for k, v in spread(following).items()},
    ]


def _one(api: Api, definition: str) -> tuple[float, float]:
    body: dict[str, Any] = {"workflow_definition_id": definition, "instance_name": "bench", "input_variables": {}}
    instance = api.ok("POST", "/workflow-instances", body=body)["id"]
    begin = time.perf_counter()
    api.ok("POST", f"/workflow-instances/{instance}/start", body={})
    task = api.wait_for_tasks(instance, "a")["a"]["id"]
    started = time.perf_counter()
    api.complete(task, {"x": 1})
    api.wait_for_tasks(instance, "b")
    return (started - begin) * 1000, (time.perf_counter() - started) * 1000
