"""Least privilege: what each role may do, and where a wildcard stands."""

from typing import Any

import pytest

from orchestrator.api.endpoints import Group
from tests.infra.assembly import Assembly, listed, text

READ = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
CHANGE = READ | {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"}
PUBLISH = {
    "states:CreateStateMachine",
    "states:UpdateStateMachine",
    "states:DeleteStateMachine",
    "states:DescribeStateMachine",
    "states:TagResource",
}
ANSWER = {"states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"}
STREAM = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
}
#: Actions on the record and the engine that each function has, and no others.
ALLOWED: dict[str, set[str]] = {
    "admission": CHANGE | ANSWER | {"states:StartExecution", "states:StopExecution"},
    "authorizer": set(),
    "outbox_relay": STREAM,
    "projector": STREAM | CHANGE,
    "task_dispatch": CHANGE | ANSWER | {"states:StartExecution", "states:StopExecution"},
    "execution_watch": CHANGE | ANSWER | {"states:StartExecution", "states:StopExecution", "states:DescribeExecution"},
    "webhook_fanout": CHANGE,
    "webhook_delivery": CHANGE,
    "service_call": CHANGE | ANSWER,
    "inbound_events": CHANGE | ANSWER | {"states:StartExecution"},
    Group.DEFINITIONS: CHANGE | PUBLISH,
    Group.INSTANCES: CHANGE | ANSWER | {"states:StartExecution", "states:StopExecution"},
    Group.TASKS: CHANGE | ANSWER,
    Group.EXECUTION: CHANGE | ANSWER | {"states:StartExecution", "states:StopExecution"},
    Group.INSIGHTS: READ | {"dynamodb:UpdateItem"},
    Group.EVENTS: CHANGE,
    Group.RESOURCES: CHANGE | {"dynamodb:DescribeTable"},
    Group.HEALTH: READ | {"dynamodb:UpdateItem", "states:DescribeStateMachine"},
}
#: Actions that know no resources (Service Authorization Reference).
RESOURCELESS = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "dynamodb:ListStreams",
}


def _statements(assembly: Assembly) -> list[tuple[str, dict[str, Any]]]:
    policies = [row for stack in assembly.stacks for row in stack.of("AWS::IAM::Policy")]
    return [(row.logical_id, one) for row in policies for one in row.properties["PolicyDocument"]["Statement"]]


def _actions(assembly: Assembly, folder: str) -> set[str]:
    return {action for statement in assembly.statements(folder) for action in listed(statement["Action"])}


@pytest.mark.parametrize(("folder", "allowed"), ALLOWED.items())
def test_record_and_engine(stage: Assembly, folder: str, allowed: set[str]) -> None:
    granted = {action for action in _actions(stage, folder) if action.startswith(("dynamodb:", "states:"))}
    assert granted == allowed


def test_all_functions_are_listed(stage: Assembly) -> None:
    assert stage.functions.keys() == ALLOWED.keys()


def test_nobody_scans_or_writes_in_bulk(stage: Assembly) -> None:
    forbidden = {"dynamodb:Scan", "dynamodb:BatchWriteItem", "dynamodb:PartiQLSelect", "dynamodb:DeleteTable"}
    for policy, statement in _statements(stage):
        assert not forbidden & set(listed(statement["Action"])), policy
        assert not [action for action in listed(statement["Action"]) if action.endswith(":*") or action == "*"], policy


def test_a_bare_wildcard_stands_only_where_there_are_no_resources(stage: Assembly) -> None:
    for policy, statement in _statements(stage):
        if "*" in listed(statement["Resource"]):
            assert set(listed(statement["Action"])) <= RESOURCELESS, policy


def test_engine_rights_end_at_the_stages_machines(stage: Assembly) -> None:
    prefix = f"task-orchestrator-{stage.stage}-wf-def-*"
    for policy, statement in _statements(stage):
        if [action for action in listed(statement["Action"]) if action.startswith("states:")]:
            for resource in listed(statement["Resource"]):
                assert f":stateMachine:{prefix}" in text(resource) or f":execution:{prefix}:*" in text(resource), policy


def test_only_publish_passes_the_one_role_to_step_functions(stage: Assembly) -> None:
    role = next(row for row in stage.stack("service").of("AWS::IAM::Role") if "RoleName" in row.properties)
    assert role.properties["RoleName"] == f"task-orchestrator-{stage.stage}-machines"
    passing = [(policy, one) for policy, one in _statements(stage) if "iam:PassRole" in listed(one["Action"])]
    ((policy, statement),) = passing
    assert "DefinitionsApi" in policy
    assert statement["Resource"] == {"Fn::GetAtt": [role.logical_id, "Arn"]}
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "states.amazonaws.com"}}


def test_machines_call_the_dispatcher_and_nothing_else(stage: Assembly) -> None:
    policy = next(one for one in stage.stack("service").of("AWS::IAM::Policy") if "Machines" in one.logical_id)
    statements = policy.properties["PolicyDocument"]["Statement"]
    acting = [row for row in statements if set(listed(row["Action"])) - RESOURCELESS]
    (statement,) = acting
    dispatcher = f"<{stage.functions['task_dispatch'].logical_id}.Arn>"
    assert statement["Action"] == "lambda:InvokeFunction"
    assert {text(row) for row in statement["Resource"]} == {dispatcher, f"{dispatcher}:live"}


def test_only_those_who_verify_tokens_read_the_secret(stage: Assembly) -> None:
    readers = [folder for folder in stage.functions if "secretsmanager:GetSecretValue" in _actions(stage, folder)]
    assert sorted(readers) == ["authorizer", "health_api"]


def test_only_the_relay_publishes_events(stage: Assembly) -> None:
    assert [f for f in stage.functions if "events:PutEvents" in _actions(stage, f)] == ["outbox_relay"]


def test_functions_have_no_managed_policies(stage: Assembly) -> None:
    for folder, function in stage.functions.items():
        role = stage.stack("service").get(function.properties["Role"]["Fn::GetAtt"][0])
        assert "ManagedPolicyArns" not in role.properties, folder


def test_readers_write_nothing_but_their_usage(stage: Assembly) -> None:
    for folder in (Group.INSIGHTS, Group.HEALTH):
        (statement,) = [row for row in stage.statements(folder) if "dynamodb:UpdateItem" in listed(row["Action"])]
        assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["STAT#usage#*"]}}
