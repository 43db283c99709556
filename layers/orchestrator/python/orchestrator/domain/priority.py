"""Priorities of instances and tasks."""

from enum import StrEnum


class Priority(StrEnum):
    """In rising order of urgency."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
