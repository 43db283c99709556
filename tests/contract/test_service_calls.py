"""Service tasks over a real HTTP service: results, failures, waits, limits; the record is what a test looks at."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orchestrator.bootstrap import aws as aws_bootstrap
from orchestrator.bootstrap import resources as resource_bootstrap
from orchestrator.domain.webhooks import health
from orchestrator.services.tasks.service_requests import LONGEST_MESSAGE
from orchestrator.workers.service_call import handler
from tests.api.edge import Context, Edge
from tests.api.edge import edge as edge  # noqa: PLC0414 - a fixture
from tests.api.service import TWO_TASKS, Service
from tests.contract.events.receiver import Behaviour, Receiver, receiving, status

SERVICE_TASK = TWO_TASKS.replace(
    '<userTask id="collect" name="Data Collection"><documentation>Collect the data</documentation></userTask>',
    '<serviceTask id="collect" name="Score" xmlns:to="urn:task-orchestrator:bpmn" to:taskType="model-manager">'
    "<extensionElements><!-- headers --></extensionElements></serviceTask>",
)


@dataclass
class Scene:
    api: Edge
    service: Service
    receiver: Receiver

    def register(self, **fields: Any) -> None:
        body = {"service_name": "model-manager", "endpoint": self.receiver.url, "timeout_seconds": 1, **fields}
        self.api.ok("POST", "/resources/services", body)

    def task(self, *, retries: int = 0, headers: dict[str, str] | None = None, **variables: Any) -> str:
        mapped = "".join(f'<to:header name="{name}" value="{value}"/>' for name, value in (headers or {}).items())
        instance = self.service.created(
            self.service.published(bpmn=SERVICE_TASK.replace("<!-- headers -->", mapped)),
            configuration={"retry_policy": {"max_retries": retries, "backoff_strategy": "fixed"}},
        )
        self.api.ok("POST", f"/workflow-instances/{instance}/start")
        return self.service.arrive(instance, **variables)

    def step(self, task: str) -> None:
        """What the message about the task makes the function do."""
        body = json.dumps({"detail": {"data": {"task_id": task}}})
        record = {"messageId": "m", "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
        assert handler({"Records": [record]}, Context()) == {"batchItemFailures": []}

    def state(self, task: str) -> dict[str, Any]:
        return self.api.ok("GET", f"/tasks/{task}/status")

    def waiting(self) -> int:
        """Messages about later looks; those that are delayed do not show."""
        url = resource_bootstrap.service_caller().queue.url
        counts = aws_bootstrap.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(counts["ApproximateNumberOfMessages"]) + int(counts["ApproximateNumberOfMessagesDelayed"])


@pytest.fixture
def scene(edge: Edge) -> Iterator[Scene]:
    with receiving() as receiver:
        yield Scene(edge, Service(Counter(), edge), receiver)


def answered(**body: Any) -> Behaviour:
    return status(200, json.dumps(body).encode())


def test_a_result_at_once(scene: Scene) -> None:
    auth = {"auth_type": "bearer_token", "credentials": {"token": "s3cret"}}
    scene.register(authentication=auth)
    scene.receiver.behaviour = answered(score=0.92)
    task = scene.task(model_id="m-1")
    scene.step(task)
    state = scene.state(task)
    assert (state["status"], state["workflow_status"]) == ("completed", "running")
    (got,) = scene.receiver.received
    sent = json.loads(got.body)
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert sent["input_data"] == {"model_id": "m-1"}
    assert (sent["task_id"], sent["attempt"], headers["x-task-attempt"]) == (task, 1, "1")
    assert headers["authorization"] == "Bearer s3cret"
    assert headers["idempotency-key"].startswith(task)
    assert headers["x-correlation-id"] == sent["execution_context"]["correlation_id"]
    scene.step(task)
    assert len(scene.receiver.received) == 1, "the message came twice"
    assert scene.api.ok("GET", "/resources/services/model-manager")["current_load"]["current_requests"] == 0


def test_a_failure_that_may_pass_is_tried_again_under_the_same_key(scene: Scene) -> None:
    scene.register()
    scene.receiver.behaviour = status(503, b"busy")
    task = scene.task(retries=1)
    scene.step(task)
    state = scene.state(task)
    assert (state["status"], state["retry_policy"]["current_attempt"]) == ("assigned", 2)
    assert state["error"]["error_code"] == "SERVICE_STATUS"
    scene.step(task)  # the event of the retry: it is too early
    assert (len(scene.receiver.received), scene.waiting()) == (1, 1)
    scene.receiver.behaviour = answered(score=1)
    _pass_time(scene, task)
    scene.step(task)
    assert scene.state(task)["status"] == "completed"
    keys = {got.headers["idempotency-key"] for got in scene.receiver.received}
    assert (len(scene.receiver.received), len(keys)) == (2, 1)
    lines = [line["details"] for line in scene.api.ok("GET", f"/tasks/{task}/logs")["logs"]]
    (failed,) = [line["details"] for line in lines if line.get("code") == "SERVICE_STATUS"]
    assert failed.pop("duration_ms") >= 0
    assert failed == {"attempt": 1, "status_code": 503, "error": "status", "response": "busy"}
    assert lines[-1].items() >= {"attempt": 2, "status_code": 200, "by": "service:model-manager"}.items()
    assert lines[-1]["duration_ms"] >= 0


@pytest.mark.parametrize("code", [429, 503])
def test_a_service_that_asks_for_a_pause_gets_it(scene: Scene, code: int) -> None:
    scene.register()
    scene.receiver.behaviour = status(code, **{"Retry-After": "600"})
    task = scene.task(retries=1)
    scene.step(task)
    policy = scene.state(task)["retry_policy"]
    failed = scene.api.ok("GET", f"/tasks/{task}")["error"]
    pause = datetime.fromisoformat(policy["next_retry_at"]) - datetime.now(UTC)
    assert timedelta(seconds=500) < pause <= timedelta(seconds=600)
    assert (failed["error_code"], policy["current_attempt"]) == ("SERVICE_STATUS", 2)


def test_modelled_headers_are_sent(scene: Scene) -> None:
    scene.register(authentication={"auth_type": "api_key", "credentials": {"key": "s3cret", "header": "X-Key"}})
    scene.receiver.behaviour = answered(score=1)
    headers = {
        "X-Model": "v7", "X-Customer": "=customer.id", "X-Size": "=size", "X-None": "=nobody", "X-KEY": "theirs",
        "Authorization": "theirs", "Idempotency-Key": "theirs", "two words": "v", "X-Lines": "a&#10;b",
    }  # fmt: skip
    task = scene.task(headers=headers, customer={"id": "c-1"}, size=3)
    scene.step(task)
    (got,) = scene.receiver.received
    sent = {name.lower(): value for name, value in got.headers.items()}
    assert (sent["x-model"], sent["x-customer"], sent["x-size"], sent["x-key"]) == ("v7", "c-1", "3", "s3cret")
    assert not {"x-none", "authorization", "two words", "x-lines"} & set(sent)
    assert sent["idempotency-key"].startswith(task)
    told = json.loads(got.body)["headers"]
    assert told.keys() == headers.keys() - {"X-None"}
    assert told["X-Lines"] == "a\nb"


def _pass_time(scene: Scene, task: str) -> None:
    """The retry's pause is over."""
    client = aws_bootstrap.client("dynamodb")
    (key,) = [key for key in scene.service.snapshot() if key[1] == f"TASK#{task}"]
    past = {":p": {"S": "2020-01-01T00:00:00.000Z"}}
    where = {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
    client.update_item(
        TableName="record", Key=where, UpdateExpression="SET next_retry_at = :p", ExpressionAttributeValues=past
    )


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (status(400, b"no such model"), "SERVICE_STATUS"),
        (status(302, Location="http://127.0.0.1/"), "SERVICE_STATUS"),
        (status(200, b"[1]"), "SERVICE_RESPONSE_INVALID"),
        (status(200, b"{" + b'"x":1,' * 50_000 + b'"y":2}'), "SERVICE_RESPONSE_INVALID"),
    ],
)
def test_a_failure_that_will_not_pass_waits_for_help(scene: Scene, behaviour: Behaviour, code: str) -> None:
    scene.register()
    scene.receiver.behaviour = behaviour
    task = scene.task(retries=3)
    scene.step(task)
    state = scene.state(task)
    assert (state["status"], state["error"]["error_code"], state["workflow_status"]) == ("failed", code, "failed")


