"""Pages of list operations: `maxResults`, `nextToken`."""

from collections.abc import Sequence
from typing import Any

from infra.local.step_functions.refusals import StepFunctionsError

_PAGE = 100


def page(items: Sequence[dict[str, Any]], body: dict[str, Any], *, name: str) -> dict[str, Any]:
    """The page that the request asks for; raises StepFunctionsError InvalidToken for a foreign `nextToken`."""
    token = body.get("nextToken") or "0"
    if not token.isdigit():
        raise StepFunctionsError("InvalidToken", "Invalid Token: 'Invalid token'")
    start = int(token)
    end = start + (body.get("maxResults") or _PAGE)
    more = {"nextToken": str(end)} if end < len(items) else {}
    return {name: list(items[start:end]), **more}
