"""The functions behind the bus take what AWS sends them: samples of events/, real queues on moto, real receivers."""

import importlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from orchestrator.domain.cloud_event import body_of, cloud_event
from orchestrator.domain.command import CommandKey
from orchestrator.domain.events import Event, EventType, Subject
from orchestrator.domain.ids import event_id
from orchestrator.services.events.inbound import instance_started_by
from tests.api.edge import Context, Edge, deployed
from tests.api.service import Service
from tests.contract.events.receiver import Receiver, status

SAMPLES = Path(__file__).resolve().parents[3] / "events" / "sqs"


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    with deployed(monkeypatch) as made:
        monkeypatch.setenv("SERVICE_CALL_QUEUE_URL", "https://unused.invalid")
        monkeypatch.setenv("EVENT_BUS_NAME", "unused")
        yield made


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.json").read_text())


def with_detail(event: dict[str, Any], **detail: Any) -> dict[str, Any]:
    """The sample with other values in its detail; None removes one."""
    record = event["Records"][0]
    body = json.loads(record["body"])
    body["detail"] = {name: value for name, value in (body["detail"] | detail).items() if value is not None}
    return {"Records": [{**record, "body": json.dumps(body)}]}


def invoke(function: str, event: dict[str, Any]) -> list[str]:
    """The ids of the messages that come again."""
    answer = importlib.import_module(f"functions.{function}.handler").handler(event, Context())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def messages(queue: str) -> list[dict[str, Any]]:
    """Take all visible messages of a queue."""
    client = boto3.client("sqs", region_name="us-east-1")
    url = client.get_queue_url(QueueName=queue)["QueueUrl"]
    taken: list[dict[str, Any]] = []
    while True:
        found = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        if not found.get("Messages"):
            return taken
        for message in found["Messages"]:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        taken += found["Messages"]


def sqs_event(taken: list[dict[str, Any]], template: dict[str, Any]) -> dict[str, Any]:
    record = template["Records"][0]
    return {"Records": [{**record, "messageId": one["MessageId"], "body": one["Body"]} for one in taken]}


def on_the_bus(edge: Edge, **registration: Any) -> tuple[str, dict[str, Any]]:
    """A registered webhook, and an event that happened after it, as the fan-out gets it."""
    webhook = edge.ok("POST", "/events/webhook", registration)
    from orchestrator.adapters.system import RandomIds, SystemClock

    event = Event(
        id=event_id(RandomIds().ulid()),
        type=EventType.TASK_COMPLETED,
        timestamp=SystemClock().now(),
        sequence=7,
        subject=Subject(project_id="p1"),
        data={"task_name": "Überprüfung"},
    )
    return webhook["webhook_id"], with_detail(sample("webhook-event"), **cloud_event(event), priority=None)


def metrics_in(capsys: pytest.CaptureFixture[str]) -> set[str]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')]
    return {row["Name"] for line in lines for group in line["_aws"]["CloudWatchMetrics"] for row in group["Metrics"]}