def test_a_service_that_does_not_answer(scene: Scene) -> None:
    scene.register()
    scene.receiver.behaviour = scene.receiver.hang
    task = scene.task()
    scene.step(task)
    assert scene.state(task)["error"]["error_code"] == "SERVICE_TIMEOUT"


def test_an_answer_later(scene: Scene) -> None:
    scene.register()
    scene.receiver.behaviour = status(202)
    task = scene.task()
    scene.step(task)
    assert (scene.state(task)["status"], scene.waiting()) == ("running", 1)
    scene.step(task)
    assert len(scene.receiver.received) == 1, "what was accepted is not sent again"
    url = json.loads(scene.receiver.received[0].body)["callback"]["url"]
    path = url.removeprefix("http://localhost:3017")
    wrong = scene.api.call("POST", path[:-1] + ("0" if path[-1] != "0" else "1"), {})
    assert (wrong.status, wrong.error["details"]["resource_type"]) == (404, "task")
    assert scene.api.ok("POST", path, {"result_data": {"score": 3}})["status"] == "completed"
    assert scene.api.call("POST", path, {}).status == 409


def test_an_answer_that_never_comes(scene: Scene) -> None:
    scene.register(callback_seconds=1)
    scene.receiver.behaviour = status(202)
    task = scene.task()
    scene.step(task)
    caller = resource_bootstrap.service_caller()
    record = caller.tasks.tasks.load(task)
    caller._await(record.task, record.task.callback_due_at, record.task.callback_due_at + timedelta(seconds=1))
    assert scene.state(task)["error"]["error_code"] == "SERVICE_CALLBACK_TIMEOUT"


