"""What is asked for many instances at once, and how it is left to the worker."""

from dataclasses import dataclass
from enum import StrEnum

from orchestrator.domain.caller import Caller
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.priority import Priority


class Action(StrEnum):
    """What is done to each instance."""

    CANCEL = "cancel"
    PRIORITISE = "prioritise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """An action, why, and the `priority` that PRIORITISE gives."""

    action: Action
    reason: str | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One message of work: a few instances, and who asked."""

    steering: Steering
    caller: Caller
    instance_ids: tuple[InstanceId, ...]
