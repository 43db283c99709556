"""Lambda entry point: inbound_events."""

from orchestrator.workers.inbound_events import handler

__all__ = ["handler"]
