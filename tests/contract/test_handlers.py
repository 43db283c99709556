"""Every function of ours takes a sample of every event that it receives; samples are in events/."""

import importlib
import json
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics
from orchestrator.bootstrap import projection
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.services.events.projection import Projector
from orchestrator.services.events.relay import OutboxRelay
from orchestrator.services.instances.instances import StartOptions
from tests.builders import ADA, Runtime
from tests.contract.composition import compose

EVENTS = Path(__file__).resolve().parents[2] / "events"
CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=128, aws_request_id="r", invoked_function_arn="arn:aws:lambda:x:1:function:f",
    get_remaining_time_in_millis=lambda: 60_000,
)  # fmt: skip
INSTANCE = "wf-inst-" + "0" * 26


def sample(name: str) -> dict[str, Any]:
    return json.loads((EVENTS / f"{name}.json").read_text())


def invoke(function: str, event: dict[str, Any]) -> Any:
    return importlib.import_module(f"functions.{function}.handler").handler(event, CONTEXT)


@pytest.fixture
def live(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """The runtime behind the functions, with the samples' instance running."""
    services = {
        "task_dispatcher": runtime.dispatcher,
        "interrupter": runtime.interrupter,
        "keeper": runtime.keeper,
        "round_counter": runtime.rounds,
        "compensator": runtime.compensator,
        "threads": runtime.threads,
        "thread_joins": runtime.thread_joins,
        "relatives": runtime.relatives,
        "call_service": runtime.call_service,
        "call_follower": runtime.call_follower,
        "message_service": runtime.messages,
        "assignment_sweep": runtime.sweep,
        "execution_watch": runtime.watch,
        "start_timers": runtime.timers,
    }
    compose(monkeypatch, services)
    definition = runtime.published()
    monkeypatch.setattr(runtime.ids, "ulid", lambda: "0" * 26)
    runtime.created(definition)
    runtime.instances.start(ADA, INSTANCE, StartOptions())
    return runtime


def state(runtime: Runtime) -> Any:
    return runtime.status(INSTANCE)


@pytest.mark.parametrize(
    ("ends", "result"),
    [
        ("leave", {"changes": {"approved": True}, "clock": 1768471200000}),
        ("arrive", {"changes": {}, "stuck": "join^"}),
        ("abort", {"aborted": "terminate.end", "changes": {"approved": True}, "clock": 1768471200000}),
    ],
)
def test_task_dispatch_gathers_side_threads(live: Runtime, ends: str, result: dict[str, Any]) -> None:
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/gather")) == {}
        assert invoke("task_dispatch", sample("step-functions/advance")) == {}
        assert invoke("task_dispatch", sample(f"step-functions/{ends}")) in ({}, {"go": False})
    assert live.engine.answers_of("token-1")[0][1]["result"] == result


def test_task_dispatch_begins_side_threads(live: Runtime) -> None:
    invoke("task_dispatch", sample("step-functions/gather"))
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/spawn")) == {}
    assert len(live.engine.executions) == 3


def test_activate(live: Runtime) -> None:
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/activate")) == {}
    (task,) = live.instances.status(ADA, INSTANCE).tasks
    assert live.tasks.get(ADA, task.id).input_data == {"amount": 12.5}
    assert task.deadline.isoformat() == "2026-01-15T11:00:00+00:00"


def test_interrupt(live: Runtime) -> None:
    invoke("task_dispatch", sample("step-functions/activate"))
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/interrupt"))["interrupted"] is True
    assert state(live).progress.cancelled == 1


def test_interrupt_scope(live: Runtime) -> None:
    invoke("task_dispatch", sample("step-functions/activate"))
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/interrupt-scope"))["interrupted"] is True
    assert state(live).progress.cancelled == 1


def test_call(live: Runtime) -> None:
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/call")) == {}
    assert state(live).failure.error_code == "CALLED_ELEMENT_UNKNOWN"


def test_rounds(live: Runtime) -> None:
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/round")) == {"completed": 1, "closed": False}
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/conclude"))["rounds"][0]["changes"] == {"ok": True}
    assert state(live).status is InstanceStatus.RUNNING


def test_incident(live: Runtime) -> None:
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/incident")) == {}
    assert state(live).failure.error_code == "NO_MATCHING_FLOW"


def test_complete(live: Runtime) -> None:
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/complete")) == {}
    assert state(live).status is InstanceStatus.COMPLETED


def test_fail(live: Runtime) -> None:
    for _ in range(2):
        assert invoke("task_dispatch", sample("step-functions/fail")) == {}
    assert state(live).failure.error_code == "OUT_OF_STOCK"


@pytest.mark.parametrize("status", ["aborted", "failed", "timed-out"])
def test_an_execution_that_ended_is_run_again(live: Runtime, status: str) -> None:
    for _ in range(2):
        assert invoke("execution_watch", sample(f"aws.states/{status}")) == {"batchItemFailures": []}
    assert state(live).runs == 2


def test_an_execution_that_succeeded_needs_nothing(live: Runtime) -> None:
    assert invoke("execution_watch", sample("aws.states/succeeded")) == {"batchItemFailures": []}
    assert state(live).runs == 1


def test_a_status_change_that_cannot_be_taken_comes_again(live: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("as asked")

    monkeypatch.setattr(live.engine, "start", refuse)
    event = sample("aws.states/aborted")
    (failure,) = invoke("execution_watch", event)["batchItemFailures"]
    assert failure["itemIdentifier"] == event["Records"][0]["messageId"]


def test_the_schedule(live: Runtime) -> None:
    assert invoke("execution_watch", sample("aws.events/scheduled")) == {"instances": 1, "messages": 0}


def test_timers_that_are_due(live: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = count(100)
    monkeypatch.setattr(live.ids, "ulid", lambda: f"{next(numbers):026}")
    live.published("startEvent:tick\n>timer:tick:date:2020-01-01\nuserTask:first")
    monkeypatch.setattr("orchestrator.workers.admission._round", lambda _: None)  # rounds have tests of their own
    running = live.engine.inputs
    for _ in range(2):
        invoke("admission", sample("aws.events/scheduled"))
        assert [token.get("entry") for token in running.values()] == [None, "tick"]


def test_the_stream(live: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    published = []
    bus = SimpleNamespace(publish=lambda events: published.extend(events) or ())
    compose(monkeypatch, {"outbox_relay": OutboxRelay(bus)})
    assert invoke("outbox_relay", sample("dynamodb-stream/insert")) == {"batchItemFailures": []}
    assert [event["type"] for event in published] == ["task_completed"]


def test_the_projector(live: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DynamoDBStatistics(live.table, 0)
    monkeypatch.setattr(projection, "projector", lambda: Projector(projection=store))
    for _ in range(2):
        assert invoke("projector", sample("dynamodb-stream/insert")) == {"batchItemFailures": []}
    at = datetime.fromisoformat(
        sample("dynamodb-stream/insert")["Records"][0]["dynamodb"]["NewImage"]["timestamp"]["S"]
    )
    (row,) = store.read("all", Granularity.DAY, start=at, end=at + timedelta(seconds=1)).rows
    assert row.tally.count("tasks_completed") == 1


def test_every_sample_is_invoked() -> None:
    ours = {"step-functions", "aws.states", "aws.events", "dynamodb-stream"}
    text = Path(__file__).read_text()
    for path in EVENTS.rglob("*.json"):
        if path.parent.name in ours:
            assert path.stem in text, path
