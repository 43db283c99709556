"""Lambda entry point: service_call."""

from orchestrator.workers.service_call import handler

__all__ = ["handler"]
