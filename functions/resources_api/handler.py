"""Lambda entry point: resources_api."""

from orchestrator.api.routes.resources import handler

__all__ = ["handler"]
