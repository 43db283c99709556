"""Start events that wait: what starts instances of a definition by itself, and by what an instance was started."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from orchestrator.domain.ids import DefinitionId, InstanceId
from orchestrator.domain.subscription import Channel, SubscriptionKind

#: where all conditional start events wait
CONDITIONS: Final = Channel(kind=SubscriptionKind.CONDITIONAL, name="")


class StartKind(StrEnum):
    """What may start an instance by itself."""

    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"
    CONDITIONAL = "conditional"


class TimerKind(StrEnum):
    """The forms of a timer's time (BPMN 2.0.2, table 10.101)."""

    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class StartTime:
    """When a timer starts instances: an ISO 8601 date, duration or repeating interval, or a cron cycle."""

    kind: TimerKind
    text: str


@dataclass(frozen=True, slots=True)
class StartCondition:
    """What has to be true of the variables of an evaluation for it to start an instance."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartEvent:
    """A start event of a published version: with the name of the message or signal, the time, or the condition."""

    element_id: str
    kind: StartKind
    name: str | None = None
    time: StartTime | None = None
    condition: StartCondition | None = None

    @property
    def channel(self) -> Channel | None:
        """Where publications find it: whatever their key, a message starts by its name. A timer is in none."""
        if self.condition is not None:
            return CONDITIONS
        return None if self.name is None else Channel(kind=SubscriptionKind(self.kind), name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSubscription:
    """A start event as it is found in a channel."""

    definition_id: DefinitionId
    element_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The start event at which an instance began, and the correlation key of the message that began it.

    As long as the instance is active, no other message with this key starts an instance of its definition.
    """

    element_id: str
    kind: StartKind
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """An instance that an event has started."""

    instance_id: InstanceId
    definition_id: DefinitionId
    element_id: str
