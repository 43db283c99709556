"""Small state machines, written as their states; and what is known of their runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

INVOKE = "arn:aws:states:::lambda:invoke"
WAIT_FOR_TOKEN = "arn:aws:states:::lambda:invoke.waitForTaskToken"


def arn(function: str) -> str:
    return f"arn:aws:lambda:us-east-1:000000000000:function:{function}"


def chain(**states: Json) -> Json:
    """States one after another: the last one ends, unless a state says where it goes."""
    names = list(states)
    linked = {}
    for name, following in zip(names, [*names[1:], None], strict=True):
        state = states[name]
        ends = state["Type"] in ("Choice", "Fail", "Succeed") or "Next" in state or "End" in state
        linked[name] = state if ends else {**state, **({"Next": following} if following else {"End": True})}
    return {"StartAt": names[0], "States": linked}


def machine(*, timeout: int | None = None, **states: Json) -> str:
    limit = {"TimeoutSeconds": timeout} if timeout else {}
    return json.dumps({"QueryLanguage": "JSONata", **limit, **chain(**states)})


def give(output: Any, **more: Any) -> Json:
    return {"Type": "Pass", "Output": output, **more}


def call(function: str, payload: Any = None, **more: Any) -> Json:
    return {
        "Type": "Task",
        "Resource": INVOKE,
        "Arguments": {"FunctionName": arn(function), "Payload": payload},
        "Output": "{% $states.result.Payload %}",
        **more,
    }


def ask(function: str = "ask", payload: Json | None = None, **more: Any) -> Json:
    """A task that hands its token to a function and waits."""
    return {
        "Type": "Task",
        "Resource": WAIT_FOR_TOKEN,
        "Arguments": {
            "FunctionName": arn(function),
            "Payload": {"token": "{% $states.context.Task.Token %}", **(payload or {})},
        },
        **more,
    }


def fail(error: str, cause: str = "said so") -> Json:
    return {"Type": "Fail", "Error": error, "Cause": cause}


def parallel(*branches: Json, **more: Any) -> Json:
    return {"Type": "Parallel", "Branches": list(branches), **more}


def catch(*names: str, then: str, **more: Any) -> list[Json]:
    return [{"ErrorEquals": list(names), "Next": then, **more}]


@dataclass(frozen=True)
class Case:
    """A run that needs no help from outside: how it must end, by the developer guide and the ASL specification."""

    definition: str
    input: Any = field(default_factory=dict)
    output: Any = None
    error: str | None = None
    cause: str | None = None
    #: why moto's interpreter ends otherwise; None where it must agree
    moto_differs: str | None = None


def handlers(seen: list[Any]) -> Mapping[str, Any]:
    def echo(event: Any, _: Any) -> Any:
        seen.append(event)
        return event

    def too_high(_: Any, __: Any) -> Any:
        class TooHighError(Exception):
            pass

        raise TooHighError("4 > 3")

    tries = iter(range(100))

    def third_time(_: Any, __: Any) -> Any:
        if next(tries) < 2:
            raise ConnectionError("not yet")
        return "at last"

    return {"echo": echo, "too_high": too_high, "third_time": third_time}
