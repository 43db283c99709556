"""Tokens confined to projects, and answers that cannot be."""

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Forbidden


def require_everything(caller: Caller) -> None:
    """Statistics are not kept per project.

    Raises:
        Forbidden: the caller is confined to projects.
    """
    if caller.project_ids is not None:
        raise Forbidden("project:*", message="Statistics cover all projects; this token is confined to some")
