"""Answers and bodies of the REST API in gzip, as API Gateway has them from `minimumCompressionSize` on.

The endpoint leaves both as they are. Source: API Gateway developer guide, "Payload compression for REST APIs".
"""

import gzip
import json
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Message = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

#: bytes that API Gateway takes of a body
LARGEST_BODY: Final = 10 * 1024 * 1024
_ENCODING: Final = b"content-encoding"
_LENGTH: Final = b"content-length"


def with_gzip(application: Application, *, least: int) -> Application:
    """The application, for callers that send gzip or take it; `least` is the API's `minimumCompressionSize`."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if takes_gzip(headers):
            send = compressing(send, least=least)
        if headers.get(_ENCODING) != b"gzip":
            await application(scope, receive, send)
            return
        try:
            body = unpacked(await _whole(receive))
        except ValueError as error:
            await _refuse(send, str(error))
            return
        await application(_plain(scope, len(body)), _one_part(body, receive), send)

    return serve


async def _whole(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _plain(scope: Message, length: int) -> Message:
    named = [(name, value) for name, value in scope["headers"] if name not in {_ENCODING, _LENGTH}]
    return {**scope, "headers": [*named, (_LENGTH, b"%d" % length)]}


def _one_part(body: bytes, receive: Receive) -> Receive:
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Any:
        return parts.pop() if parts else await receive()

    return receiving


async def _refuse(send: Send, reason: str) -> None:
    details = {"field": "body", "reason": reason}
    error = {"error": {"code": "INVALID_REQUEST", "message": "Invalid request", "details": details}}
    start = {"type": "http.response.start", "status": 400, "headers": [(b"content-type", b"application/json")]}
    await send(start)
    await send({"type": "http.response.body", "body": json.dumps(error).encode()})


def takes_gzip(headers: dict[bytes, bytes]) -> bool:
    """Tell whether the caller takes gzip (RFC 9110, 12.5.3): it is named, and not with the weight 0."""
    named = (part.replace(b" ", b"").partition(b";") for part in headers.get(b"accept-encoding", b"").split(b","))
    return any(coding.lower() in {b"gzip", b"*"} and not _is_none(weight) for coding, _, weight in named)


def _is_none(weight: bytes) -> bool:
    return weight.startswith(b"q=0") and not weight.strip(b"q=0.")


def compressing(send: Send, *, least: int) -> Send:
    """Send answers of `least` bytes and more in gzip; an answer goes out when it is whole."""
    begun: list[Message] = []
    chunks: list[bytes] = []

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            begun.append(message)
            return
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            headers, body = _compressed(begun[0].get("headers", []), b"".join(chunks), least)
            await send({**begun[0], "headers": headers})
            await send({"type": "http.response.body", "body": body})

    return sending


def _compressed(headers: Headers, body: bytes, least: int) -> tuple[Headers, bytes]:
    names = {name.lower() for name, _ in headers}
    if len(body) < least or _ENCODING in names:
        return headers, body
    packed = gzip.compress(body, mtime=0)
    kept = [(name, value) for name, value in headers if name.lower() != _LENGTH]
    return [*kept, (_ENCODING, b"gzip"), (_LENGTH, b"%d" % len(packed))], packed


def unpacked(body: bytes) -> bytes:
    """The body that was sent in gzip.

    Raises:
        ValueError: it is no gzip, is cut off, or becomes larger than API Gateway takes.
    """
    if not body:
        return body
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        whole = reader.decompress(body, LARGEST_BODY)
    except zlib.error as error:
        raise ValueError(f"is no gzip: {error}") from None
    if not reader.eof:
        raise ValueError("is cut off, or larger than API Gateway takes")
    return whole
