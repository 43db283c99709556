"""Who may call the local API: a signing secret of this checkout, and tokens signed with it."""

import os
import secrets
import time
from collections.abc import Sequence
from typing import Any

import jwt

from infra.config import stage_config
from infra.local.settings import LocalSettings
from orchestrator.api.endpoints import Permission

_SECRET_BYTES = 48


def signing_secret(settings: LocalSettings) -> str:
    """The secret, made at the first call; only the user can read its file."""
    settings.state.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(settings.secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return settings.secret.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(_SECRET_BYTES))
    return settings.secret.read_text().strip()


def token(
    settings: LocalSettings,
    *,
    subject: str = "local",
    permissions: Sequence[str] | None = None,
    projects: Sequence[str] = (),
    expires: int = 24 * 3600,
) -> str:
    """A bearer token; all permissions when none are named, all projects likewise."""
    now = int(time.time())
    identity = stage_config(stage=settings.stage).identity
    claims: dict[str, Any] = {
        "sub": subject,
        "iss": identity.issuer,
        "aud": identity.audience,
        "iat": now,
        "exp": now + expires,
        "permissions": [permission.value for permission in Permission] if permissions is None else list(permissions),
    }
    if projects:
        claims["project_ids"] = list(projects)
    return jwt.encode(claims, signing_secret(settings), algorithm="HS256")
