"""How we prove to a receiver who we are, beside the signature: the spec's `authentication`."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from orchestrator.domain.errors import InvalidRequest

FIELD = "authentication"
LONGEST_CREDENTIAL = 1024
DEFAULT_API_KEY_HEADER = "X-API-Key"
DEFAULT_HMAC_HEADER = "X-Webhook-Signature"
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
_RESERVED = frozenset(
    {
        *("host", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection"),
        *("keep-alive", "te", "trailer", "upgrade", "expect", "user-agent"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
    }
)


class AuthType(StrEnum):
    """Ways of authentication."""

    BEARER_TOKEN = "bearer_token"  # noqa: S105 - the name of a scheme
    BASIC = "basic"
    API_KEY = "api_key"
    HMAC = "hmac"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class _Fields:
    """Credentials of one scheme: those that must be there, and the optional ones with their values."""

    required: tuple[str, ...] = ()
    optional: Mapping[str, str] = field(default_factory=dict[str, str])


_FIELDS: Mapping[AuthType, _Fields] = {
    AuthType.BEARER_TOKEN: _Fields(("token",)),
    AuthType.BASIC: _Fields(("username", "password")),
    AuthType.API_KEY: _Fields(("key",), {"header": DEFAULT_API_KEY_HEADER}),
    AuthType.HMAC: _Fields(("secret",), {"header": DEFAULT_HMAC_HEADER}),
    AuthType.NONE: _Fields(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """A scheme with its credentials, which appear in no representation."""

    auth_type: AuthType = AuthType.NONE
    credentials: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers that authenticate a request with this body.

        `hmac` is the SHA-256 of the body in hexadecimal, `sha256=<digest>`.
        """
        given = self.credentials
        match self.auth_type:
            case AuthType.BEARER_TOKEN:
                return {"Authorization": f"Bearer {given['token']}"}
            case AuthType.BASIC:
                pair = f"{given['username']}:{given['password']}".encode()
                return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
            case AuthType.API_KEY:
                return {given["header"]: given["key"]}
            case AuthType.HMAC:
                digest = hmac.new(given["secret"].encode(), body, hashlib.sha256).hexdigest()
                return {given["header"]: f"sha256={digest}"}
            case AuthType.NONE:
                return {}


def authentication(auth_type: str, credentials: Mapping[str, str]) -> Authentication:
    """Check what a caller gave.

    Raises:
        InvalidRequest: the field below `authentication` is unknown, missing, unprintable or too long.
    """
    kind = _kind(auth_type)
    known = _FIELDS[kind]
    for name in credentials:
        if name not in known.required and name not in known.optional:
            raise _invalid(name, f"is not a credential of {kind}")
    for name in known.required:
        if not credentials.get(name):
            raise _invalid(name, f"is required for {kind}")
    complete = {**known.optional, **credentials}
    for name, value in complete.items():
        _check(name, value)
    if kind is AuthType.BASIC and ":" in complete["username"]:
        raise _invalid("username", "must not contain a colon (RFC 7617)")
    return Authentication(auth_type=kind, credentials=complete)


def _kind(auth_type: str) -> AuthType:
    try:
        return AuthType(auth_type)
    except ValueError:
        raise InvalidRequest(f"{FIELD}.auth_type", f"must be one of {', '.join(AuthType)}") from None


def _check(name: str, value: str) -> None:
    if len(value) > LONGEST_CREDENTIAL:
        raise _invalid(name, f"must have at most {LONGEST_CREDENTIAL} characters")
    if not value.isascii() or not value.isprintable():
        raise _invalid(name, "must consist of printable ASCII characters")
    if name == "header" and (not _TOKEN.fullmatch(value) or value.lower() in _RESERVED):
        raise _invalid(name, "must be the name of a header that a client may set")


def _invalid(name: str, reason: str) -> InvalidRequest:
    return InvalidRequest(f"{FIELD}.credentials.{name}", reason)
