"""Modelled headers (`to:header`) of a service task: which of them can be headers of the request (RFC 9110, section 5).

All of them are in the body of the request; these are its headers as well.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
_LONGEST_VALUE: Final = 1024
#: what the request itself needs, what proves who we are, and what belongs to the connection
_OURS: Final = frozenset(
    {
        *("content-type", "content-length", "content-encoding", "transfer-encoding", "host", "user-agent"),
        *("idempotency-key", "x-correlation-id", "x-task-attempt", "authorization", "cookie", "x-api-key"),
        *("connection", "keep-alive", "te", "trailer", "upgrade", "expect", "proxy-authorization", "proxy-connection"),
    }
)


def sendable(headers: Mapping[str, str], *, beside: Iterable[str] = ()) -> dict[str, str]:
    """Those with a name that a model may set and a value that can stand in a header; of equal names the last.

    `beside` are the names of headers that the request has already.
    """
    taken = _OURS.union(name.lower() for name in beside)
    legal = {name: value for name, value in headers.items() if _NAME.fullmatch(name) and _is_text(value)}
    unique = {name.lower(): (name, value) for name, value in legal.items() if name.lower() not in taken}
    return dict(unique.values())


def _is_text(value: str) -> bool:
    return value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALUE
