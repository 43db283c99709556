"""Chooses performers among the registered agents (docs/resources.md)."""

from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain.assignment import Assignee, Assignment, AssignmentMethod
from orchestrator.domain.errors import NotFound
from orchestrator.domain.resources.agent import Agent
from orchestrator.domain.resources.choice import Requirements, able, as_assignee, first_available, least_loaded
from orchestrator.ports.resources import AgentStore


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChoice:
    """Reads the roster and decides. Loads are those of a moment ago: two choices at once may take the same agent."""

    agents: AgentStore

    def by_capability(self, wanted: Requirements, at: datetime) -> Assignment | None:
        """The least loaded available agent that meets the requirements; None: there is none now."""
        candidates = able(self.agents.all(), wanted, at)
        chosen = least_loaded(candidates, self.agents.workloads([agent.id for agent in candidates]), at)
        return None if chosen is None else _assigned(chosen, AssignmentMethod.CAPABILITY, at)

    def instead_of(self, named: Assignee, method: AssignmentMethod, at: datetime) -> Assignment:
        """Who was named, unless that is a registered agent that is not there, and a fallback of it is available."""
        given = Assignment(assigned_to=named, assignment_method=method, assigned_at=at)
        agent = self._registered(named)
        if agent is None:
            return given
        known = Assignment(assigned_to=as_assignee(agent), assignment_method=method, assigned_at=at)
        return known if agent.is_reachable(at) else self.fallback(agent, at) or known

    def fallback(self, agent: Agent, at: datetime) -> Assignment | None:
        """The first available one of an agent's fallbacks; None: nobody is."""
        if not agent.fallback_agents:
            return None
        registered = {other.id: other for other in self.agents.all()}
        others = [registered[name] for name in agent.fallback_agents if name in registered]
        chosen = first_available(others, self.agents.workloads([other.id for other in others]), at)
        return None if chosen is None else _assigned(chosen, AssignmentMethod.FALLBACK, at)

    def _registered(self, named: Assignee) -> Agent | None:
        if named.agent_id is None:
            return None
        try:
            return self.agents.load(named.agent_id)
        except NotFound:
            return None


def _assigned(agent: Agent, method: AssignmentMethod, at: datetime) -> Assignment:
    return Assignment(assigned_to=as_assignee(agent), assignment_method=method, assigned_at=at)
