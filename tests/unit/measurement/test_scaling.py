"""What is recommended follows from what waits, for any figures."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.measurement.scaling import Demand, scaling
from orchestrator.domain.priority import Priority

IDLE = Demand(resource="workflows", limit=50, in_use=0, waiting=0)
demands = st.builds(
    Demand,
    resource=st.sampled_from("abc"),
    limit=st.integers(1, 100),
    in_use=st.integers(0, 120),
    waiting=st.integers(0, 300),
    is_out=st.booleans(),
)


@given(demands, st.lists(demands, max_size=4))
def test_exactly_those_are_named_who_keep_others_waiting_or_are_out(workflows: Demand, services: list[Demand]) -> None:
    def is_due(one: Demand) -> bool:
        return bool(one.waiting) and one.in_use >= one.limit

    expected = [one.resource for one in services if one.is_out or is_due(one)]
    expected += [workflows.resource] if is_due(workflows) else []
    found = scaling(workflows, services)
    assert sorted(one.resource for one in found) == sorted(expected)
    urgencies = [list(Priority).index(one.priority) for one in found]
    assert urgencies == sorted(urgencies, reverse=True)


def test_a_service_with_a_queue_is_told_what_more_of_it_would_bring() -> None:
    (one,) = scaling(IDLE, [Demand(resource="model-manager", limit=10, in_use=10, waiting=5)])
    assert one.recommendation == "Consider adding 1 additional instance and raising max_concurrent_requests to 20"
    assert (one.priority, one.estimated_impact) == (Priority.MEDIUM, "50% improvement in response time")


def test_urgency_follows_from_how_many_wait() -> None:
    def urgency(waiting: int) -> Priority:
        (one,) = scaling(Demand(resource="workflows", limit=8, in_use=8, waiting=waiting), [])
        return one.priority

    assert [urgency(waiting) for waiting in (1, 2, 7, 8)] == ["low", "medium", "medium", "high"]
