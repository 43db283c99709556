"""Queues, rules and sources: nothing is lost without a trace."""

from typing import Any

import pytest

from orchestrator.domain.events import EventType
from tests.infra.assembly import Assembly, Resource, listed

#: an instance was queued, or has ended and gave its slots back
SLOT_EVENTS = [
    EventType.WORKFLOW_QUEUED,
    EventType.WORKFLOW_COMPLETED,
    EventType.WORKFLOW_FAILED,
    EventType.WORKFLOW_CANCELLED,
    EventType.WORKFLOW_TERMINATED,
]

#: a task has a performer, or is tried again
WORK_EVENTS = [EventType.TASK_ASSIGNED, EventType.TASK_REASSIGNED, EventType.TASK_RETRIED]


def _queues(assembly: Assembly) -> tuple[list[Resource], list[Resource]]:
    """Work queues and dead-letter queues."""
    queues = assembly.stack("service").of("AWS::SQS::Queue")
    dead = [row for row in queues if row.properties["QueueName"].endswith("-dead")]
    return [row for row in queues if row not in dead], dead


def _mappings(assembly: Assembly) -> dict[str, Any]:
    """Event source mappings by the folder of their function."""
    folders = {row.logical_id: folder for folder, row in assembly.functions.items()}
    rows = assembly.stack("service").of("AWS::Lambda::EventSourceMapping")
    return {folders[row.properties["FunctionName"]["Ref"]]: row.properties for row in rows}


def test_every_queue_has_its_dead_letter_queue(stage: Assembly) -> None:
    work, dead = _queues(stage)
    assert work
    for queue in work:
        redrive = queue.properties["RedrivePolicy"]
        target = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
        (letters,) = [row for row in dead if row.logical_id == target]
        assert letters.properties["QueueName"] == f"{queue.properties['QueueName']}-dead"
        assert redrive["maxReceiveCount"] >= 3
    for letters in dead:
        assert letters.properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_queues_are_encrypted_and_take_only_tls(stage: Assembly) -> None:
    work, dead = _queues(stage)
    policies = stage.stack("service").of("AWS::SQS::QueuePolicy")
    for queue in work + dead:
        assert queue.properties["SqsManagedSseEnabled"] is True, queue.logical_id
        (policy,) = [row for row in policies if row.properties["Queues"] == [{"Ref": queue.logical_id}]]
        statements = policy.properties["PolicyDocument"]["Statement"]
        assert [row for row in statements if row["Effect"] == "Deny" and "aws:SecureTransport" in str(row["Condition"])]


def test_a_message_stays_invisible_while_it_is_worked_on(stage: Assembly) -> None:
    queues = {row.logical_id: row for row in _queues(stage)[0]}
    for folder, mapping in _mappings(stage).items():
        source = mapping["EventSourceArn"]
        if "Fn::GetAtt" in source:
            visibility = queues[source["Fn::GetAtt"][0]].properties["VisibilityTimeout"]
            assert visibility >= 6 * stage.functions[folder].properties["Timeout"], folder


def test_outbox_takes_new_events_in_order_and_loses_none(stage: Assembly) -> None:
    mapping = _mappings(stage)["outbox_relay"]
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert 0 < mapping["MaximumRetryAttempts"] < 10_000
    assert "Destination" in mapping["DestinationConfig"]["OnFailure"]
    (row,) = mapping["FilterCriteria"]["Filters"]
    assert row["Pattern"] == '{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"EVENT#"}]}}}}'