def test_a_bpmn_error_nobody_catches_is_an_incident(scene: Scene) -> None:
    scene.register()
    scene.receiver.behaviour = status(422, json.dumps({"bpmn_error": {"code": "NO_STOCK", "message": "none"}}).encode())
    task = scene.task(retries=3)
    scene.step(task)
    assert (scene.state(task)["status"], scene.state(task)["error"]["error_code"]) == ("failed", "NO_STOCK")


def test_no_more_requests_than_the_service_takes(scene: Scene) -> None:
    scene.register(max_concurrent_requests=1)
    first, second = scene.task(), scene.task()
    during: list[tuple[int, str]] = []

    def meanwhile(connection: Any, got: Any) -> None:
        scene.step(second)
        seen = scene.api.ok("GET", "/resources/services/model-manager")
        during.append((seen["current_load"]["current_requests"], seen["status"]))
        answered(done=True)(connection, got)

    scene.receiver.behaviour = meanwhile
    scene.step(first)
    assert during == [(1, "busy")]
    assert (scene.state(first)["status"], scene.state(second)["status"]) == ("completed", "assigned")
    assert scene.waiting() == 1


def test_the_circuit_opens_after_failures_in_a_row(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FIRST_BREAK", health.LONGEST_BREAK)  # of two seconds a slow machine needs more
    scene.register()
    scene.receiver.behaviour = status(500)
    *tasks, last = [scene.task() for _ in range(6)]
    for task in (*tasks, last):
        scene.step(task)
    assert len(scene.receiver.received) == 5
    assert (scene.state(last)["status"], scene.state(last)["error"]) == ("assigned", None)
    assert scene.api.ok("GET", "/resources/services/model-manager")["status"] == "unavailable"


def test_a_service_that_was_removed(scene: Scene) -> None:
    scene.register(delivery="claim", endpoint=None)
    task = scene.task()
    scene.step(task)
    assert scene.state(task)["status"] == "assigned", "workers claim it"
    aws_bootstrap.client("dynamodb").delete_item(
        TableName="record", Key={"pk": {"S": "SERVICE"}, "sk": {"S": "model-manager"}}
    )
    scene.step(task)
    assert scene.state(task)["error"]["error_code"] == "SERVICE_NOT_REGISTERED"


def _messages(name: str) -> list[dict[str, Any]]:
    client = aws_bootstrap.client("sqs")
    url = client.get_queue_url(QueueName=name)["QueueUrl"]
    answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return answer.get("Messages", [])


def test_a_service_pulls_its_tasks_from_a_queue(scene: Scene) -> None:
    scene.register(delivery="sqs", endpoint=None, queue="work")
    task = scene.task(model_id="m-1")
    scene.step(task)
    scene.step(task)
    (listed,) = scene.api.ok("GET", "/resources/services")["services"]
    assert (listed["queue"], listed["queued_messages"]) == ("work", 1)
    (message,) = _messages("work")
    assert scene.api.ok("GET", "/resources/services/model-manager")["queued_messages"] == 0, "somebody has it"
    body = json.loads(message["Body"])
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert (body["task_id"], body["input_data"]) == (task, {"model_id": "m-1"})
    assert body["task_url"].endswith(f"/tasks/{task}")
    assert attributes.pop("idempotency_key").startswith(task)
    assert attributes == {
        "task_id": task,
        "service_name": "model-manager",
        "correlation_id": body["execution_context"]["correlation_id"],
        "attempt": "1",
    }
    assert (scene.state(task)["status"], scene.receiver.received) == ("running", [])
    done = scene.api.ok("POST", f"/tasks/{task}/complete", {"result_data": {"score": 3}})
    assert done["status"] == "completed"


def test_a_message_that_is_never_answered_is_an_attempt_that_failed(scene: Scene) -> None:
    scene.register(delivery="sqs", endpoint=None, queue="work", callback_seconds=1)
    task = scene.task(retries=1)
    scene.step(task)
    caller = resource_bootstrap.service_caller()
    record = caller.tasks.tasks.load(task)
    caller._await(record.task, record.task.callback_due_at, record.task.callback_due_at + timedelta(seconds=1))
    state = scene.state(task)
    assert (state["status"], state["retry_policy"]["current_attempt"]) == ("assigned", 2)
    _pass_time(scene, task)
    scene.step(task)
    keys = [message["MessageAttributes"]["idempotency_key"]["StringValue"] for message in _messages("work")]
    assert (len(keys), len(set(keys))) == (2, 1)


def test_a_message_takes_large_input_by_reference(scene: Scene) -> None:
    scene.register(delivery="sqs", endpoint=None, queue="work")
    task = scene.task(text="x" * LONGEST_MESSAGE)
    scene.step(task)
    (message,) = _messages("work")
    body = json.loads(message["Body"])
    assert body["input_data"] is None
    shown = scene.api.ok("GET", body["task_url"].removeprefix("http://localhost:3017"))
    assert len(shown["input_data"]["text"]) == LONGEST_MESSAGE


@pytest.mark.parametrize(("queue", "code"), [("gone", "SERVICE_CONNECTION"), ("forbidden", "SERVICE_UNRESOLVED_HOST")])
def test_a_queue_that_is_not_there(scene: Scene, queue: str, code: str) -> None:
    scene.register(delivery="sqs", endpoint=None, queue="gone")
    task = scene.task()
    aws_bootstrap.client("dynamodb").update_item(
        TableName="record",
        Key={"pk": {"S": "SERVICE"}, "sk": {"S": "model-manager"}},
        UpdateExpression="SET queue = :q",
        ExpressionAttributeValues={":q": {"S": queue}},
    )
    scene.step(task)
    assert scene.state(task)["error"]["error_code"] == code
    assert scene.api.ok("GET", "/resources/services/model-manager")["queued_messages"] is None
