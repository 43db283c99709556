"""Lambda entry point: projector."""

from orchestrator.workers.projector import handler

__all__ = ["handler"]
