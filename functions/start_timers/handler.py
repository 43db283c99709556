"""Lambda entry point: timers that start instances."""

from orchestrator.workers.start_timers import handler

__all__ = ["handler"]
