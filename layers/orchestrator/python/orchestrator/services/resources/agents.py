"""Use cases of agents: register, look, change, report, remove."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from orchestrator.domain.assignment import AgentType
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, InvalidRequest
from orchestrator.domain.events import EventType, Happening, Subject, number
from orchestrator.domain.expectation import Versioned
from orchestrator.domain.ids import event_id
from orchestrator.domain.resources.agent import (
    DEFAULT_CAPACITY,
    Agent,
    AgentId,
    AgentStatus,
    Change,
    Expertise,
    agent_id,
    happened,
    reported,
)
from orchestrator.domain.resources.working_hours import WorkingHours
from orchestrator.ports.conflicts import StaleRecord
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.resources import AgentStore, AgentTransition
from orchestrator.services.resources.resource_views import AgentList, AgentSummary, AgentView, agent_view
from orchestrator.services.unit_of_work import decided

#: assignment looks at all of them
MOST_AGENTS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgent:
    """The body of a registration. Without an id one is made."""

    agent_type: AgentType
    name: str
    id: str | None = None
    status: AgentStatus = AgentStatus.AVAILABLE
    capabilities: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    expertise: Expertise = field(default_factory=Expertise)
    working_hours: WorkingHours | None = None
    max_concurrent_tasks: int = DEFAULT_CAPACITY
    heartbeat_seconds: int | None = None
    fallback_agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentQuery:
    """Filters of the agent list; all given ones must hold. `capabilities`: every one of them."""

    agent_type: AgentType | None = None
    status: AgentStatus | None = None
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentService:
    """The registry of agents."""

    agents: AgentStore
    clock: Clock
    ids: Ids
    pause: Pause

    def register(self, caller: Caller, new: NewAgent) -> AgentView:
        """A new agent.

        Raises:
            InvalidRequest: it falls back on itself.
            Conflict: there is one of this id, or too many.
        """
        identity, now = AgentId(new.id) if new.id else agent_id(self.ids.ulid()), self.clock.now()
        known = {agent.id for agent in self.agents.all()}
        if identity in known:
            raise _taken(identity)
        if len(known) >= MOST_AGENTS:
            raise Conflict(f"There are {MOST_AGENTS} agents already, which is the limit")
        agent = Agent(
            id=identity,
            registration=self.ids.ulid(),
            agent_type=new.agent_type,
            name=new.name,
            registered_at=now,
            updated_at=now,
            registered_by=caller.subject,
            status=new.status,
            capabilities=new.capabilities,
            groups=new.groups,
            expertise=new.expertise,
            working_hours=new.working_hours,
            max_concurrent_tasks=new.max_concurrent_tasks,
            heartbeat_seconds=new.heartbeat_seconds,
            fallback_agents=_fallbacks(identity, new.fallback_agents),
        )
        told = happened(EventType.AGENT_REGISTERED, agent, actor=caller.subject)
        try:
            self._write(caller, None, (agent, told))
        except StaleRecord:
            raise _taken(identity) from None
        return self._view(agent)

    def get(self, identity: str) -> Versioned[AgentView]:
        """An agent with its workload.

        Raises:
            NotFound: no such agent.
        """
        agent = self.agents.load(identity)
        return Versioned(value=self._view(agent), version=agent.version)

    def list(self, query: AgentQuery) -> AgentList:
        """The agents that match, by id; the summary counts all agents."""
        agents, now = self.agents.all(), self.clock.now()
        workloads = self.agents.workloads([agent.id for agent in agents])
        views = [agent_view(agent, workloads[agent.id], now) for agent in agents]
        return AgentList(agents=tuple(view for view in views if _matches(query, view)), summary=_summary(views))

    def update(self, caller: Caller, identity: str, changes: Mapping[str, Any]) -> AgentView:
        """Change the given fields.

        Raises:
            NotFound: no such agent.
            InvalidRequest: it falls back on itself.
        """
        given = dict(changes)
        if "fallback_agents" in given:
            given["fallback_agents"] = _fallbacks(AgentId(identity), given["fallback_agents"])

        def change(agent: Agent) -> Change:
            after = replace(agent, updated_at=self.clock.now(), **given)
            return after, happened(EventType.AGENT_UPDATED, after, actor=caller.subject, changed=sorted(given))

        return self._view(self._commit(caller, identity, change))

    def heartbeat(self, caller: Caller, identity: str, status: AgentStatus | None) -> AgentView:
        """A sign of life, with the status that the agent gives itself (None: what it was; back from offline).

        Raises:
            NotFound: no such agent.
        """
        now = self.clock.now()
        agent = self.agents.load(identity)
        self.agents.beat(agent.id, at=now)
        wanted = status or (AgentStatus.AVAILABLE if agent.status is AgentStatus.OFFLINE else agent.status)
        agent = replace(agent, last_heartbeat_at=now)
        if wanted is not agent.status:
            agent = self._commit(caller, identity, lambda it: self._reported(it, wanted, caller.subject))
        return self._view(agent)

    def missed(self, caller: Caller, identity: str) -> None:
        """Note that an agent has not been heard of for too long, unless it has since.

        Raises:
            NotFound: no such agent.
        """

        def commit() -> None:
            before, now = self.agents.load(identity), self.clock.now()
            if before.is_silent(now) and before.status is not AgentStatus.OFFLINE:
                after = reported(before, AgentStatus.OFFLINE, at=now, actor=None, reason="no heartbeat")
                self._write(caller, before, after)

        decided(commit, self.pause)

    def _reported(self, agent: Agent, status: AgentStatus, actor: str) -> Change:
        at = self.clock.now()
        return reported(replace(agent, last_heartbeat_at=at), status, at=at, actor=actor, reason="reported")

    def remove(self, caller: Caller, identity: str) -> None:
        """Remove an agent that has nothing left to do.

        Raises:
            NotFound: no such agent.
            Conflict: it has open tasks (details: `open_tasks`).
        """

        def commit() -> None:
            known = self.agents.load(identity)
            caller.require_version(known.id, known.version)
            agent = replace(known, updated_at=self.clock.now())
            open_tasks = self.agents.workloads([agent.id])[agent.id].open_tasks
            if open_tasks:
                raise Conflict("Agent has open tasks: reassign them first", agent_id=agent.id, open_tasks=open_tasks)
            told = happened(EventType.AGENT_REMOVED, agent, actor=caller.subject)
            self.agents.commit(replace(self._transition(caller, agent, (agent, told)), after=None))

        decided(commit, self.pause)

    def _commit(self, caller: Caller, identity: str, change: Callable[[Agent], Change]) -> Agent:
        def commit() -> Agent:
            before = self.agents.load(identity)
            caller.require_version(before.id, before.version)
            return self._write(caller, before, change(before))

        return decided(commit, self.pause)

    def _write(self, caller: Caller, before: Agent | None, change: Change) -> Agent:
        transition = self._transition(caller, before, change)
        self.agents.commit(transition)
        return transition.after or change[0]

    def _transition(self, caller: Caller, before: Agent | None, change: Change) -> AgentTransition:
        after, happening = change
        sequence = before.sequence if before else 0
        event = _event(happening, sequence, caller, self.ids)
        return AgentTransition(before=before, after=replace(after, sequence=sequence + 1), event=event)

    def _view(self, agent: Agent) -> AgentView:
        return agent_view(agent, self.agents.workloads([agent.id])[agent.id], self.clock.now())


def _event(happening: Happening, sequence: int, caller: Caller, ids: Ids) -> Any:
    subject = Subject(user_id=caller.subject, correlation_id=caller.correlation_id)
    (event,) = number([happening], after=sequence, subject=subject, new_id=lambda: event_id(ids.ulid()))
    return event


def _taken(identity: str) -> Conflict:
    return Conflict("There is an agent of this id already", agent_id=identity)


def _fallbacks(identity: AgentId, names: tuple[str, ...]) -> tuple[AgentId, ...]:
    if identity in names:
        raise InvalidRequest("fallback_agents", "must not name the agent itself")
    return tuple(AgentId(name) for name in dict.fromkeys(names))


def _matches(query: AgentQuery, view: AgentView) -> bool:
    if query.agent_type is not None and view.agent_type is not query.agent_type:
        return False
    if query.status is not None and view.status is not query.status:
        return False
    return set(query.capabilities) <= set(view.capabilities)


def _summary(views: list[AgentView]) -> AgentSummary:
    statuses, kinds = Counter(view.status for view in views), Counter(view.agent_type for view in views)
    return AgentSummary(
        total_agents=len(views),
        available_agents=statuses[AgentStatus.AVAILABLE],
        busy_agents=statuses[AgentStatus.BUSY],
        offline_agents=statuses[AgentStatus.OFFLINE],
        by_type={kind: kinds[kind] for kind in AgentType},
    )
