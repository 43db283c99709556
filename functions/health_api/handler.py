"""Lambda entry point: health_api."""

from orchestrator.api.routes.health import handler

__all__ = ["handler"]
