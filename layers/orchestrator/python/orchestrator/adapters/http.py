"""Requests to receivers of webhooks, which anybody may name: to checked addresses only.

The host is resolved once, all its addresses are checked, and the connection is made to one that was checked
(so a name that changes its address in between gains nothing). TLS still names and verifies the host.
"""

import concurrent.futures
import functools
import http.client
import math
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from orchestrator.domain.webhooks.delivery import HTTP_REDIRECT, Answer, AttemptError
from orchestrator.domain.webhooks.target import ForbiddenTarget, Target, TargetRules, is_literal
from orchestrator.ports.events import Resolver

BODY_KEPT: Final = 2048
DETAIL_KEPT: Final = 300
_HTTP_ERROR: Final = 400
#: digits of a number of seconds that are read: three centuries
_LONGEST_NUMBER: Final = 10
_USER_AGENT: Final = "task-orchestrator-webhooks/1"
_RESOLVERS: Final = concurrent.futures.ThreadPoolExecutor(max_workers=16, thread_name_prefix="resolve")


class _Failed(Exception):  # noqa: N818 - it carries what an Answer says
    def __init__(self, error: AttemptError, detail: object) -> None:
        self.error, self.detail = error, str(detail)[:DETAIL_KEPT]
        super().__init__(self.detail)


@dataclass(frozen=True, slots=True)
class _Message:
    method: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    status: int
    text: str
    retry_after: str | None


@dataclass(frozen=True, slots=True)
class SystemResolver:
    """The resolver of the operating system; answers within `seconds` or as if there was no such host."""

    seconds: float = 3.0

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """All addresses of a host now; none where it does not resolve."""
        if is_literal(host):
            return (host,)
        asked = _RESOLVERS.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = asked.result(self.seconds)
        except (OSError, UnicodeError, concurrent.futures.TimeoutError):
            return ()
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpWebhookSender:
    """POSTs and GETs; `seconds` is the limit for a whole attempt, from the name's resolution to the answer's last byte.

    Of the answer `body_kept` bytes are read.
    """

    rules: TargetRules
    resolver: Resolver
    seconds: float
    tls: ssl.SSLContext | None = None
    body_kept: int = BODY_KEPT

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request; a redirect is a failure, and so is everything but a 2xx."""
        return self._asked(url, _Message("POST", headers, body))

    def get(self, url: str) -> Answer:
        """One request without anything to say; failures as in `post`."""
        return self._asked(url, _Message("GET", {}))

    def _asked(self, url: str, message: _Message) -> Answer:
        started = time.monotonic()
        try:
            said = self._exchange(url, message, started + self.seconds)
        except _Failed as failure:
            return Answer(duration_ms=_since(started), error=failure.error, detail=failure.detail)
        return Answer(
            duration_ms=_since(started),
            status_code=said.status,
            body=said.text,
            error=_error_of(said.status),
            retry_after=retry_after(said.retry_after, datetime.now(UTC)),
        )

    def _exchange(self, url: str, message: _Message, deadline: float) -> _Said:
        target = self.rules.parse(url)
        addresses = self.resolver.addresses(target.host, target.port)
        if not addresses:
            raise _Failed(AttemptError.UNRESOLVED_HOST, f"{target.host} does not resolve")
        try:
            self.rules.check(target, addresses)
        except ForbiddenTarget as error:
            raise _Failed(AttemptError.FORBIDDEN_ADDRESS, error) from None
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = self._connect(target, addresses, deadline)
        return _talk(connection, target, message, deadline=deadline, kept=self.body_kept)

    def _connect(self, target: Target, addresses: Sequence[str], deadline: float) -> socket.socket:
        try:
            plain = _first_that_answers(addresses, target.port, deadline)
            plain.settimeout(_left(deadline))
            if target.scheme == "http":
                return plain
            return (self.tls or _default_tls()).wrap_socket(plain, server_hostname=target.host)
        except TimeoutError as error:
            raise _Failed(AttemptError.TIMEOUT, "no connection within the time limit") from error
        except ssl.SSLError as error:
            raise _Failed(AttemptError.TLS, error.reason or error) from error
        except OSError as error:
            raise _Failed(AttemptError.CONNECTION, error.strerror or error) from error


def _first_that_answers(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    """Connect to one of the addresses, in their order. Raises OSError of the last."""
    problem: OSError = OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=_left(deadline))
        except OSError as error:
            problem = error
    raise problem


def _talk(
    connection: http.client.HTTPConnection, target: Target, message: _Message, *, deadline: float, kept: int
) -> _Said:
    """Send and read; the alarm ends a receiver that drips byte by byte below the socket's own time limit."""
    rang = threading.Event()
    alarm = threading.Timer(_left(deadline), _cut, (connection.sock, rang))
    alarm.daemon = True
    alarm.start()
    fixed = {"Host": target.authority, "User-Agent": _USER_AGENT, "Connection": "close"}
    try:
        connection.request(message.method, target.resource, body=message.body, headers={**message.headers, **fixed})
        response = connection.getresponse()
        text = response.read(kept).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        raise _failure(error, late=rang.is_set()) from error
    finally:
        alarm.cancel()
        connection.close()
    if rang.is_set():  # what was read is only what there was when the connection was cut
        raise _failure(TimeoutError(), late=True)
    return _Said(status=response.status, text=text, retry_after=response.headers.get("Retry-After"))


def retry_after(header: str | None, now: datetime) -> int | None:
    """The seconds that a `Retry-After` header asks for (RFC 9110, section 10.2.3); None for none that is legible."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:_LONGEST_NUMBER])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, math.ceil((aware - now).total_seconds()))


def _failure(error: Exception, *, late: bool) -> _Failed:
    if late or isinstance(error, TimeoutError):
        return _Failed(AttemptError.TIMEOUT, "no complete answer within the time limit")
    if isinstance(error, http.client.RemoteDisconnected | OSError):
        return _Failed(AttemptError.CONNECTION, error)
    return _Failed(AttemptError.PROTOCOL, f"{type(error).__name__}: {error}")


def _cut(connected: socket.socket, rang: threading.Event) -> None:
    rang.set()
    try:
        socket.socket.shutdown(connected, socket.SHUT_RDWR)  # below TLS, whose own shutdown is not for other threads
    except OSError:  # it is closed already
        return


def _error_of(status: int) -> AttemptError | None:
    if status < HTTP_REDIRECT:
        return None
    return AttemptError.REDIRECT if status < _HTTP_ERROR else AttemptError.STATUS


def _left(deadline: float) -> float:
    """Seconds until the deadline. Raises TimeoutError when it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


@functools.cache
def _default_tls() -> ssl.SSLContext:
    return ssl.create_default_context()
