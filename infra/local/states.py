"""Connects our Step Functions with the rest of the endpoint: templates, rules, events, functions."""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import asyncio
import json
from typing import Any

from infra.local.emulator import module, request_scope, service
from infra.local.functions.executor import LocalFunctions
from infra.local.settings import ACCOUNT, REGION, LocalSettings
from infra.local.step_functions import Clock, Integrations, StepFunctions

Json = dict[str, Any]
_DETAIL_TYPE = "Step Functions Execution Status Change"


def step_functions(settings: LocalSettings, loop: asyncio.AbstractEventLoop) -> StepFunctions:
    """The engine of this stack; its status changes go to the default bus, on the loop that serves requests."""

    def report(detail: Json) -> None:
        loop.call_soon_threadsafe(_put_event, detail)

    return StepFunctions(
        Integrations(LocalFunctions(), _client),
        clock=Clock(scale=settings.wait_scale),
        on_status_change=report,
        region=REGION,
        account=ACCOUNT,
    )


def _client(name: str) -> Any:
    import boto3  # noqa: PLC0415 - half a second that only machines with SDK integrations pay

    return boto3.client(name)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownVariableType]


def _put_event(detail: Json) -> None:
    entry = {
        "Source": "aws.states",
        "DetailType": _DETAIL_TYPE,
        "Resources": [detail["executionArn"]],
        "Detail": json.dumps(detail),
    }
    with request_scope():
        service("eventbridge")._put_events({"Entries": [entry]}, allow_aws_source=True)


def install(states: StepFunctions) -> None:
    """Let templates create machines here, and rules and schedules start executions here."""
    provisioners = module("services.cloudformation.provisioners")
    definition = provisioners._sfn_definition

    def create(logical_id: str, properties: Json, stack: str) -> tuple[str, Json]:
        name = properties.get("StateMachineName") or provisioners._physical_name(stack, logical_id, max_len=80)
        body = {"name": name, "definition": definition(properties), "roleArn": properties.get("RoleArn", "")}
        arn = states.request("CreateStateMachine", body)["stateMachineArn"]
        return arn, {"Arn": arn, "Name": name}

    def update(arn: str, _: Json, properties: Json, __: str, **___: Any) -> tuple[str, Json]:
        body = {"stateMachineArn": arn, "definition": definition(properties), "roleArn": properties.get("RoleArn", "")}
        states.request("UpdateStateMachine", body)
        return arn, {"Arn": arn, "Name": arn.rpartition(":")[2]}

    def delete(arn: str, _: Json) -> None:
        states.request("DeleteStateMachine", {"stateMachineArn": arn})

    handlers = provisioners._RESOURCE_HANDLERS["AWS::StepFunctions::StateMachine"]
    handlers.update(create=create, update=update, delete=delete)

    def start(arn: str, payload: str) -> None:
        states.submit("StartExecution", {"stateMachineArn": arn, "input": payload})

    service("eventbridge")._dispatch_to_stepfunctions = start
