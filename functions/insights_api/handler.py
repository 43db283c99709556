"""Lambda entry point: insights_api."""

from orchestrator.api.routes.insights import handler

__all__ = ["handler"]