def test_watch_reports_failed_messages_one_by_one(stage: Assembly) -> None:
    assert _mappings(stage)["execution_watch"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_ends_of_this_stages_executions_reach_the_watch(stage: Assembly) -> None:
    rules = [row.properties for row in stage.stack("service").of("AWS::Events::Rule")]
    (rule,) = [row for row in rules if "EventPattern" in row and "EventBusName" not in row]
    pattern = rule["EventPattern"]
    assert pattern["source"] == ["aws.states"]
    assert set(pattern["detail"]["status"]) == {"FAILED", "TIMED_OUT", "ABORTED", "SUCCEEDED"}
    (prefix,) = pattern["detail"]["stateMachineArn"]
    assert f":stateMachine:task-orchestrator-{stage.stage}-wf-def-" in str(prefix)
    (target,) = rule["Targets"]
    assert "DeadLetterConfig" in target


def test_repair_runs_by_schedule(stage: Assembly) -> None:
    rules = [row.properties for row in stage.stack("service").of("AWS::Events::Rule")]
    name = f"task-orchestrator-{stage.stage}-repair"
    (rule,) = [row for row in rules if "ScheduleExpression" in row and row["Name"] == name]
    assert rule["ScheduleExpression"] == "rate(5 minutes)"
    woken = {target["Arn"]["Fn::GetAtt"][0] for target in rule["Targets"]}
    assert woken == {stage.functions[folder].logical_id for folder in ("execution_watch", "admission")}


def test_timers_are_swept_every_minute(stage: Assembly) -> None:
    rules = [row.properties for row in stage.stack("service").of("AWS::Events::Rule")]
    (rule,) = [row for row in rules if row.get("Name") == f"task-orchestrator-{stage.stage}-start-timers"]
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    (target,) = rule["Targets"]
    assert target["Arn"]["Fn::GetAtt"][0] == stage.functions["admission"].logical_id
    assert stage.functions["admission"].properties["Environment"]["Variables"]["WAIT_SCALE"] == "1.0"


def _bus_rules(stage: Assembly) -> dict[str, Any]:
    """Rules of the custom bus by the name of the queue that they fill."""
    service = stage.stack("service")
    rules = [row.properties for row in service.of("AWS::Events::Rule") if "EventBusName" in row.properties]
    return {service.get(rule["Targets"][0]["Arn"]["Fn::GetAtt"][0]).properties["QueueName"]: rule for rule in rules}


def test_own_events_go_to_webhooks_and_all_others_are_commands(stage: Assembly) -> None:
    bus = stage.stack("service").one("AWS::Events::EventBus").logical_id
    prefix, rules = f"task-orchestrator-{stage.stage}", _bus_rules(stage)
    assert {name: rule["EventPattern"] for name, rule in rules.items()} == {
        f"{prefix}-webhook-fanout": {"source": ["task-orchestrator"]},
        f"{prefix}-admission": {"source": ["task-orchestrator"], "detail-type": SLOT_EVENTS},
        f"{prefix}-service-call": {
            "source": ["task-orchestrator"],
            "detail-type": WORK_EVENTS,
            "detail": {"data": {"data": {"agent_type": ["service"]}}},
        },
        f"{prefix}-inbound-events": {"source": [{"anything-but": ["task-orchestrator"]}]},
    }
    for rule in rules.values():
        assert rule["EventBusName"] == {"Ref": bus}
        assert "DeadLetterConfig" in rule["Targets"][0]


@pytest.mark.parametrize(
    "folder", ["webhook_fanout", "webhook_delivery", "inbound_events", "admission", "service_call"]
)
def test_consumers_of_queues_report_failed_messages_one_by_one(stage: Assembly, folder: str) -> None:
    assert _mappings(stage)[folder]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_services_pull_from_queues_of_the_stage(dev: Assembly) -> None:
    (queue,) = [row for row in _queues(dev)[0] if row.properties["QueueName"].endswith("-service-work")]
    filled = {
        folder
        for folder in dev.functions
        for statement in dev.statements(folder)
        if "sqs:SendMessage" in statement["Action"] and queue.logical_id in str(statement["Resource"])
    }
    assert filled == {"service_call"}
    counting = {
        folder
        for folder in dev.functions
        for statement in dev.statements(folder)
        if listed(statement["Action"]) == ["sqs:GetQueueAttributes"] and queue.logical_id in str(statement["Resource"])
    }
    assert counting == {"resources_api"}
    for folder in ("service_call", "resources_api"):
        told = dev.functions[folder].properties["Environment"]["Variables"]["SERVICE_QUEUE_URLS"]
        assert told == {"Fn::Join": ["", ["work=", {"Ref": queue.logical_id}]]}
