"""Lambda entry point: definitions_api."""

from orchestrator.api.routes.definitions import handler

__all__ = ["handler"]
