"""Registered agents in the table: few, in one partition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchestrator.adapters.dynamodb import keys, outbox
from orchestrator.adapters.dynamodb.codec import decode, encode, instant
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.registry import unmoved
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.workloads import workloads
from orchestrator.adapters.dynamodb.writes import PRESENT, Condition, Write, delete, put, update
from orchestrator.domain.errors import NotFound
from orchestrator.domain.resources.agent import RESOURCE, Agent, AgentId, Workload
from orchestrator.ports.resources import AgentTransition


@dataclass(frozen=True, slots=True)
class DynamoDBAgents:
    """`ports.resources.AgentStore`."""

    table: Table
    retention_days: int

    def load(self, agent_id: str) -> Agent:
        """One GetItem."""
        item = self.table.get(keys.AGENTS, agent_id)
        if item is None:
            raise NotFound(RESOURCE, agent_id)
        return decode(Agent, item)

    def all(self) -> tuple[Agent, ...]:
        """One Query per MB of agents."""
        return tuple(decode(Agent, item) for item in self.table.all(keys.AGENTS))

    def workloads(self, performers: Sequence[str]) -> Mapping[str, Workload]:
        """One BatchGetItem for 25 performers."""
        return workloads(self.table, performers)

    def commit(self, transition: AgentTransition) -> None:
        """One transaction: agent, event, counters."""
        agent = transition.after or transition.before
        if agent is None:
            raise ValueError("a transition of nothing")
        tally = Tally(aggregate=agent.id)
        partition = keys.registered(keys.AGENTS, agent.id, agent.registration)
        written = outbox.writes(partition, (transition.event,), retention_days=self.retention_days, tally=tally)
        self.table.transact([_change(transition), *written, *tally.writes()])

    def beat(self, agent_id: AgentId, *, at: datetime) -> None:
        """One conditional update."""
        heard = Condition(text="SET last_heartbeat_at = :at", values={"at": instant(at)})
        self.table.apply(update(keys.AGENTS, agent_id, heard, condition=PRESENT))


def _change(transition: AgentTransition) -> Write:
    before, after = transition.before, transition.after
    condition = unmoved(before.sequence if before else None, before.registration if before else None)
    if after is not None:
        return put({"pk": keys.AGENTS, "sk": after.id, **encode(after)}, condition)
    return delete(keys.AGENTS, before.id if before else "", condition)
