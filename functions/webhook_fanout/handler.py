"""Lambda entry point: webhook_fanout."""

from orchestrator.workers.webhook_fanout import handler

__all__ = ["handler"]