class TestWebhooks:
    def test_from_the_bus_to_the_receiver(
        self, edge: Edge, receiver: Receiver, capsys: pytest.CaptureFixture[str]
    ) -> None:
        webhook, event = on_the_bus(edge, url=receiver.url)
        for _ in range(2):  # twice, as a warm function is called
            assert invoke("webhook_fanout", event) == []
        assert "OutboxLag" in metrics_in(capsys)
        taken = messages("delivery")
        assert len(taken) == 2, "the fan-out may be repeated"
        assert invoke("webhook_delivery", sqs_event(taken[:1], sample("webhook-delivery"))) == []
        assert invoke("webhook_delivery", sqs_event(taken[1:], sample("webhook-delivery"))) == []
        assert "UndeliveredAge" in metrics_in(capsys)
        (got,) = receiver.received
        assert json.loads(got.body)["data"] == {"task_name": "Überprüfung"}
        shown = edge.ok("GET", f"/events/webhook/{webhook}")
        assert shown["delivery_stats"]["successful_deliveries"] == 1
        assert shown["last_triggered"] is not None

    def test_a_failure_is_retried_by_a_message_of_its_own(self, edge: Edge, receiver: Receiver) -> None:
        receiver.behaviour = status(500, b"broken")
        webhook, event = on_the_bus(edge, url=receiver.url)
        invoke("webhook_fanout", event)
        assert invoke("webhook_delivery", sqs_event(messages("delivery"), sample("webhook-delivery"))) == []
        listed = edge.ok("GET", f"/events/webhook/{webhook}/deliveries")["deliveries"]
        (delivery,) = listed
        assert (delivery["status"], delivery["attempt_count"]) == ("retrying", 1)
        assert delivery["next_attempt_at"] is not None
        shown = edge.ok("GET", f"/events/webhook/{webhook}/deliveries/{delivery['event_id']}")
        assert shown["attempts"][0]["response"] == {"status_code": 500, "body": "broken"}
        assert shown["request_body"]["event_type"] == "task_completed"

    def test_the_samples_are_taken(self, edge: Edge) -> None:
        assert invoke("webhook_fanout", sample("webhook-event")) == []
        assert invoke("webhook_delivery", sample("webhook-delivery")) == []

    def test_only_the_broken_message_of_a_batch_comes_again(self, edge: Edge) -> None:
        good = sample("webhook-event")["Records"][0]
        bad = {**good, "messageId": "bad", "body": "{}"}
        assert invoke("webhook_fanout", {"Records": [good, bad]}) == ["bad"]

    def test_the_sample_is_what_we_send(self) -> None:
        detail = json.loads(sample("webhook-event")["Records"][0]["body"])["detail"]
        event = Event(
            id=event_id("0" * 26),
            type=EventType.TASK_COMPLETED,
            timestamp=_now(),
            sequence=1,
            subject=Subject(),
            data={},
        )
        assert set(cloud_event(event)) <= set(detail)
        assert set(body_of(event)) <= set(detail["data"])


def _now() -> Any:
    from orchestrator.adapters.system import SystemClock

    return SystemClock().now()


