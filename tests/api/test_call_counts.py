"""How many AWS calls each read makes: one, or as few as there are reasons."""

from collections import Counter
from collections.abc import Iterator

import pytest

from orchestrator.api.endpoints import ENDPOINTS
from orchestrator.bootstrap import aws as aws_bootstrap
from tests.api.bad_input.world import World, world
from tests.api.edge import deployed

#: where `{id}` stands for: path without it -> name of the world
IDS = {
    "/workflow-definitions": "DEFINITION",
    "/workflow-instances": "RUNNING",
    "/tasks": "TASK",
    "/execution/batches": "BATCH",
    "/events/webhook": "HOOK",
    "/resources/agents": "AGENT",
    "/resources/services": "SERVICE",
}
READS = [row.path for row in ENDPOINTS if row.method == "GET" and not row.path.startswith(("/docs", "/openapi"))]
COUNTED = "its counts are items of their own"
REPORT = "a report: buckets of several families, however much they count"
#: reads that need more than one call, how many at most, and why
MORE: dict[str, tuple[int, str]] = {
    "/workflow-instances/{id}/history": (2, "whether the caller may see the instance, and its events"),
    "/execution/queue-status": (16, "lanes by priority, slots, and the measured times that estimates are made of"),
    "/execution/batches/{id}": (9, "the batch, its lane, its instances' counts, and its place in the queue"),
    "/monitoring/active-workflows": (4, "pages of instances by status, and the counts of all"),
    "/monitoring/performance": (5, REPORT),
    "/monitoring/resource-usage": (7, REPORT),
    "/analytics/workflow-performance": (4, REPORT),
    "/analytics/task-distribution": (7, REPORT),
    "/analytics/failure-analysis": (6, REPORT),
    "/events/webhook": (2, COUNTED),
    "/events/webhook/{id}": (2, COUNTED),
    "/events/webhook/{id}/deliveries": (2, "whether the caller may see the webhook, and its deliveries"),
    "/events/webhook/{id}/deliveries/{event_id}": (2, "whether the caller may see the webhook, and the delivery"),
    "/resources/agents": (2, COUNTED),
    "/resources/agents/{id}": (2, COUNTED),
    "/resources/services": (3, COUNTED),
    "/resources/services/{id}": (3, COUNTED),
    "/resources/capacity": (12, "slots, reservations, what is measured of services, and the size of the table"),
    "/resources/allocation": (2, COUNTED),
    "/metrics": (9, REPORT),
}


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[World, Counter[str]]]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as edge:
        made, calls = world(edge), Counter[str]()
        for name in ("dynamodb", "stepfunctions", "s3"):
            events = aws_bootstrap.client(name).meta.events
            events.register("before-call.*.*", lambda model, **_: calls.update([model.name]))
        yield made, calls


@pytest.mark.parametrize("path", READS)
def test_a_read_is_one_call(filled: tuple[World, Counter[str]], path: str) -> None:
    made, calls = filled
    real = path.replace("{event_id}", made.ids["EVENT"])
    if "{id}" in real:
        real = real.replace("{id}", made.ids[IDS[path.partition("/{id}")[0]]])
    made.service.api.ok("GET", real)  # what is known for a while is known now
    calls.clear()
    made.service.api.ok("GET", real)
    most, _ = MORE.get(path, (1, ""))
    assert calls.total() <= most


def test_only_reads_are_allowed_more() -> None:
    assert set(MORE) <= set(READS)
