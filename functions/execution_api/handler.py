"""Lambda entry point: execution_api."""

from orchestrator.api.routes.execution import handler

__all__ = ["handler"]
