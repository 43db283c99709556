"""Bodies in gzip at the local gateway."""

import asyncio
import gzip
import json
from typing import Any

import pytest

from infra.local.compression import LARGEST_BODY, compressing, takes_gzip, unpacked, with_gzip

LEAST = 100


def sent(body: bytes, *headers: tuple[bytes, bytes]) -> tuple[dict[bytes, bytes], bytes]:
    """What goes out for an answer that comes in two parts."""
    out: list[Any] = []

    async def send(message: Any) -> None:
        out.append(message)

    async def answer() -> None:
        sending = compressing(send, least=LEAST)
        await sending({"type": "http.response.start", "status": 200, "headers": list(headers)})
        await sending({"type": "http.response.body", "body": body[:7], "more_body": True})
        await sending({"type": "http.response.body", "body": body[7:]})

    asyncio.run(answer())
    start, rest = out
    return dict(start["headers"]), rest["body"]


def test_from_the_least_size_on_an_answer_is_packed() -> None:
    for size, is_packed in ((LEAST - 1, False), (LEAST, True), (10_000, True)):
        body = b"x" * size
        headers, got = sent(body, (b"content-length", b"%d" % size))
        assert (headers.get(b"content-encoding") == b"gzip") is is_packed
        assert int(headers[b"content-length"]) == len(got)
        assert (gzip.decompress(got) if is_packed else got) == body


def test_what_is_encoded_already_is_left_alone() -> None:
    assert sent(b"x" * LEAST, (b"Content-Encoding", b"br"))[1] == b"x" * LEAST


@pytest.mark.parametrize(
    ("accepts", "expected"),
    [
        (b"gzip", True),
        (b"deflate, GZIP;q=0.5", True),
        (b"*", True),
        (b"gzip;q=0", False),
        (b"gzip; q=0.000", False),
        (b"gzip;q=0.01", True),
        (b"br", False),
        (b"", False),
    ],
)
def test_who_takes_gzip(accepts: bytes, *, expected: bool) -> None:
    assert takes_gzip({b"accept-encoding": accepts}) is expected


def test_bodies_are_unpacked() -> None:
    assert unpacked(gzip.compress(b'{"name":"x"}')) == b'{"name":"x"}'
    assert unpacked(b"") == b""


@pytest.mark.parametrize(
    "body",
    [b"{}", gzip.compress(b"x" * 1000)[:-5], gzip.compress(b"0" * (LARGEST_BODY + 1))],
    ids=["no gzip", "cut off", "a bomb"],
)
def test_what_cannot_be_unpacked_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"is no gzip|is cut off"):
        unpacked(body)


def echoed(body: bytes, **headers: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of an application that sends back what it got."""
    out: list[Any] = []
    parts = [{"body": body[5:]}, {"body": body[:5], "more_body": True}]

    async def receive() -> Any:
        return parts.pop()

    async def send(message: Any) -> None:
        out.append(message)

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        got = [await receive()]
        while got[-1].get("more_body"):
            got.append(await receive())
        await send({"type": "http.response.start", "status": 200, "headers": scope["headers"]})
        await send({"type": "http.response.body", "body": b"".join(part["body"] for part in got)})

    given = [(name.replace("_", "-").encode(), value) for name, value in headers.items()]
    asyncio.run(with_gzip(echo, least=LEAST)({"headers": given}, receive, send))
    start, rest = out
    return start["status"], dict(start["headers"]), rest["body"]


def test_a_body_arrives_as_it_was_before_it_was_packed() -> None:
    status, headers, body = echoed(gzip.compress(b"hello world"), content_encoding=b"gzip", content_length=b"31")
    assert (status, body, headers) == (200, b"hello world", {b"content-length": b"11"})


def test_who_neither_sends_nor_takes_gzip_meets_the_application_alone() -> None:
    assert echoed(b"x" * 500) == (200, {}, b"x" * 500)


def test_who_takes_gzip_gets_it() -> None:
    _, headers, body = echoed(b"x" * 500, accept_encoding=b"gzip")
    assert (headers[b"content-encoding"], gzip.decompress(body)) == (b"gzip", b"x" * 500)


def test_a_body_that_says_gzip_and_is_none_is_refused() -> None:
    status, _, body = echoed(b"hello world", content_encoding=b"gzip")
    assert (status, json.loads(body)["error"]["details"]["field"]) == (400, "body")
