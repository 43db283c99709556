"""Signatures of the Standard Webhooks scheme (github.com/standard-webhooks, spec version 1): symmetric keys.

A key is `whsec_` and 24 to 64 random bytes in base64. What is signed is `<id>.<timestamp>.<body>`; the header
carries one `v1,<base64 of HMAC-SHA256>` per key, so that a receiver may go on with the old key during a rotation.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from orchestrator.domain.errors import InvalidRequest

PREFIX = "whsec_"
FIELD = "signing_secret"
KEY_BYTES = 32
SHORTEST_KEY, LONGEST_KEY = 24, 64
#: how long a replaced key goes on signing
DEFAULT_OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)
#: keys that sign at once, at most
MOST_KEYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key in its written form; it signs until `expires_at` (None: until it is replaced)."""

    secret: str = field(repr=False)
    expires_at: datetime | None = None

    @property
    def key(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.secret.removeprefix(PREFIX))


def from_bytes(random: bytes) -> SigningKey:
    """A key from fresh random bytes."""
    return SigningKey(secret=PREFIX + base64.b64encode(random).decode())


def from_text(secret: str) -> SigningKey:
    """A key that a caller brings.

    Raises:
        InvalidRequest: field `signing_secret`: not `whsec_` and the base64 of 24 to 64 bytes.
    """
    try:
        size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if not secret.startswith(PREFIX) or not SHORTEST_KEY <= size <= LONGEST_KEY:
        raise InvalidRequest(FIELD, f"must be {PREFIX} and the base64 of {SHORTEST_KEY} to {LONGEST_KEY} bytes")
    return SigningKey(secret=secret)


def rotate(keys: Sequence[SigningKey], new: SigningKey, *, now: datetime, overlap: timedelta) -> tuple[SigningKey, ...]:
    """Put a new key in front; the others sign on for `overlap` at most."""
    end = now + overlap
    old = (
        SigningKey(secret=key.secret, expires_at=min(end, key.expires_at or end))
        for key in keys
        if key.expires_at is None or key.expires_at > now
    )
    kept = [key for key in old if key.expires_at is not None and key.expires_at > now]
    return (new, *kept[: MOST_KEYS - 1])


def headers(keys: Sequence[SigningKey], *, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a signed message; `message_id` stays the same over all attempts."""
    timestamp = str(int(now.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    valid = [key for key in keys if key.expires_at is None or key.expires_at > now]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_sign(key.key, content) for key in valid),
    }


def _sign(key: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
