"""Dead messages go back to their queue whole."""

import boto3
import pytest

from infra.redrive import main, redrive
from tests.aws import account

NAME = "task-orchestrator-dev-inbound-events"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("STAGE", "dev")
    with account():
        client = boto3.client("sqs")
        for name in (NAME, f"{NAME}-dead"):
            client.create_queue(QueueName=name)
        yield client


def waiting(client, name: str) -> list[dict]:
    url = client.get_queue_url(QueueName=name)["QueueUrl"]
    answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return answer.get("Messages", [])


def test_messages_move_with_their_attributes(client) -> None:
    dead = client.get_queue_url(QueueName=f"{NAME}-dead")["QueueUrl"]
    reason = {"reason": {"DataType": "String", "StringValue": "no"}}
    for number in range(3):
        client.send_message(QueueUrl=dead, MessageBody=str(number), MessageAttributes=reason)
    assert redrive(client, NAME) == 3
    assert waiting(client, f"{NAME}-dead") == []
    moved = waiting(client, NAME)
    assert sorted(message["Body"] for message in moved) == ["0", "1", "2"]
    assert {message["MessageAttributes"]["reason"]["StringValue"] for message in moved} == {"no"}


def test_the_command(client, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inbound-events"]) == 0
    assert capsys.readouterr().out == "0 messages moved\n"
    assert main(["unknown"]) == 1
    assert main([]) == 2
    assert capsys.readouterr().err.endswith("QUEUE must be one of inbound-events\n")
