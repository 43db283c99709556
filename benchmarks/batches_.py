"""One batch-start of many workflows on a local stack: until the answer, until all are there, until all have run."""

import time
from typing import Any

from benchmarks.requests_ import running_stack
from tests.e2e.api import Api
from tests.e2e.stack import wait_until

SIZES = (100, 1000)
MODEL = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
    '<process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="e"/></process></definitions>'
)
SECONDS = 1800


def measure() -> list[dict[str, Any]]:
    """One row per size."""
    with running_stack() as api:
        definition = api.publish(MODEL, name="bench")
        return [_batch(api, definition, size) for size in SIZES]


def _batch(api: Api, definition: str, size: int) -> dict[str, Any]:
    body = {
        "workflows": [{"workflow_definition_id": definition} for _ in range(size)],
        "execution_options": {"max_concurrent": 50},
    }
    begin = time.perf_counter()
    started = api.ok("POST", "/execution/batch-start", body=body)
    answered = time.perf_counter() - begin
    if started["execution_summary"]["successfully_started"] != size:
        raise RuntimeError(f"not all started: {started['execution_summary']}")
    path = f"/execution/batches/{started['batch_id']}"

    def counts() -> dict[str, int]:
        return api.ok("GET", path)["execution_summary"]["by_status"]

    wait_until(lambda: sum(counts().values()) >= size, seconds=SECONDS, what="all instances")
    there = time.perf_counter() - begin
    wait_until(lambda: counts().get("completed") == size, seconds=SECONDS, what="the end of all")
    return {
        "workflows": size,
        "answer_seconds": answered,
        "all_there_seconds": there,
        "all_ended_seconds": time.perf_counter() - begin,
    }
