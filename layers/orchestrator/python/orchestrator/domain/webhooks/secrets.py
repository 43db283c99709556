"""What of a webhook must stay secret, as one text to be encrypted."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from orchestrator.domain.webhooks.authentication import Authentication, AuthType
from orchestrator.domain.webhooks.signature import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The keys that sign, newest first, and the credentials."""

    keys: tuple[SigningKey, ...] = field(repr=False)
    authentication: Authentication

    def to_text(self) -> str:
        """JSON."""
        keys = [
            {"secret": key.secret, "expires_at": key.expires_at.isoformat() if key.expires_at else None}
            for key in self.keys
        ]
        known = self.authentication
        return json.dumps({"keys": keys, "auth_type": known.auth_type, "credentials": dict(known.credentials)})

    @classmethod
    def from_text(cls, text: str) -> "Secrets":
        """What `to_text` wrote."""
        plain = json.loads(text)
        keys = tuple(
            SigningKey(
                secret=key["secret"],
                expires_at=datetime.fromisoformat(key["expires_at"]) if key["expires_at"] else None,
            )
            for key in plain["keys"]
        )
        known = Authentication(auth_type=AuthType(plain["auth_type"]), credentials=plain["credentials"])
        return cls(keys=keys, authentication=known)
