"""Lambda entry point: authorizer."""

from orchestrator.api.authorizer import handler

__all__ = ["handler"]
