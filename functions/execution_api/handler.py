"""Lambda entry point: execution_api."""

from orchestrator.api.routes.messages import handler

__all__ = ["handler"]
