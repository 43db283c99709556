"""From typed states to the JSON of the Amazon States Language, canonical: the same states give the same bytes."""

import json
from collections.abc import Mapping

from orchestrator.compiler.asl.language.states import (
    Catcher,
    Choice,
    Fail,
    Json,
    Key,
    Map,
    Parallel,
    Pass,
    State,
    States,
    Succeed,
    Task,
    Wait,
)
from orchestrator.compiler.asl.language.token import query

#: replaced by the function's ARN when a definition is published
DISPATCH_FUNCTION = "${TaskDispatchFunctionArn}"
#: quota of the service on the size of a definition, in bytes
DEFINITION_LIMIT = 1_048_576
_INVOKE = "arn:aws:states:::lambda:invoke"
#: faults of the call itself; the dispatcher is idempotent, so repeating it is safe
_RETRY: list[Json] = [
    {
        "ErrorEquals": [
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.TooManyRequestsException",
            "Lambda.Unknown",
            "Sandbox.Timedout",
            "Unavailable",
        ],
        "IntervalSeconds": 1,
        "BackoffRate": 2,
        "MaxDelaySeconds": 60,
        "MaxAttempts": 12,
        "JitterStrategy": "FULL",
    }
]

Names = Mapping[Key, str]
Object = dict[str, Json]


def emit_machine(machine: States, names: Names, comment: str) -> Object:
    """Return the machine as JSON."""
    return {"Comment": comment, "QueryLanguage": "JSONata", **_emit_states(machine, names)}


def serialise(machine: Object) -> str:
    """Return the definition as text: no spaces, non-ASCII as it is."""
    return json.dumps(machine, ensure_ascii=False, separators=(",", ":"))


def _emit_states(states: States, names: Names) -> Object:
    return {
        "StartAt": names[states.start_at],
        "States": {names[key]: _emit(state, names) for key, state in states.states.items()},
    }


def _emit(state: State, names: Names) -> Object:  # noqa: PLR0911 - one way out per kind of state
    match state:
        case Task():
            return _emit_task(state, names)
        case Choice():
            return _emit_choice(state, names)
        case Parallel():
            return {
                "Type": "Parallel",
                "Arguments": state.arguments,
                "Branches": [_emit_states(branch, names) for branch in state.branches],
                **_emit_catch(state.catch, names),
                "Output": state.output,
                "Next": names[state.next],
            }
        case Map():
            return {
                "Type": "Map",
                "Items": query(state.items),
                "ItemSelector": state.selector,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **_emit_states(state.processor, names)},
                **_emit_catch(state.catch, names),
                "Output": state.output,
                "Next": names[state.next],
            }
        case Pass():
            return {"Type": "Pass", "Output": state.output, "Next": names[state.next]}
        case Wait():
            output = _optional("Output", state.output)
            return {"Type": "Wait", "Timestamp": query(state.timestamp), **output, "Next": names[state.next]}
        case Succeed():
            return {"Type": "Succeed", **_optional("Output", state.output)}
        case Fail():
            return {"Type": "Fail", "Error": state.error, **_optional("Cause", state.cause)}


def _emit_task(state: Task, names: Names) -> Object:
    return {
        "Type": "Task",
        "Resource": f"{_INVOKE}.waitForTaskToken" if state.waits else _INVOKE,
        "Arguments": {"FunctionName": DISPATCH_FUNCTION, "Payload": state.payload},
        **({} if state.timeout is None else {"TimeoutSeconds": query(state.timeout)}),
        "Retry": _RETRY,
        **_emit_catch(state.catch, names),
        **_optional("Output", state.output),
        **({"End": True} if state.next is None else {"Next": names[state.next]}),
    }


def _emit_choice(state: Choice, names: Names) -> Object:
    rules = [
        {"Condition": query(rule.condition), **_optional("Output", rule.output), "Next": names[rule.next]}
        for rule in state.rules
    ]
    return {"Type": "Choice", "Choices": rules, "Default": names[state.default], **_optional("Output", state.output)}


def _emit_catch(catch: tuple[Catcher, ...], names: Names) -> Object:
    if not catch:
        return {}
    return {
        "Catch": [
            {"ErrorEquals": list(catcher.errors), **_optional("Output", catcher.output), "Next": names[catcher.next]}
            for catcher in catch
        ]
    }


def _optional(name: str, value: Json) -> Object:
    return {} if value is None else {name: value}