class TestCommands:
    @pytest.fixture
    def service(self, edge: Edge) -> Service:
        return Service(Counter(), edge)

    def rejected(self) -> list[tuple[str, str]]:
        return [
            (one["MessageAttributes"]["code"]["StringValue"], one["MessageAttributes"]["reason"]["StringValue"])
            for one in messages("rejected_commands")
        ]

    def test_a_workflow_is_started_once_however_often_it_is_sent(self, edge: Edge, service: Service) -> None:
        command = with_detail(sample("command-start-workflow"), workflow_definition_id=service.published())
        for _ in range(3):
            assert invoke("inbound_events", command) == []
        instances = edge.ok("GET", "/workflow-instances")["workflow_instances"]
        (instance,) = instances
        assert instance["id"] == instance_started_by(CommandKey("dadms.data-manager", "import-4711"))
        assert (instance["status"], instance["created_by"]) == ("running", "dadms.data-manager")
        events = edge.ok("GET", "/events", workflow_instance_id=instance["id"])["events"]
        assert {event["correlation_id"] for event in events} == {"corr-12345"}
        assert self.rejected() == []

    def test_a_crash_after_the_start_starts_nothing_again(self, edge: Edge, service: Service) -> None:
        from orchestrator.adapters.dynamodb import webhook_keys
        from orchestrator.bootstrap.aws import table

        command = with_detail(sample("command-start-workflow"), workflow_definition_id=service.published())
        invoke("inbound_events", command)
        key = webhook_keys.command("dadms.data-manager", "import-4711")
        long_ago = {"state": "taken", "taken_at": "2020-01-01T00:00:00.000Z"}
        table().put({**(table().get(key, "META") or {}), **long_ago})
        assert invoke("inbound_events", command) == []
        assert len(edge.ok("GET", "/workflow-instances")["workflow_instances"]) == 1
        assert self.rejected() == []

    def test_a_command_that_somebody_is_at_comes_again(self, edge: Edge, service: Service) -> None:
        from orchestrator.adapters.dynamodb import webhook_keys
        from orchestrator.adapters.dynamodb.codec import instant
        from orchestrator.bootstrap.aws import table

        key = webhook_keys.command("dadms.data-manager", "import-4711")
        table().put({"pk": key, "sk": "META", "state": "taken", "taken_at": instant(_now())})
        event = sample("command-start-workflow")
        assert invoke("inbound_events", event) == [event["Records"][0]["messageId"]]

    def test_a_task_is_completed(self, edge: Edge, service: Service) -> None:
        task = service.arrive(service.started())
        command = with_detail(sample("command-complete-task"), task_id=task)
        for _ in range(2):
            assert invoke("inbound_events", command) == []
        done = edge.ok("GET", f"/tasks/{task}")
        assert (done["status"], done["result_data"]) == ("completed", {"safety_score": 0.94})
        assert self.rejected() == []

    def test_a_failure_is_reported_once(self, edge: Edge, service: Service) -> None:
        from orchestrator.adapters.dynamodb import webhook_keys
        from orchestrator.bootstrap.aws import table

        task = service.arrive(service.started())
        command = with_detail(sample("command-fail-task"), task_id=task)
        invoke("inbound_events", command)
        key = webhook_keys.command("dadms.data-manager", "failed-4711")
        crashed = {"state": "taken", "taken_at": "2020-01-01T00:00:00.000Z"}
        table().put({**(table().get(key, "META") or {}), **crashed})
        for _ in range(2):
            assert invoke("inbound_events", command) == []
        assert edge.ok("GET", f"/tasks/{task}")["retry_policy"]["current_attempt"] == 2
        assert self.rejected() == []

    def test_bad_commands_are_set_aside_once_with_reason_and_event(self, edge: Edge) -> None:
        bad = {
            "command-unknown": ("INVALID_REQUEST", "must be one of"),
            "command-malformed": ("INVALID_REQUEST", ""),
            "command-complete-task": ("RESOURCE_NOT_FOUND", "Task not found"),
            "command-start-workflow": ("RESOURCE_NOT_FOUND", "Workflow definition not found"),
        }
        for name, (code, reason) in bad.items():
            for _ in range(2):
                assert invoke("inbound_events", sample(name)) == []
            ((told_code, told_reason),) = self.rejected()
            assert told_code == code
            assert reason in told_reason
        events = edge.ok("GET", "/events", event_type="command_rejected")["events"]
        assert {event["data"]["command_type"] for event in events} == {
            "DeleteEverything",
            "CompleteTask",
            "StartWorkflow",
        }
        assert len(events) == len(bad)
        fields = {event["data"]["command_id"]: event["data"]["field"] for event in events}
        assert fields["bad-4711"] == "detail-type"
        assert fields["bad-4712"].startswith("detail.")

    def test_a_rejected_command_is_tried_again_when_it_is_redriven(self, edge: Edge, service: Service) -> None:
        definition = service.defined()
        command = with_detail(sample("command-start-workflow"), workflow_definition_id=definition)
        invoke("inbound_events", command)
        assert [code for code, _ in self.rejected()] == ["RESOURCE_CONFLICT"]
        edge.ok("POST", f"/workflow-definitions/{definition}/publish")
        invoke("inbound_events", command)
        assert edge.ok("GET", "/workflow-instances")["workflow_instances"] == [], "a repetition is not a redrive"
        attribute = {"stringValue": "not published", "dataType": "String"}
        invoke("inbound_events", {"Records": [{**command["Records"][0], "messageAttributes": {"reason": attribute}}]})
        assert len(edge.ok("GET", "/workflow-instances")["workflow_instances"]) == 1

    def test_a_command_without_an_id_of_its_own_has_that_of_the_bus_entry(self, edge: Edge, service: Service) -> None:
        definition = service.published()
        command = with_detail(sample("command-start-workflow"), workflow_definition_id=definition, command_id=None)
        for _ in range(2):
            invoke("inbound_events", command)
        assert len(edge.ok("GET", "/workflow-instances")["workflow_instances"]) == 1
