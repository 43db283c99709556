"""REST API: what API Gateway answers in place of a function.

When a function raises, or answers no HTTP response, the endpoint shows the exception to the caller, or the raw answer
with status 200; API Gateway answers with the gateway response DEFAULT_5XX of the API. And it knows more variables in
templates of gateway responses. Sources: API Gateway developer guide, "Handle Lambda errors", "Gateway responses".
"""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import json
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from infra.local.emulator import service
from infra.local.step_functions.values import is_object

_MESSAGE = "Internal server error"
#: method and path (with the stage, encoded) of the request that is being answered
REQUEST: ContextVar[tuple[str, str]] = ContextVar("REQUEST", default=("", ""))


def install() -> None:
    """Answer as API Gateway does."""
    rest = service("apigateway_v1")
    shaped, invoke = rest._lambda_proxy_response, rest._invoke_lambda_proxy_v1
    refused = json.dumps({"message": _MESSAGE}).encode()

    def proxy_response(result: dict[str, Any]) -> Any:
        is_response = is_object(body := result.get("body")) and "statusCode" in body
        if result.get("throttle") or (is_response and not result.get("error")):
            response: Any = shaped(result)
            return response
        return None, _MESSAGE

    async def invoke_proxy(*arguments: Any, **more: Any) -> Any:
        answer = await invoke(*arguments, **more)
        if not isinstance(answer, rest._GatewayError) and (answer[0], answer[2]) == (502, refused):
            return rest._gw_error("DEFAULT_5XX", _MESSAGE)
        return answer

    render = rest._gateway_error_response

    def rendered(error: Any, request: Any) -> Any:
        status, headers, body = render(error, request)
        return status, headers, _with_request(body)

    rest._gateway_error_response = rendered
    rest._lambda_proxy_response, rest._invoke_lambda_proxy_v1 = proxy_response, invoke_proxy


def _with_request(body: bytes) -> bytes:
    """Fill in the variables that the endpoint leaves as they are; longer names first."""
    now = datetime.now(tz=UTC)
    method, path = REQUEST.get()
    variables = {
        "requestTimeEpoch": str(int(now.timestamp() * 1000)),
        "requestTime": f"{now:%d/%b/%Y:%H:%M:%S +0000}",
        "httpMethod": method,
        "path": path,
    }
    for name, value in variables.items():
        body = body.replace(f"$context.{name}".encode(), value.encode())
    return body
