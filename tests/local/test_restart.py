"""Stopped, killed, started again: nothing is lost but the last moments before a kill, and nothing is mixed."""

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.local.conftest import PREFIX, ROOT, Tiny, until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("local-restart")]


def test_a_stop_loses_nothing_and_executions_are_aborted(own: Tiny) -> None:
    execution = own.start_execution("waits")
    token = own.token("waits")
    own.put("kept", "a", n={"N": "1"}, gsi1pk={"S": "g"}, gsi1sk={"S": "1"})
    own.put("kept", "removed")
    own.client("dynamodb").delete_item(TableName=PREFIX, Key={"pk": {"S": "kept"}, "sk": {"S": "removed"}})
    own.client("s3").create_bucket(Bucket="payloads")
    own.client("s3").put_object(Bucket="payloads", Key="k", Body=b"bytes")
    sqs = own.client("sqs")
    dead = sqs.get_queue_url(QueueName=f"{PREFIX}-dead")["QueueUrl"]
    sqs.send_message(QueueUrl=dead, MessageBody="left")
    assert own.end(signal.SIGINT) == 0
    own.start()
    assert own.item("kept", "a")["n"] == {"N": "1"}
    assert own.item("kept", "removed") is None
    found = own.client("dynamodb").query(
        TableName=PREFIX,
        IndexName="gsi1",
        KeyConditionExpression="gsi1pk = :g",
        ExpressionAttributeValues={":g": {"S": "g"}},
    )
    assert found["Count"] == 1
    assert own.client("s3").get_object(Bucket="payloads", Key="k")["Body"].read() == b"bytes"
    assert own.client("sqs").receive_message(QueueUrl=dead)["Messages"][0]["Body"] == "left"
    states = own.client("stepfunctions")
    assert states.describe_execution(executionArn=execution)["status"] == "ABORTED"
    with pytest.raises(states.exceptions.TaskTimedOut):
        states.send_task_success(taskToken=token, output="1")
    assert own.get("/orders").status_code == 200
    assert own.start_execution("again")
    assert own.token("again")


def test_a_kill_loses_at_most_two_seconds_and_mixes_nothing(own: Tiny) -> None:
    dynamodb = own.client("dynamodb")
    written: list[tuple[float, int]] = []
    until_time = time.monotonic() + 4
    number = 0
    while time.monotonic() < until_time:
        number += 1
        both = [
            {"Put": {"TableName": PREFIX, "Item": {"pk": {"S": side}, "sk": {"S": f"{number:05d}"}}}}
            for side in ("left", "right")
        ]
        dynamodb.transact_write_items(TransactItems=both)
        written.append((time.monotonic(), number))
    killed = time.monotonic()
    own.end(signal.SIGKILL)
    own.start()
    left = [int(item["sk"]["S"]) for item in own.items("left")]
    right = [int(item["sk"]["S"]) for item in own.items("right")]
    assert left == right == list(range(1, len(left) + 1)), "a transaction is there by half, or there is a gap"
    promised = [number for at, number in written if killed - at >= 2]
    assert len(left) >= len(promised)


def test_stream_records_that_nobody_had_processed_are_delivered_after_the_restart(own: Tiny) -> None:
    own.put("work", "slow", slow={"N": "3"})
    for name in ("one", "two"):
        own.put("work", name)
    assert own.end() == 0
    assert own.start().items("seen") == []
    until(lambda: {item["sk"]["S"] for item in own.items("seen")} == {"slow", "one", "two"})


def test_a_second_start_deploys_nothing(own: Tiny) -> None:
    assert own.end() == 0
    mark = len(own.log)
    own.start()
    assert "stack task-orchestrator-dev" not in own.log[mark:]


def test_a_changed_template_is_deployed_at_the_next_start(own: Tiny) -> None:
    own.put("kept", "a")
    assert own.end() == 0
    own.extra["TINY_MARK"] = "two"
    own.start()
    stack = own.client("cloudformation").describe_stacks(StackName=f"{PREFIX}-service")["Stacks"][0]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert [output["OutputValue"] for output in stack["Outputs"]] == ["tiny two"]
    assert own.item("kept", "a")


def run(module: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False)


def test_a_taken_port_is_said_in_one_line(own: Tiny) -> None:
    for taken, variable in ((own.api_port, "API_PORT"), (own.aws_port, "AWS_PORT")):
        other = Tiny(own.state.parent / "elsewhere")
        refused = run("tests.local.tiny", {**other.environment, variable: str(taken)})
        assert refused.returncode == 1
        assert refused.stderr.count("\n") == 1
        assert f"port {taken}" in refused.stderr
        assert variable in refused.stderr


def test_two_processes_never_share_a_state(own: Tiny) -> None:
    refused = run("tests.local.tiny", Tiny(own.state).environment)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "LOCAL_STATE" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("API_PORT", "x"), ("WAIT_SCALE", "0"), ("WAIT_SCALE", "0.00001"), ("WAIT_SCALE", "fast")]
)
def test_a_setting_that_makes_no_sense(tmp_path, name: str, value: str) -> None:
    refused = run("tests.local.tiny", {**Tiny(tmp_path).environment, name: value})
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert name in refused.stderr


def test_tokens_need_no_running_stack(tmp_path) -> None:
    import jwt

    environment = Tiny(tmp_path).environment
    first = run("infra.local.token", environment)
    chosen = ("--subject", "ada", "--permission", "task:read", "--project", "p1", "--expires", "60")
    second = run("infra.local.token", environment, *chosen)
    secret = (tmp_path / "jwt-secret").read_text()
    claims = [
        jwt.decode(
            run_.stdout.strip(),
            secret,
            algorithms=["HS256"],
            audience="task-orchestrator",
            issuer="task-orchestrator-local",
        )
        for run_ in (first, second)
    ]
    assert len(claims[0]["permissions"]) == 10
    assert (claims[1]["sub"], claims[1]["permissions"], claims[1]["project_ids"]) == ("ada", ["task:read"], ["p1"])
    assert claims[1]["exp"] - claims[1]["iat"] == 60
    assert json.dumps(first.stderr) == '""'
