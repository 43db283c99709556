"""Requests per second and latency of get, start and complete on a local stack, at 1, 4 and 8 clients."""

import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.table import spread
from tests.e2e.api import Api
from tests.e2e.stack import Stack

CLIENTS = (1, 4, 8)
CALLS = 120
MODEL = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
    '<process id="p" isExecutable="true"><startEvent id="s"/><userTask id="a"/><userTask id="b"/><endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>'
    '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/></process></definitions>'
)


@contextmanager
def running_stack() -> Generator[Api]:
    """A stack of its own, on free ports, forgotten afterwards."""
    with TemporaryDirectory() as state:
        stack = Stack(state=Path(state)).start()
        try:
            yield Api(stack.url, stack.token())
        finally:
            stack.stop()


def measure() -> list[dict[str, Any]]:
    """One row per operation and number of clients."""
    with running_stack() as api:
        definition = api.publish(MODEL, name="bench")
        return [row for clients in CLIENTS for row in _operations(api, definition, clients)]


def _operations(api: Api, definition: str, clients: int) -> Iterator[dict[str, Any]]:
    created = [_create(api, definition) for _ in range(CALLS)]
    yield _timed("get instance", clients, [lambda i=i: api.ok("GET", f"/workflow-instances/{i}") for i in created])
    yield _timed("status", clients, [lambda i=i: api.status(i) for i in created])
    yield _timed(
        "start", clients, [lambda i=i: api.ok("POST", f"/workflow-instances/{i}/start", body={}) for i in created]
    )
    tasks = [api.wait_for_tasks(i, "a")["a"]["id"] for i in created]
    yield _timed("get task", clients, [lambda t=t: api.ok("GET", f"/tasks/{t}") for t in tasks])
    yield _timed("complete", clients, [lambda t=t: api.complete(t, {"x": 1}) for t in tasks])


def _create(api: Api, definition: str) -> str:
    body: dict[str, Any] = {"workflow_definition_id": definition, "instance_name": "bench", "input_variables": {}}
    return api.ok("POST", "/workflow-instances", body=body)["id"]


def _timed(operation: str, clients: int, calls: list[Callable[[], object]]) -> dict[str, Any]:
    def one(call: Callable[[], object]) -> float:
        begin = time.perf_counter()
        call()
        return (time.perf_counter() - begin) * 1000

    begin = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = list(pool.map(one, calls))
    seconds = time.perf_counter() - begin
    return {"operation": operation, "clients": clients, "per_second": len(calls) / seconds} | {
        f"{name}_ms": value for name, value in spread(times).items()
    }
