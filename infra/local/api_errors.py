"""REST API: what API Gateway answers when a function raises, or answers no HTTP response.

The endpoint shows the exception to the caller, or the raw answer with status 200; API Gateway answers with the
gateway response DEFAULT_5XX of the API. Source: API Gateway developer guide, "Handle Lambda errors".
"""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import json
from typing import Any

from infra.local.emulator import service

_MESSAGE = "Internal server error"


def install() -> None:
    """Answer as API Gateway does."""
    rest = service("apigateway_v1")
    shaped, invoke = rest._lambda_proxy_response, rest._invoke_lambda_proxy_v1
    refused = json.dumps({"message": _MESSAGE}).encode()

    def proxy_response(result: dict[str, Any]) -> Any:
        body = result.get("body")
        is_response = isinstance(body, dict) and "statusCode" in body
        if result.get("throttle") or (is_response and not result.get("error")):
            return shaped(result)
        return None, _MESSAGE

    async def invoke_proxy(*arguments: Any, **more: Any) -> Any:
        answer = await invoke(*arguments, **more)
        if isinstance(answer, tuple) and (answer[0], answer[2]) == (502, refused):
            return rest._gw_error("DEFAULT_5XX", _MESSAGE)
        return answer

    rest._lambda_proxy_response, rest._invoke_lambda_proxy_v1 = proxy_response, invoke_proxy
