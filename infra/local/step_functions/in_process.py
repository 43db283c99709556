"""Step Functions in the process of a test: functions are Python handlers, boto3 clients need no network."""

import json
import uuid
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from botocore.awsrequest import AWSResponse, HeadersDict

from infra.local.step_functions.integrations import FunctionError
from infra.local.step_functions.service import StepFunctions, StepFunctionsError

Handler = Callable[[Any, Any], Any]


class Handlers:
    """Lambda functions as Python handlers, by function name; payloads pass through JSON as on AWS."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.handlers = dict(handlers)

    def invoke(self, function: str, payload: Any) -> Any:
        """Run the handler; raises FunctionError named as the exception, LookupError for an unknown function."""
        name = function.rpartition(":function:")[2].partition(":")[0]
        handler = self.handlers[name]
        try:
            return json.loads(json.dumps(handler(json.loads(json.dumps(payload)), _context(name))))
        except Exception as error:
            reported = {"errorMessage": str(error), "errorType": type(error).__name__}
            raise FunctionError(type(error).__name__, reported) from error


def _context(name: str) -> Any:
    return SimpleNamespace(
        function_name=name,
        function_version="$LATEST",
        invoked_function_arn=f"arn:aws:lambda:us-east-1:000000000000:function:{name}",
        memory_limit_in_mb=256,
        aws_request_id=str(uuid.uuid4()),
        get_remaining_time_in_millis=lambda: 30_000,
    )


def connect(client: Any, states: StepFunctions) -> Any:
    """Let this boto3 Step Functions client speak to `states`; returns the client."""

    def answer(request: Any, **_: Any) -> AWSResponse:
        status, headers, body = respond(states, _text(request.headers["X-Amz-Target"]), _text(request.body or "{}"))
        return AWSResponse(request.url, status, cast("Any", HeadersDict(headers)), _Raw(body))

    client.meta.events.register_first("before-send.sfn.*", answer)
    return client


def respond(states: StepFunctions, target: str, body: str) -> tuple[int, dict[str, str], bytes]:
    """Answer one request of the JSON protocol: status, headers, body."""
    try:
        return response(200, states.request(target.rpartition(".")[2], json.loads(body)))
    except StepFunctionsError as refusal:
        return refusal_response(refusal)


def response(status: int, body: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """A response of the JSON protocol."""
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": str(uuid.uuid4())}
    return status, headers, json.dumps(body).encode()


def refusal_response(refusal: StepFunctionsError) -> tuple[int, dict[str, str], bytes]:
    """The response to a refused request."""
    return response(400, {"__type": refusal.code, "message": refusal.message})


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()


class _Raw:
    """A body as urllib3 would hand it over."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._body
