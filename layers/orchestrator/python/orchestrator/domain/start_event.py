"""Start events that wait: what starts instances of a definition by itself, and by what an instance was started."""

from dataclasses import dataclass
from enum import StrEnum

from orchestrator.domain.ids import DefinitionId, InstanceId
from orchestrator.domain.subscription import Channel, SubscriptionKind


class StartKind(StrEnum):
    """What may start an instance by itself."""

    MESSAGE = "message"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartEvent:
    """A start event of a published version; `name` is that of the message or signal."""

    element_id: str
    kind: StartKind
    name: str

    @property
    def channel(self) -> Channel:
        """Where publications find it: whatever their key, a message starts by its name."""
        return Channel(kind=SubscriptionKind(self.kind), name=self.name)


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
    """An instance that a message or signal has started."""

    instance_id: InstanceId
    definition_id: DefinitionId
    element_id: str
