"""Lambda entry point: execution_watch."""

from orchestrator.workers.execution_watch import handler

__all__ = ["handler"]
