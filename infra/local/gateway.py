"""The ASGI application of the process: which port a request came in on says whom it is for.

The API port serves the deployed REST API at its root. The AWS port is for SDKs only: it can run code, so no web page
may reach it, neither by a cross-origin request nor by a name that was made to resolve to this machine.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from infra.local.api_errors import REQUEST
from infra.local.compression import with_gzip
from infra.local.emulator import application, service
from infra.local.logs import LOG
from infra.local.settings import LocalSettings
from infra.local.step_functions import StepFunctions, StepFunctionsError
from infra.local.step_functions.in_process import refusal_response, response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

_LOOPBACK = {b"localhost", b"127.0.0.1", b"[::1]"}
_STATES = b"AWSStepFunctions."
_STAGE = "v1"


class Gateway:
    """`requested` is called with the operation of each request on the AWS port, before it is handled."""

    def __init__(self, settings: LocalSettings, states: StepFunctions, requested: Callable[[str], None]) -> None:
        self._settings = settings
        self._states = states
        self._requested = requested

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection event of the server."""
        if scope["type"] == "lifespan":
            await application().app(scope, receive, send)
        elif scope["type"] == "http":
            at_api = scope["server"][1] == self._settings.api_port
            await (self._api if at_api else self._aws)(scope, receive, send)

    async def _api(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_loopback(dict(scope["headers"])):
            await _answer(send, 403, _error("FORBIDDEN", "This Host is not served."))
            return
        api = self._api_of_stage()
        if api is None:
            await _answer(send, 503, _error("NOT_DEPLOYED", "The stack is being deployed."))
            return
        prefix = f"/_aws/execute-api/{api['id']}/{_STAGE}"
        raw = scope.get("raw_path") or scope["path"].encode()
        inner = {**scope, "path": prefix + scope["path"], "raw_path": prefix.encode() + raw}
        REQUEST.set((scope["method"], f"/{_STAGE}{raw.decode('ascii', errors='replace')}"))
        least, serve = api.get("minimumCompressionSize"), application().app
        if least is not None:
            serve = with_gzip(serve, least=int(least))
        await serve(inner, receive, _logged(scope, send))

    def _api_of_stage(self) -> dict[str, Any] | None:
        apis = service("apigateway_v1")._rest_apis._data.values()  # noqa: SLF001 - asked for every request
        return next((api for api in apis if api["name"] == self._settings.prefix), None)

    async def _aws(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if b"origin" in headers or b"sec-fetch-site" in headers or not _is_loopback(headers):
            await _answer(send, 403, b"")
            return
        if scope["path"].startswith("/_ministack/"):
            await _answer(send, 404, b"")
            return
        target = headers.get(b"x-amz-target", b"")
        self._requested(target.decode() or f"{scope['method']} {scope['path']}")
        if target.startswith(_STATES):
            await self._step_functions(target.removeprefix(_STATES).decode(), receive, send)
        else:
            await application().app(scope, receive, send)

    async def _step_functions(self, action: str, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        try:
            found = await asyncio.wrap_future(self._states.submit(action, json.loads(body or b"{}")))
            status, headers, payload = response(200, found)
        except StepFunctionsError as refusal:
            status, headers, payload = refusal_response(refusal)
        except ValueError as error:
            refusal = StepFunctionsError("SerializationException", str(error))
            status, headers, payload = refusal_response(refusal)
        await _answer(send, status, payload, headers)


def _logged(scope: Scope, send: Send) -> Send:
    """Write one line for the request when its answer begins."""
    started = time.perf_counter()

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            milliseconds = (time.perf_counter() - started) * 1000
            LOG.info("%s %s %d %.0f ms", scope["method"], scope["path"], message["status"], milliseconds)
        await send(message)

    return sending


def _is_loopback(headers: dict[bytes, bytes]) -> bool:
    host = headers.get(b"host", b"")
    name = host if host.endswith(b"]") else host.rpartition(b":")[0] or host
    return name in _LOOPBACK


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _error(code: str, message: str) -> bytes:
    return json.dumps({"error": {"code": code, "message": message}}).encode()


async def _answer(send: Send, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
    sent = {"content-type": "application/json", **{name.lower(): value for name, value in (headers or {}).items()}}
    encoded = [(name.encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
