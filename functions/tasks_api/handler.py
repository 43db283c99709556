"""Lambda entry point: tasks_api."""

from orchestrator.api.routes.tasks import handler

__all__ = ["handler"]
