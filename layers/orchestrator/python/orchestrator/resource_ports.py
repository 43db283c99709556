"""What the use cases of agents and services need from outside, as Protocols (see `ports`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orchestrator.domain.events import Event
from orchestrator.domain.resources.agent import Agent, AgentId, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTransition:
    """`before` None: the agent is new; `after` None: it is removed."""

    before: Agent | None
    after: Agent | None
    event: Event


class AgentStore(Protocol):
    """Registered agents, and the workload that is counted with their tasks."""

    def load(self, agent_id: str) -> Agent:
        """Raises NotFound."""
        ...

    def all(self) -> tuple[Agent, ...]:
        """Every agent, by id."""
        ...

    def workloads(self, performers: Sequence[str]) -> Mapping[str, Workload]:
        """Open tasks of performers (agent ids or service names), each once."""
        ...

    def commit(self, transition: AgentTransition) -> None:
        """Write in one transaction. Raises StaleRecord."""
        ...

    def beat(self, agent_id: AgentId, *, at: datetime) -> None:
        """Note a sign of life; of one that is gone nothing is noted."""
        ...
