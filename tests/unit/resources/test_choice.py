"""The law of assignment: the least loaded of the available agents that can do it, and nobody else."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrator.domain.assignment import AgentType
from orchestrator.domain.resources.agent import Agent, AgentId, AgentStatus, Workload
from orchestrator.domain.resources.choice import Requirements, able, least_loaded
from orchestrator.domain.resources.working_hours import WorkingHours

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SKILLS = ("law", "maths", "german")
skills = st.lists(st.sampled_from(SKILLS), unique=True).map(tuple)


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[Agent], dict[str, Workload]]:
    agents = [
        Agent(
            id=AgentId(f"agent-{place}"),
            registration="r",
            agent_type=draw(st.sampled_from(AgentType)),
            name="n",
            registered_at=NOON - timedelta(days=1),
            updated_at=NOON,
            registered_by="ada",
            status=draw(st.sampled_from(AgentStatus)),
            capabilities=draw(skills),
            groups=draw(st.lists(st.sampled_from(["a", "b"]), unique=True).map(tuple)),
            working_hours=draw(st.sampled_from([None, WorkingHours(), WorkingHours(schedule="13:00-14:00")])),
            max_concurrent_tasks=draw(st.integers(1, 5)),
            heartbeat_seconds=draw(st.sampled_from([None, 60])),
            last_heartbeat_at=draw(st.sampled_from([None, NOON - timedelta(seconds=59), NOON - timedelta(minutes=2)])),
        )
        for place in range(draw(st.integers(0, 6)))
    ]
    loads = {
        agent.id: Workload(active_tasks=draw(st.integers(0, 3)), queue_length=draw(st.integers(0, 3)))
        for agent in agents
    }
    return agents, loads


def may(agent: Agent, wanted: Requirements, load: Workload) -> bool:
    """In other words than the product's."""
    hours = agent.working_hours
    return (
        all(skill in agent.capabilities for skill in wanted.capabilities)
        and (not wanted.groups or any(group in wanted.groups for group in agent.groups))
        and agent.status == "available"
        and (agent.heartbeat_seconds is None or agent.last_heartbeat_at == NOON - timedelta(seconds=59))
        and (hours is None or hours.schedule == "09:00-17:00")
        and load.active_tasks + load.queue_length < agent.max_concurrent_tasks
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(rosters(), st.builds(Requirements, capabilities=skills, groups=st.sampled_from([(), ("a",)])), st.randoms())
def test_the_law(roster, wanted, chance) -> None:
    agents, loads = roster
    fit = [agent for agent in agents if may(agent, wanted, loads[agent.id])]
    chosen = least_loaded(able(agents, wanted, NOON), loads, NOON)
    assert (chosen is None) == (fit == [])
    if chosen is not None:
        assert chosen in fit
        share = {agent.id: loads[agent.id].open_tasks / agent.max_concurrent_tasks for agent in fit}
        assert share[chosen.id] == min(share.values())
    shuffled = chance.sample(agents, len(agents))
    assert least_loaded(able(shuffled, wanted, NOON), loads, NOON) == chosen


def test_a_named_user_needs_no_group() -> None:
    wanted = Requirements(groups=("a",), users=("agent-9",))
    (agent,) = [one for one in (_plain("agent-9"),) if wanted.are_met_by(one)]
    assert agent.id == "agent-9"
    assert not wanted.are_met_by(_plain("agent-8"))


def _plain(identity: str) -> Agent:
    return Agent(
        id=AgentId(identity),
        registration="r",
        agent_type=AgentType.HUMAN,
        name="n",
        registered_at=NOON,
        updated_at=NOON,
        registered_by="ada",
    )
