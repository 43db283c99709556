"""The Lambda authorizer: verifies bearer tokens, hands their claims to the functions (docs/design-notes.md, 6)."""

from collections.abc import Mapping
from typing import Any, cast

from orchestrator.bootstrap.access import token_verifier
from orchestrator.observability import logger

LONGEST_TOKEN = 8192
_SCHEME = "bearer "


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Answer an Allow policy for the whole API, with the caller's claims as context.

    Raises:
        Exception: `Unauthorized`, which API Gateway turns into the spec's 401.
    """
    claims = claims_of(event)
    if claims is None:
        raise Exception("Unauthorized")  # noqa: TRY002 - the text is API Gateway's protocol
    context = {"subject": claims["sub"], "permissions": " ".join(permissions_of(claims))}
    projects = claims.get("project_ids")
    if projects is not None:
        context["project_ids"] = " ".join(projects)
    return {"principalId": claims["sub"], "policyDocument": _allow(event["methodArn"]), "context": context}


def claims_of(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The claims of the request's bearer token; None where it has none that is valid."""
    header = _header(event)
    if not header.lower().startswith(_SCHEME) or len(header) > LONGEST_TOKEN:
        return None
    claims = token_verifier().verify(header[len(_SCHEME) :].strip())
    if claims is None or not _well_formed(claims):
        logger.info("token refused")
        return None
    return claims


def _header(event: Mapping[str, Any]) -> str:
    headers: Mapping[str, str] = event.get("headers") or {}
    return next((value for name, value in headers.items() if name.lower() == "authorization"), "")


def _well_formed(claims: Mapping[str, Any]) -> bool:
    """Claims that we read have the types that we expect."""
    if not all(_are_words(claims.get(name, [])) for name in ("permissions", "project_ids")):
        return False
    return isinstance(claims.get("scope", ""), str) and isinstance(claims["sub"], str) and bool(claims["sub"])


def _are_words(value: Any) -> bool:
    """A list of texts without spaces: joined by spaces they are told apart again."""
    return isinstance(value, list) and all(
        isinstance(item, str) and item.split() == [item] for item in cast("list[Any]", value)
    )


def permissions_of(claims: Mapping[str, Any]) -> list[str]:
    """What the token's holder may do, from `permissions` and `scope`."""
    return sorted({*claims.get("permissions", []), *claims.get("scope", "").split()})


def _allow(method_arn: str) -> dict[str, Any]:
    """The result is cached per token, so it must hold for every route: the functions check permissions."""
    api_and_stage = "/".join(method_arn.split("/")[:2])
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": f"{api_and_stage}/*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
