"""Lambda entry point: instances_api."""

from orchestrator.api.routes.instances import handler

__all__ = ["handler"]
