"""Lambda entry point: task_dispatch."""

from orchestrator.workers.task_dispatch import handler

__all__ = ["handler"]
