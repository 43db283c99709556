"""Rules over measured figures: they speak where the figures are large enough, and carry them."""

import pytest

from orchestrator.domain.measurement.advice import Impact, constraints, recommendations, slowest
from orchestrator.domain.measurement.failure_patterns import patterns, suggested_actions
from orchestrator.domain.measurement.statistics import Tally
from orchestrator.domain.measurement.work import Element, Performer

MODEL = Performer("service", "model-manager")


def work(*, completed: int = 0, seconds: float = 0, started: int = 0, waited: float = 0, failed: int = 0) -> Tally:
    return Tally(
        {
            "tasks_completed": completed, "tasks_failed": failed,
            "task_timed": completed, "task_ms": round(completed * seconds * 1000),
            "wait_timed": started, "wait_ms": round(started * waited * 1000),
        }
    )  # fmt: skip


def test_impact_is_the_share_of_the_run_time() -> None:
    elements = {
        Element("d", "a", "A"): work(completed=23, seconds=1200),
        Element("d", "b", "B"): work(completed=1, seconds=10),
    }
    first, second = slowest(elements, workflow_ms=23 * 3420 * 1000)
    assert (first.task_name, first.frequency, first.average_duration, first.share_of_execution_time) == (
        "A",
        23,
        1200,
        35.1,
    )
    assert (first.impact_score, second.impact_score) == (3.5, 0.0)


def test_impact_of_unfinished_workflows_is_unknown_and_at_most_ten() -> None:
    elements = {Element("d", "a", "A"): work(completed=2, seconds=100)}
    assert slowest(elements, workflow_ms=0)[0].impact_score is None
    assert slowest(elements, workflow_ms=1000)[0].impact_score == 10.0


def test_elements_that_never_completed_are_not_slow() -> None:
    assert slowest({Element("d", "a", "A"): work(started=3, waited=5)}, workflow_ms=1000) == ()


@pytest.mark.parametrize(
    ("waited", "impact"), [(10, None), (11, Impact.LOW), (20, Impact.MEDIUM), (39.9, Impact.MEDIUM), (40, Impact.HIGH)]
)
def test_work_that_waits_longer_than_it_takes_is_a_constraint(waited: float, impact: Impact | None) -> None:
    found = constraints({MODEL: work(completed=5, seconds=10, started=5, waited=waited)})
    assert [one.impact for one in found] == ([] if impact is None else [impact])


@pytest.mark.parametrize(
    ("failed", "of", "impact"),
    [(1, 11, None), (1, 10, Impact.LOW), (2, 10, Impact.MEDIUM), (2, 5, Impact.HIGH), (3, 4, None)],
)
def test_failing_performers_are_a_constraint(failed: int, of: int, impact: Impact | None) -> None:
    found = constraints({MODEL: work(completed=of - failed, seconds=1, failed=failed)})
    assert [(one.constraint_type, one.impact) for one in found] == ([] if impact is None else [("reliability", impact)])


def test_work_without_a_performer_is_nobodys_fault() -> None:
    assert constraints({Performer("", ""): work(completed=5, seconds=1, started=9, waited=99, failed=9)}) == ()


def test_recommendations_carry_their_figures() -> None:
    tasks = slowest({Element("d", "a", "Collect"): work(completed=10, seconds=30)}, workflow_ms=1_000_000)
    held_up = constraints({MODEL: work(completed=5, seconds=10, started=5, waited=50)})
    task, capacity = recommendations(tasks, held_up)
    assert (task.type, task.target, task.figures["share_of_execution_time"]) == ("task_optimization", "Collect", 30.0)
    assert "15.0%" in (task.estimated_improvement or "")
    assert (capacity.type, capacity.target, capacity.figures["average_waiting"]) == (
        "resource_allocation",
        MODEL.name,
        50,
    )


def test_nothing_measured_nothing_said() -> None:
    assert recommendations(slowest({}, 0), constraints({})) == ()
    assert patterns(by_code=[], by_task=[], days_of_code={}, by_day=[0, 0, 0]) == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"by_code": [("A", 3), ("B", 2)]}, ["dominant_error"]),
        ({"by_code": [("A", 4)]}, []),
        ({"by_code": [("A", 4), ("B", 5)]}, ["dominant_error"]),
        ({"by_task": [("x", 5)]}, ["failing_task"]),
        ({"by_task": [("x", 3), ("x", 4)]}, ["failing_task"]),
        ({"days_of_code": {"A": 3, "B": 2}}, ["recurring"]),
        ({"by_day": [1, 1, 5]}, ["rising"]),
        ({"by_day": [3, 0, 5]}, []),
    ],
)
def test_patterns(given: dict, expected: list[str]) -> None:
    nothing = {"by_code": [], "by_task": [], "days_of_code": {}, "by_day": []}
    assert [pattern.type for pattern in patterns(**(nothing | given))] == expected


def test_actions_say_where_and_what() -> None:
    actions = suggested_actions("NO_MATCHING_FLOW", task="Decide", performer=None, is_retryable=True)
    assert ["default flow" in actions[0], "Decide" in actions[1], "Retry" in actions[2]] == [True] * 3
    assert suggested_actions("OTHER", task=None, performer=None, is_retryable=False) == ()
