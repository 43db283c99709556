"""Who gets a task: the least loaded of those who can do it and can take it now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain.assignment import Assignee
from orchestrator.domain.resources.agent import Agent, AgentStatus, Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What a task asks of who does it: all `capabilities`, and where given one of the groups, one of the users."""

    capabilities: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def are_met_by(self, agent: Agent) -> bool:
        """Tell whether an agent may do it, whenever it can."""
        if not set(self.capabilities) <= set(agent.capabilities):
            return False
        if self.users and agent.id in self.users:
            return True
        if self.groups:
            return not set(self.groups).isdisjoint(agent.groups)
        return not self.users


def able(agents: Iterable[Agent], wanted: Requirements, at: datetime) -> tuple[Agent, ...]:
    """Those who may do the work and are there."""
    return tuple(agent for agent in agents if wanted.are_met_by(agent) and agent.is_reachable(at))


def least_loaded(agents: Sequence[Agent], workloads: Mapping[str, Workload], at: datetime) -> Agent | None:
    """Of the available ones the one with the smallest share of its capacity in use; None: nobody is available.

    Between equals: fewer tasks, then the id, so that the choice does not depend on the order.
    """

    def load(agent: Agent) -> tuple[float, int, str]:
        tasks = workloads[agent.id].open_tasks
        return tasks / agent.max_concurrent_tasks, tasks, agent.id

    available = (agent for agent in agents if agent.standing(workloads[agent.id], at) is AgentStatus.AVAILABLE)
    return min(available, key=load, default=None)


def first_available(agents: Sequence[Agent], workloads: Mapping[str, Workload], at: datetime) -> Agent | None:
    """The first in their order that is available; None: nobody is."""
    there = (agent for agent in agents if agent.standing(workloads[agent.id], at) is AgentStatus.AVAILABLE)
    return next(there, None)


def as_assignee(agent: Agent) -> Assignee:
    """The agent as a performer of tasks."""
    return Assignee(agent_type=agent.agent_type, agent_id=agent.id)
