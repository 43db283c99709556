"""Lambda entry point: events_api."""

from orchestrator.api.routes.events import handler

__all__ = ["handler"]
