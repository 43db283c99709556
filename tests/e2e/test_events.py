"""Every event reaches its webhook: quiet, failing, hanging, down for a while, and with functions killed on the way.

`EVENTS_INSTANCES` sets the size: the default of 3 instances of a five-task model per test is for every day, the
full run is 1000, and with it come the tests that wait for messages of killed functions to be seen again.
"""

import json
import os
import random
import signal
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.contract.events.receiver import Received, Receiver, receiving, status
from tests.e2e.api import Api, Json
from tests.e2e.stack import Stack, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

FULL = "EVENTS_INSTANCES" in os.environ
INSTANCES = int(os.environ.get("EVENTS_INSTANCES", "3"))
#: twice the time for which a message is invisible whose function was killed
INVISIBLE_SECONDS = 360
SECONDS = 60 + INSTANCES * 2 + (INVISIBLE_SECONDS if FULL else 0)
TASKS = ["one", "two", "three", "four", "five"]
FIVE_TASKS = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test">'
    '<process id="p" name="Five tasks" isExecutable="true"><startEvent id="start"/><endEvent id="end"/>'
    + "".join(f'<userTask id="{task}" name="{task.title()}"/>' for task in TASKS)
    + "".join(
        f'<sequenceFlow id="f{place}" sourceRef="{source}" targetRef="{target}"/>'
        for place, (source, target) in enumerate(zip(["start", *TASKS], [*TASKS, "end"], strict=True))
    )
    + "</process></definitions>"
)


@dataclass
class Ledger:
    """What a receiver accepted, by event id; later copies must equal the first."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    lags: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, got: Received) -> None:
        now = datetime.now(UTC)
        identity = got.headers["webhook-id"]
        with self.lock:
            assert self.bodies.setdefault(identity, got.body) == got.body, "a duplicate differs"
            self.lags.append((now - datetime.fromisoformat(json.loads(got.body)["timestamp"])).total_seconds())

    def sequences(self) -> dict[str, set[int]]:
        """Sequence numbers by instance."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for body in list(self.bodies.values()):
            event = json.loads(body)
            if "workflow_instance_id" in event:
                found[event["workflow_instance_id"]].add(event["sequence"])
        return found


@pytest.fixture(scope="module")
def definition(api: Api) -> str:
    return api.publish(FIVE_TASKS, name="five tasks")


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def receiver(ledger: Ledger) -> Iterator[Receiver]:
    with receiving() as listening:
        listening.behaviour = accepting(ledger)
        yield listening


def accepting(ledger: Ledger) -> Any:
    def accept(handler: Any, got: Received) -> None:
        ledger.note(got)
        status(200)(handler, got)

    return accept


@pytest.fixture
def webhook(api: Api, receiver: Receiver) -> Iterator[str]:
    policy = {"max_retries": 100, "backoff_strategy": "fixed"}
    made = api.ok("POST", "/events/webhook", body={"url": receiver.url, "retry_policy": policy})["webhook_id"]
    yield made
    api.ok("DELETE", f"/events/webhook/{made}")


def run(api: Api, definition: str) -> str:
    instance = api.start(definition)
    api.drive(instance, lambda _: {}, seconds=SECONDS)
    return instance


def run_all(api: Api, definition: str) -> list[str]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda _: run(api, definition), range(INSTANCES)))


def logged(api: Api, instance: str) -> list[Json]:
    return api.ok("GET", "/events", workflow_instance_id=instance, limit="200")["events"]


def assert_all_arrive(api: Api, ledger: Ledger, instances: list[str]) -> None:
    """What the log has arrived, without gaps in the sequence of any instance."""
    expected = {event["id"] for instance in instances for event in logged(api, instance)}
    assert len(expected) >= len(instances) * (2 + 2 * len(TASKS))

    def missing() -> set[str]:
        return expected - set(ledger.bodies)

    wait_until(lambda: not missing(), seconds=SECONDS, what=f"{len(expected)} events")
    sequences = ledger.sequences()
    for instance in instances:
        found = sequences[instance]
        assert found == set(range(1, len(found) + 1)), instance


def test_every_event_arrives_and_soon(api: Api, ledger: Ledger, definition: str, webhook: str) -> None:
    instances = [run(api, definition) for _ in range(min(INSTANCES, 3))]
    assert_all_arrive(api, ledger, instances)
    assert statistics.median(ledger.lags) < 2

    def counted() -> bool:
        stats = api.ok("GET", f"/events/webhook/{webhook}")["delivery_stats"]
        return stats["successful_deliveries"] >= len(ledger.bodies) and stats["success_rate"] == 100

    wait_until(counted, seconds=30, what="the counts")


def test_a_receiver_that_fails_a_third_of_the_time(
    api: Api, ledger: Ledger, definition: str, receiver: Receiver, webhook: str
) -> None:
    chance, accept = random.Random(1), accepting(ledger)

    def behave(handler: Any, got: Received) -> None:
        (status(503) if chance.random() < 0.3 else accept)(handler, got)

    receiver.behaviour = behave
    assert_all_arrive(api, ledger, run_all(api, definition))


