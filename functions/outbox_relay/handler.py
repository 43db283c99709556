"""Lambda entry point: outbox_relay."""

from orchestrator.workers.outbox_relay import handler

__all__ = ["handler"]
