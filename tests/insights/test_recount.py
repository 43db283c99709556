"""Every figure equals an independent recount of the raw events, for generated histories, small and large."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.api.insights_shape import shaped
from orchestrator.domain.events import Event
from orchestrator.domain.measurement.buckets import Granularity, Period, TimeRange
from orchestrator.services.insights.activity import ActivityService
from orchestrator.services.insights.analytics import AnalyticsService, WorkflowPerformance
from orchestrator.services.insights.failures import FailureService
from orchestrator.services.insights.performance import PerformanceService
from tests.fakes.clock import StillClock
from tests.insights import recount_rules
from tests.insights.histories import History
from tests.insights.memory import MemoryStatistics, NoCensus, NoInstances
from tests.insights.recount import Recount, nearest_rank, percent

NOW = datetime(2026, 3, 10, 14, 37, 21, tzinfo=UTC)
DEFINITIONS = (None, "wf-def-1", "wf-def-unknown")
LENGTHS = {TimeRange.HOUR: 1, TimeRange.DAY: 24, TimeRange.WEEK: 168, TimeRange.MONTH: 720}
DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90}
WIDTHS = {
    Granularity.MINUTE: timedelta(minutes=1),
    Granularity.HOUR: timedelta(hours=1),
    Granularity.DAY: timedelta(days=1),
}

histories = st.builds(
    lambda seed, days, instances: History(
        seed=seed, begin=NOW - timedelta(days=days), end=NOW, instances=instances
    ).events(),
    st.integers(0, 10_000), st.sampled_from([0.04, 1, 8, 40]), st.integers(0, 40),
)  # fmt: skip


def check_performance(events: list[Event], statistics: MemoryStatistics, definition: str | None) -> None:
    service = PerformanceService(statistics=statistics, clock=StillClock(NOW))
    for time_range, hours in LENGTHS.items():
        start = (NOW - timedelta(hours=hours)).replace(second=0)
        if hours > 24:
            start = start.replace(minute=0)
        recount = Recount(events, start, NOW, definition)
        for granularity, width in WIDTHS.items():
            if hours / (width.total_seconds() / 3600) > 1500:
                continue
            found = service.performance(time_range, granularity, definition_id=definition)
            assert shaped(found.workflow_metrics) == recount.workflows()
            assert shaped(found.task_metrics) == recount.tasks()
            if granularity is not Granularity.MINUTE or hours == 1:
                points = {
                    p.timestamp: (
                        p.workflows_started,
                        p.workflows_completed,
                        p.workflows_failed,
                        p.average_execution_time,
                    )
                    for p in found.performance_trends
                }
                assert points == recount.points(width)


def check_analytics(events: list[Event], statistics: MemoryStatistics, definition: str | None, period: Period) -> None:
    start = (NOW - timedelta(days=DAYS[period])).replace(hour=0, minute=0, second=0)
    recount = Recount(events, start, NOW, definition)
    service = AnalyticsService(statistics=statistics, present=NoCensus(), clock=StillClock(NOW))
    found = service.workflow_performance(period, definition_id=definition)
    summary = shaped(found.performance_summary)
    times = recount.values("workflow_completed", "execution_time")
    for name, q in (("median_execution_time", 0.5), ("p95_execution_time", 0.95)):
        exact, measured = nearest_rank(times, q), summary.pop(name)
        assert (exact is None) is (measured is None)
        assert exact is None or abs(measured - exact) <= max(0.01 * exact, 0.001)
    assert summary == recount.executions()
    expected = recount.slowest()
    slowest = found.bottleneck_analysis.slowest_tasks
    assert len(slowest) == min(10, len(expected))
    for task in slowest:
        key = task.workflow_definition_id, task.element_id, task.task_name
        share = task.share_of_execution_time
        assert (task.average_duration, task.frequency, task.average_waiting, share) == expected[key]
        assert task.impact_score == (None if share is None else round(share / 10, 1))
    check_advice(recount, found)
    check_distribution(recount, service, definition, period)


def check_advice(recount: Recount, found: WorkflowPerformance) -> None:
    held_up = found.bottleneck_analysis.resource_constraints
    assert {
        (one.resource, one.resource_type, one.constraint_type): (one.impact, one.figures) for one in held_up
    } == recount_rules.constraints(recount)
    advised = [(one.type, one.target, one.figures) for one in found.optimization_recommendations]
    expected = recount_rules.recommendations(recount)
    assert len(advised) == len(expected)
    assert all(one in expected for one in advised)


def check_distribution(recount: Recount, service: AnalyticsService, definition: str | None, period: Period) -> None:
    found = service.task_distribution(period, definition_id=definition)
    assert found.total_tasks == recount.number("task_created")
    for shares, field in ((found.by_type, "type"), (found.by_priority, "priority")):
        counted = {getattr(s, field): (s.count, s.completed, s.failed, s.percentage) for s in shares}
        assert counted == recount.created("task_type" if field == "type" else "priority")
    assert {
        (s.agent_type, s.name): (s.assigned, s.completed, s.failed, s.percentage, s.average_duration, s.average_waiting)
        for s in found.by_agent
    } == recount.performers()


def check_failures(events: list[Event], statistics: MemoryStatistics, definition: str | None, period: Period) -> None:
    start = (NOW - timedelta(days=DAYS[period])).replace(hour=0, minute=0, second=0)
    recount = Recount(events, start, NOW, definition)
    found = FailureService(statistics=statistics, clock=StillClock(NOW)).analysis(period, definition_id=definition)
    assert {
        c.error_code: (c.count, c.percentage, c.first_seen, c.last_seen, c.affected_instances)
        for c in found.by_error_code
    } == recount.codes()
    assert {d.timestamp: d.failures for d in found.failure_trends} == recount.failing_days()
    ended = recount.number("task_completed", "task_failed")
    assert shaped(found.summary) == {
        "total_failures": len(recount.failures()),
        "failed_tasks": recount.number("task_failed"),
        "failed_workflows": recount.number("workflow_failed"),
        "affected_instances": len({e.subject.instance_id for e in recount.of("task_failed", "workflow_failed")}),
        "failure_rate": percent(recount.number("task_failed"), ended),
        "workflow_failure_rate": percent(
            recount.number("workflow_failed"), recount.number("workflow_failed", "workflow_completed")
        ),
    }
    assert sum(task.count for task in found.by_task) == len(recount.failures())
    assert {(one.type, one.subject): one.figures for one in found.patterns} == recount_rules.patterns(
        recount, DAYS[period] + 1
    )
    by_performer = sum(one.count for one in (*found.by_service, *found.by_agent))
    assert by_performer == sum(1 for event in recount.of("task_failed") if event.data.get("assigned_to"))


@given(events=histories, definition=st.sampled_from(DEFINITIONS))
@settings(max_examples=25, deadline=None)
def test_performance(events: list[Event], definition: str | None) -> None:
    check_performance(events, MemoryStatistics.of(events), definition)


@given(events=histories, definition=st.sampled_from(DEFINITIONS), period=st.sampled_from(Period))
@settings(max_examples=60, deadline=None)
def test_analytics(events: list[Event], definition: str | None, period: Period) -> None:
    check_analytics(events, MemoryStatistics.of(events), definition, period)


@given(events=histories, definition=st.sampled_from(DEFINITIONS), period=st.sampled_from(Period))
@settings(max_examples=60, deadline=None)
def test_failures(events: list[Event], definition: str | None, period: Period) -> None:
    check_failures(events, MemoryStatistics.of(events), definition, period)


@given(seed=st.integers(0, 10_000), instances=st.integers(0, 60))
@settings(max_examples=30, deadline=None)
def test_loads_of_the_last_hour(seed: int, instances: int) -> None:
    begin = NOW - timedelta(minutes=70)
    events = History(seed=seed, begin=begin, end=NOW, instances=instances).events()
    service = ActivityService(
        instances=NoInstances(), statistics=MemoryStatistics.of(events), present=NoCensus(), clock=StillClock(NOW)
    )
    window = Recount(events, (NOW - timedelta(hours=1)).replace(second=0), NOW)
    assert {
        (one.name, one.agent_type): (
            one.tasks_started, one.tasks_completed, one.tasks_failed, one.average_duration, one.utilization_percentage
        )
        for one in service.resource_usage().performers
    } == recount_rules.loads(window, 3600)  # fmt: skip


@pytest.fixture(scope="module")
def large() -> tuple[list[Event], MemoryStatistics]:
    events = History(seed=7, begin=NOW - timedelta(days=20), end=NOW, instances=10_000).events()
    return events, MemoryStatistics.of(events)


def test_ten_thousand_instances(large: tuple[list[Event], MemoryStatistics]) -> None:
    events, statistics = large
    check_analytics(events, statistics, None, Period.MONTH)
    check_failures(events, statistics, None, Period.MONTH)
    start = (NOW - timedelta(days=7)).replace(minute=0, second=0)
    found = PerformanceService(statistics=statistics, clock=StillClock(NOW)).performance(
        TimeRange.WEEK, Granularity.DAY
    )
    assert shaped(found.workflow_metrics) == Recount(events, start, NOW).workflows()
    assert shaped(found.task_metrics) == Recount(events, start, NOW).tasks()


def test_readings_do_not_grow_with_the_history(large: tuple[list[Event], MemoryStatistics]) -> None:
    for events in ([], large[0][:500]):
        statistics = MemoryStatistics.of(events)
        PerformanceService(statistics=statistics, clock=StillClock(NOW)).performance(TimeRange.WEEK, Granularity.DAY)
        assert statistics.readings == 3