def test_a_receiver_that_hangs_now_and_then_delays_no_other(
    api: Api, ledger: Ledger, definition: str, receiver: Receiver, webhook: str
) -> None:
    hanging = api.ok("POST", "/events/webhook", body={"url": receiver.url + "&hang"})["webhook_id"]
    accept = accepting(ledger)

    def behave(handler: Any, got: Received) -> None:
        (receiver.hang if got.path.endswith("hang") else accept)(handler, got)

    receiver.behaviour = behave
    try:
        assert_all_arrive(api, ledger, run_all(api, definition))
    finally:
        receiver.over.set()
        api.ok("DELETE", f"/events/webhook/{hanging}")


def test_a_receiver_that_is_down_for_a_while(
    api: Api, ledger: Ledger, definition: str, receiver: Receiver, webhook: str
) -> None:
    receiver.behaviour = status(503)
    instances = run_all(api, definition)
    wait_until(lambda: len(receiver.received) >= 5, seconds=SECONDS, what="the first failures")
    receiver.behaviour = accepting(ledger)
    assert_all_arrive(api, ledger, instances)
    assert api.ok("GET", f"/events/webhook/{webhook}")["status"] == "active"


@pytest.mark.skipif(not FULL, reason="a killed function's message comes again after minutes: set EVENTS_INSTANCES")
def test_functions_that_are_killed_on_the_way(
    api: Api, stack: Stack, ledger: Ledger, definition: str, webhook: str
) -> None:
    with functions_killed(stack):
        instances = run_all(api, definition)
    assert_all_arrive(api, ledger, instances)


@pytest.mark.skipif(not FULL, reason="a killed function's message comes again after minutes: set EVENTS_INSTANCES")
@pytest.mark.usefixtures("webhook")
def test_all_of_it_at_once(api: Api, stack: Stack, ledger: Ledger, definition: str, receiver: Receiver) -> None:
    """The receiver fails, hangs, and is down for a while, and functions are killed."""
    receiver.behaviour = unreliable(receiver, accepting(ledger), down=range(INSTANCES, INSTANCES + 10))
    with functions_killed(stack):
        instances = run_all(api, definition)
    assert_all_arrive(api, ledger, instances)
    print(f"{len(ledger.bodies)} events in {len(receiver.received)} calls")


def unreliable(receiver: Receiver, accept: Any, *, down: range) -> Any:
    """Fails three calls in ten, hangs at one in a hundred, and is down for the calls of these numbers.

    While it is down it is not called often: a break between calls doubles up to minutes.
    """
    chance = random.Random(3)

    def behave(handler: Any, got: Received) -> None:
        fate = chance.random()
        if fate < 0.01:
            receiver.hang(handler, got)
        elif fate < 0.3 or len(receiver.received) in down:
            status(503)(handler, got)
        else:
            accept(handler, got)

    return behave


@contextmanager
def functions_killed(stack: Stack) -> Iterator[None]:
    """Meanwhile functions of the way of events are killed."""
    over = threading.Event()
    killer = threading.Thread(target=kill_now_and_then, args=(stack, over), daemon=True)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def kill_now_and_then(stack: Stack, over: threading.Event) -> None:
    """End a process of the relay, the fan-out or the delivery of this stack every few seconds."""
    chance = random.Random(2)
    while not over.wait(chance.uniform(1, 10)):
        mine = list(processes(stack, ("outbox-relay", "webhook-fanout", "webhook-delivery")))
        if mine:
            os.kill(chance.choice(mine), signal.SIGKILL)


def processes(stack: Stack, functions: tuple[str, ...]) -> Iterator[int]:
    """Processes below the stack that run one of these functions."""
    assert stack.process is not None
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            variables = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        named = "AWS_LAMBDA_FUNCTION_NAME=task-orchestrator-dev-"
        if int(parent) == stack.process.pid and any(named + function in variables for function in functions):
            yield int(entry.name)


def test_commands_of_other_services(api: Api, stack: Stack, definition: str) -> None:
    client = boto3.client(
        "events",
        endpoint_url=f"http://127.0.0.1:{stack.aws_port}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )

    def put(detail_type: str, **detail: Any) -> None:
        entry = {
            "EventBusName": "task-orchestrator-dev",
            "Source": "dadms.data-manager",
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
        }
        assert client.put_events(Entries=[entry])["FailedEntryCount"] == 0

    def listed() -> list[Json]:
        found = api.ok("GET", "/workflow-instances", limit="200")["workflow_instances"]
        return [row for row in found if row["instance_name"] == "by command"]

    for _ in range(2):
        put("StartWorkflow", command_id="start-1", workflow_definition_id=definition, instance_name="by command")
    wait_until(listed, seconds=30, what="the instance")
    (instance,) = listed()
    task = api.wait_for_tasks(instance["id"], "one")["one"]
    put("CompleteTask", command_id="complete-1", task_id=task["id"], result_data={"x": 1})
    api.wait_for_tasks(instance["id"], "two")
    put("CompleteTask", command_id="complete-2", task_id="task-unknown")
    rejected = wait_until(
        lambda: api.ok("GET", "/events", event_type="command_rejected")["events"], seconds=30, what="the rejection"
    )
    assert rejected[0]["data"]["command_id"] == "complete-2"
    assert len(listed()) == 1
