"""Who performs a task."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AgentType(StrEnum):
    """Kinds of performers."""

    HUMAN = "human"
    AI = "ai"
    SERVICE = "service"


class AssignmentMethod(StrEnum):
    """How a performer came to a task."""

    AUTOMATIC = "automatic"
    INITIAL = "initial_assignment"
    CAPABILITY = "capability_match"
    FALLBACK = "fallback"
    SELF = "self_assignment"
    MANUAL = "manual_reassignment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignee:
    """A person or AI agent (`agent_id`) or a service (`service_name`, `endpoint`)."""

    agent_type: AgentType
    agent_id: str | None = None
    service_name: str | None = None
    endpoint: str | None = None

    @property
    def key(self) -> str:
        """The name under which this performer's tasks are listed and counted."""
        return self.agent_id or self.service_name or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A performer, how it was chosen, and when."""

    assigned_to: Assignee
    assignment_method: AssignmentMethod
    assigned_at: datetime
