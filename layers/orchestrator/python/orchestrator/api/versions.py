"""Versions of resources on the wire: ETag, If-Match and If-None-Match (RFC 9110, sections 8.8.3, 13.1.1, 13.1.2).

An ETag is `"<version>.<digest>"`: the version moves with every change of the resource's record, and If-Match looks at
nothing else; the digest tells apart what the answer shows beside, as a load or a query parameter.
"""

import re
from dataclasses import replace
from hashlib import sha256
from typing import Final

from orchestrator.api.endpoints import Endpoint
from orchestrator.api.request import Request
from orchestrator.api.responses import Response
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.expectation import ANY, Expectation

READING: Final = frozenset({"GET", "HEAD"})
#: resources with versions: their own GET tells it
VERSIONED: Final = (
    "/workflow-definitions/{id}",
    "/workflow-instances/{id}",
    "/tasks/{id}",
    "/events/webhook/{id}",
    "/resources/agents/{id}",
    "/resources/services/{id}",
)
#: changes beside the resource's record, which have no version to be compared with
_BESIDE: Final = frozenset({"logs", "callback", "test", "redeliver", "deliveries", "heartbeat"})
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_REVALIDATED: Final = "private, no-cache"


def is_conditional(endpoint: Endpoint) -> bool:
    """Tell whether the endpoint changes a resource with a version, on condition of it where the caller wishes."""
    if endpoint.method in READING:
        return False
    return any(
        endpoint.path == path or (endpoint.path.startswith(f"{path}/") and not _BESIDE & set(endpoint.path.split("/")))
        for path in VERSIONED
    )


def expecting(request: Request, endpoint: Endpoint) -> Request:
    """The request, its caller with what If-Match expects.

    Raises:
        InvalidRequest: the header is malformed, or the endpoint changes nothing that has a version.
    """
    given = request.headers.get("if-match")
    if given is None or endpoint.method in READING:
        return request
    if not is_conditional(endpoint):
        raise InvalidRequest("If-Match", "this endpoint changes no resource that has a version")
    return replace(request, expected=Expectation(resource_id=request.id, versions=_versions(given)))


def tagged(response: Response, request: Request) -> Response:
    """The answer with its ETag; 304 without a body where the caller has it already."""
    if response.version is None:
        return response
    tag = f"{response.version}.{sha256(response.text.encode()).hexdigest()[:16]}"
    headers = {**response.headers, "ETag": f'"{tag}"', "Cache-Control": _REVALIDATED}
    known = {ANY} if (asked := request.headers.get("if-none-match", "")).strip() == ANY else set(_tags(asked))
    if request.method in READING and known & {tag, ANY}:
        return Response(304, None, headers)
    return replace(response, headers=headers)


def _versions(given: str) -> frozenset[str]:
    if given.strip() == ANY:
        return frozenset({ANY})
    if not re.fullmatch(rf"\s*{_TAG.pattern}(\s*,\s*{_TAG.pattern})*\s*", given):
        raise InvalidRequest("If-Match", 'must be * or entity tags such as "12.0123456789abcdef"')
    # weak tags never match (RFC 9110, 13.1.1)
    return frozenset(tag.partition(".")[0] for weak, tag in _TAG.findall(given) if not weak)


def _tags(given: str) -> list[str]:
    return [tag for _, tag in _TAG.findall(given)]
