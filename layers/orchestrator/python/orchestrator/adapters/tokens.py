"""Verification of JWTs by pyjwt: one pinned algorithm, issuer and audience; everything else is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jwt

from orchestrator.domain.errors import Unavailable

_LEEWAY_SECONDS = 5
_REQUIRED = ["exp", "iss", "aud", "sub"]


@dataclass(frozen=True)
class TokenVerifier:
    """`secret` gives the shared key, for HS256; `jwks_url` names the issuer's keys, for RS256 and ES256."""

    algorithm: str
    issuer: str
    audience: str
    secret: Callable[[], str]
    jwks_url: str = ""

    def verify(self, token: str) -> Mapping[str, Any] | None:
        """The claims of a valid token; None for any other.

        Raises:
            Unavailable: the issuer's keys cannot be fetched, so nobody can tell.
        """
        try:
            return jwt.decode(
                token,
                self._key(token),
                algorithms=[self.algorithm],
                issuer=self.issuer,
                audience=self.audience,
                leeway=_LEEWAY_SECONDS,
                options={"require": _REQUIRED},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise Unavailable("the token issuer does not answer") from error
        except (jwt.PyJWTError, ValueError, TypeError):
            return None

    def _key(self, token: str) -> Any:
        if self.algorithm.startswith("HS"):
            return self.secret()
        return self._issuer_keys.get_signing_key_from_jwt(token).key

    @cached_property
    def _issuer_keys(self) -> jwt.PyJWKClient:
        return jwt.PyJWKClient(self.jwks_url, cache_keys=True, timeout=5)
