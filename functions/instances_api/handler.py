"""Lambda entry point: instances_api."""

from orchestrator.api.routes.ad_hoc import handler

__all__ = ["handler"]
