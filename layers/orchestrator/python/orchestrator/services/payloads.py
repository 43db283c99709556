"""How large callers' JSON may be, and its size."""

import json
from typing import Final

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import PayloadTooLarge

#: bytes of JSON text; Step Functions carries 256 KiB per state, of which the token needs some
LIMIT: Final = 200 * 1024
#: of what an error brings to its handler, those variables that expressions of the process read: errors carry no more
READ_OF_ERROR: Final = 28 * 1024


def size_of(value: JsonObject) -> int:
    """Bytes of the value as compact JSON in UTF-8."""
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def within_limit(field: str, value: JsonObject, *, limit: int = LIMIT) -> int:
    """The size of a value that may pass.

    Raises:
        PayloadTooLarge: it exceeds the limit.
    """
    size = size_of(value)
    if size > limit:
        raise PayloadTooLarge(field, size=size, limit=limit)
    return size
