"""Definitions that CreateStateMachine refuses."""

import json

import pytest

from infra.local.step_functions import StepFunctionsError
from tests.execution.conformance.conftest import Rig
from tests.execution.conformance.machines import chain, machine, parallel

PASS = {"Type": "Pass"}

BAD = {
    "no JSON": ("{", "not a JSON document"),
    "JSONPath": (json.dumps(chain(P=PASS)), "QueryLanguage"),
    "unknown start": (
        json.dumps({"QueryLanguage": "JSONata", "StartAt": "X", "States": {"P": {**PASS, "End": True}}}),
        "StartAt",
    ),
    "dangling next": (machine(P={**PASS, "Next": "X"}), "MISSING_TRANSITION_TARGET"),
    "dangling catch": (
        machine(
            T={
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Catch": [{"ErrorEquals": ["a"], "Next": "X"}],
            }
        ),
        "MISSING_TRANSITION_TARGET",
    ),
    "unreachable": (machine(P={**PASS, "End": True}, Q=PASS), "UNREACHABLE_STATE"),
    "disconnected cycle": (
        machine(P={**PASS, "End": True}, A={**PASS, "Next": "B"}, B={**PASS, "Next": "A"}),
        "UNREACHABLE_STATE",
    ),
    "next and end": (machine(P={**PASS, "Next": "Q", "End": True}, Q=PASS), "exactly one"),
    "a field of JSONPath": (machine(P={**PASS, "ResultPath": "$.a"}), "ResultPath"),
    "no such type": (machine(P={"Type": "Nop"}), "no state type"),
    "bad expression": (machine(P={**PASS, "Output": {"a": ["{% ( %}"]}}), "/States/P/Output/a"),
    "a name twice": (machine(P=parallel(chain(X=PASS), chain(X=PASS))), "unique"),
    "distributed": (
        machine(
            M={
                "Type": "Map",
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, **chain(X={**PASS, "End": True})},
            }
        ),
        "DISTRIBUTED",
    ),
    "two waits": (
        machine(W={"Type": "Wait", "Seconds": 1, "Timestamp": "2020-01-01T00:00:00Z"}),
        "Seconds and Timestamp",
    ),
    "too large": (machine(P={**PASS, "Comment": "x" * 1_048_576}), "1 MB"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(rig: Rig, name: str) -> None:
    definition, reason = BAD[name]
    with pytest.raises(StepFunctionsError, match=reason) as refusal:
        rig.create(definition)
    assert refusal.value.code == "InvalidDefinition"
    validated = rig.states.request("ValidateStateMachineDefinition", {"definition": definition})
    assert validated["result"] == "FAIL"


def test_create_is_idempotent_and_another_definition_is_refused(rig: Rig) -> None:
    arn = rig.create(machine(P=PASS))
    assert rig.create(machine(P=PASS)) == arn
    with pytest.raises(StepFunctionsError, match="StateMachineAlreadyExists"):
        rig.create(machine(Q=PASS))
    rig.states.request("DeleteStateMachine", {"stateMachineArn": arn})
    with pytest.raises(StepFunctionsError, match="StateMachineDoesNotExist"):
        rig.states.request("DescribeStateMachine", {"stateMachineArn": arn})
