"""The same runs in moto's interpreter (of LocalStack's lineage): where two independent readings of ASL agree.

A case that moto is known to run otherwise says so; a test fails when that changes, in either direction.
"""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from jsonata.jsonata import Jsonata
from moto import mock_aws
from moto.awslambda.models import LambdaFunction
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata

from infra.local.step_functions import FunctionError
from infra.local.step_functions.in_process import Handlers
from tests.execution.conformance.cases import CASES
from tests.execution.conformance.machines import Case, handlers

pytestmark = pytest.mark.xdist_group("moto")


def _evaluate(expression: str) -> Any:
    try:
        return Jsonata(expression).evaluate(None)
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


_FUNCTIONS = Handlers(handlers([]))


def _invoke(function: LambdaFunction, event: Any = None) -> tuple[str, bool, str]:
    try:
        return json.dumps(_FUNCTIONS.invoke(function.function_arn, event)), False, ""
    except FunctionError as error:
        return json.dumps(error.payload), True, ""


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        patch.setattr(moto_jsonata, "_eval_jsonata", _evaluate)
        patch.setattr(LambdaFunction, "_invoke_lambda", _invoke)
        with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
            _deploy_functions()
            yield boto3.client("stepfunctions", "us-east-1")


def _deploy_functions() -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as zipped:
        zipped.writestr("a.py", "")
    role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for name in _FUNCTIONS.handlers:
        boto3.client("lambda", "us-east-1").create_function(
            FunctionName=name, Runtime="python3.13", Role=role, Handler="a.b", Code={"ZipFile": code.getvalue()}
        )


def _run(client: Any, name: str, case: Case) -> dict[str, Any]:
    definition = case.definition.replace("000000000000", "123456789012")
    machine = client.create_state_machine(
        name=str(abs(hash(name))), definition=definition, roleArn="arn:aws:iam::123456789012:role/r"
    )
    arn = client.start_execution(stateMachineArn=machine["stateMachineArn"], name="run", input=json.dumps(case.input))[
        "executionArn"
    ]
    deadline = time.monotonic() + 5
    while (described := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            break
        time.sleep(0.005)
    return described


def _agrees(ended: dict[str, Any], case: Case) -> bool:
    if case.error is not None or ('{"Type": "Fail"}' in case.definition and case.output is None):
        return ended["status"] == "FAILED" and ended.get("error") == case.error
    output = ended.get("output", "null")
    return ended["status"] == "SUCCEEDED" and case.output in (_parsed(output), output)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.mark.parametrize("name", CASES)
def test_moto_agrees_or_is_known_to_differ(moto: Any, name: str) -> None:
    case = CASES[name]
    try:
        ended = _run(moto, name, case)
    except ClientError as error:
        ended = {"status": "REFUSED", "error": repr(error)}
    assert _agrees(ended, case) is (case.moto_differs is None), ended
