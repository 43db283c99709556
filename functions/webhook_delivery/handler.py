"""Lambda entry point: webhook_delivery."""

from orchestrator.workers.webhook_delivery import handler

__all__ = ["handler"]
