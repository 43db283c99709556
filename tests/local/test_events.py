"""Streams, queues, rules and executions working together."""

import json
import time

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import PREFIX, Tiny, until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("local")]


def seen(tiny: Tiny, name: str) -> int:
    item = tiny.item("seen", name)
    return int(item["times"]["N"]) if item else 0


def test_a_stream_record_reaches_its_function(tiny: Tiny) -> None:
    tiny.put("work", "plain")
    tiny.put("other", "filtered")
    until(lambda: seen(tiny, "plain") == 1)
    assert seen(tiny, "filtered") == 0


def test_a_record_that_fails_for_a_while_is_delivered_and_none_is_lost(tiny: Tiny) -> None:
    for number in range(4):
        tiny.put("work", f"before-{number}")
    tiny.put("work", "later", until={"N": str(time.time() + 0.4)})
    for number in range(4):
        tiny.put("work", f"after-{number}")
    names = [f"{when}-{number}" for when in ("before", "after") for number in range(4)]
    until(lambda: all(seen(tiny, name) for name in [*names, "later"]))


def test_poison_is_set_aside_after_its_retries(tiny: Tiny) -> None:
    tiny.put("work", "poison", poison={"BOOL": True})
    tiny.put("work", "behind")
    until(lambda: seen(tiny, "behind"))
    sqs = tiny.client("sqs")
    url = sqs.get_queue_url(QueueName=f"{PREFIX}-dead")["QueueUrl"]
    [message] = until(lambda: sqs.receive_message(QueueUrl=url).get("Messages"))
    discarded = json.loads(message["Body"])
    assert discarded["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert discarded["DDBStreamBatchInfo"]["batchSize"] == 1


def test_a_slow_stream_consumer_does_not_hold_up_queues(tiny: Tiny) -> None:
    tiny.put("work", "slow", slow={"N": "4"})
    sqs = tiny.client("sqs")
    url = sqs.get_queue_url(QueueName=f"{PREFIX}-queue")["QueueUrl"]
    identity = sqs.send_message(QueueUrl=url, MessageBody='{"quick": true}')["MessageId"]
    until(lambda: tiny.item("message", identity))
    assert seen(tiny, "slow") == 0
    until(lambda: seen(tiny, "slow"))


def test_status_changes_of_executions_reach_the_bus(tiny: Tiny) -> None:
    execution = tiny.start_execution("reported")
    states = tiny.client("stepfunctions")
    states.send_task_success(taskToken=tiny.token("reported"), output='{"a": 1}')
    until(lambda: states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED")

    def reported() -> list[dict]:
        events = [json.loads(item["value"]["S"]) for item in tiny.items("message")]
        return [e for e in events if e.get("source") == "aws.states" and e["detail"]["name"] == "reported"]

    events = until(lambda: len(found := reported()) == 2 and found)
    by_status = {event["detail"]["status"]: event for event in events}
    assert set(by_status) == {"RUNNING", "SUCCEEDED"}
    ended = by_status["SUCCEEDED"]
    assert ended["detail-type"] == "Step Functions Execution Status Change"
    assert ended["resources"] == [execution]
    assert (ended["detail"]["executionArn"], ended["detail"]["output"]) == (execution, '{"a":1}')


def test_an_error_of_a_function_ends_the_execution_under_its_name(tiny: Tiny) -> None:
    states = tiny.client("stepfunctions")
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": f"{PREFIX}-probe", "Payload": {"do": "fail", "message": "no"}},
        "End": True,
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "T", "States": {"T": task}}
    arn = states.create_state_machine(name="typed", definition=json.dumps(definition), roleArn="arn:aws:iam::1:role/r")
    execution = states.start_execution(stateMachineArn=arn["stateMachineArn"])["executionArn"]
    ended = until(lambda: (d := states.describe_execution(executionArn=execution))["status"] != "RUNNING" and d)
    assert ended["error"] == "TooHighError"
    assert json.loads(ended["cause"])["errorMessage"] == "no"


def test_other_services_are_called_through_the_sdk(tiny: Tiny) -> None:
    states = tiny.client("stepfunctions")

    def task(resource: str, arguments: dict, **more: object) -> dict:
        return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments, **more}

    item = {"pk": {"S": "sdk"}, "sk": {"S": "written"}, "aName": {"M": {"innerName": {"N": "1"}}}}
    condition = {"TableName": PREFIX, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
    caught = [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "Read"}]
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Write",
        "States": {
            "Write": task("dynamodb:putItem", condition, Next="Again"),
            "Again": task("dynamodb:putItem", condition, Next="Bad", Catch=caught),
            "Bad": {"Type": "Fail"},
            "Read": task(
                "aws-sdk:dynamodb:getItem",
                {"TableName": PREFIX, "Key": {"pk": {"S": "sdk"}, "sk": {"S": "written"}}},
                Output="{% $states.result.Item.aName.M %}",
                End=True,
            ),
        },
    }
    arn = states.create_state_machine(name="sdk", definition=json.dumps(definition), roleArn="arn:aws:iam::1:role/r")
    execution = states.start_execution(stateMachineArn=arn["stateMachineArn"])["executionArn"]
    ended = until(lambda: (d := states.describe_execution(executionArn=execution))["status"] != "RUNNING" and d)
    assert json.loads(ended["output"]) == {"innerName": {"N": "1"}}, ended


def test_a_bad_definition_is_refused_over_the_wire(tiny: Tiny) -> None:
    with pytest.raises(ClientError, match="InvalidDefinition"):
        tiny.client("stepfunctions").create_state_machine(
            name="bad", definition='{"QueryLanguage": "JSONata"}', roleArn="arn:aws:iam::1:role/r"
        )


def test_a_one_time_schedule_fires_scaled(tiny: Tiny) -> None:
    due = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 100))
    url = f"arn:aws:sqs:us-east-1:000000000000:{PREFIX}-queue"
    tiny.client("scheduler").create_schedule(
        Name="soon",
        ScheduleExpression=f"at({due})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={"Arn": url, "RoleArn": "arn:aws:iam::1:role/r", "Input": '{"from": "schedule"}'},
    )
    until(lambda: any("schedule" in item["value"]["S"] for item in tiny.items("message")), seconds=10)
