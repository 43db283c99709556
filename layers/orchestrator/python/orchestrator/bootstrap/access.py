"""Who may come in."""

from functools import cache
from typing import TYPE_CHECKING

from orchestrator.adapters.secrets import Secret
from orchestrator.bootstrap.aws import client
from orchestrator.settings import AuthorizerSettings

if TYPE_CHECKING:
    from orchestrator.adapters.tokens import TokenVerifier


def _no_secret() -> str:
    raise KeyError("JWT_SECRET_ARN")


@cache
def token_verifier() -> "TokenVerifier":
    """Who may come in."""
    from orchestrator.adapters.tokens import TokenVerifier  # noqa: PLC0415 - cryptography is slow to import

    settings = AuthorizerSettings.from_environment()
    return TokenVerifier(
        algorithm=settings.jwt_algorithm,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        secret=Secret(client("secretsmanager"), settings.jwt_secret_arn) if settings.jwt_secret_arn else _no_secret,
        jwks_url=settings.jwt_jwks_url,
    )
