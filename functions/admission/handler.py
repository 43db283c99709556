"""Lambda entry point: admission."""

from orchestrator.workers.admission import handler

__all__ = ["handler"]
