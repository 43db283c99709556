"""Where time is lost, and what to do about it: rules over measured figures (docs/insights.md names each).

Every sentence carries the figures that led to it; a rule that needs more than was measured says nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from orchestrator.domain.measurement import figures
from orchestrator.domain.measurement.statistics import Tally
from orchestrator.domain.measurement.work import Element, Measured, Performer

#: nothing is said of fewer observations
LEAST: Final = 5
HIGH_FAILURE_RATE: Final = 10.0
#: an element with more of the run time than this is worth making faster, in percent
LARGE_SHARE: Final = 25.0
MOST_TASKS: Final = 10


class Impact(StrEnum):
    """How much a constraint costs."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowTask:
    """A task by the time it takes altogether; durations in seconds."""

    task_name: str
    element_id: str
    workflow_definition_id: str
    average_duration: float
    average_waiting: float | None
    frequency: int
    share_of_execution_time: float | None
    impact_score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A performer that holds work up."""

    resource: str
    resource_type: str
    constraint_type: str
    impact: Impact
    recommendation: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What to change, and what it would bring as far as the figures tell."""

    type: str
    target: str
    recommendation: str
    estimated_improvement: str | None
    figures: Mapping[str, float]


def slowest(elements: Mapping[Element, Tally], workflow_ms: int) -> tuple[SlowTask, ...]:
    """The elements that took most time altogether, worst first.

    Share: time in the element's tasks, in percent of the execution time of the workflows that completed
    (at most 100: instances may still run, and branches overlap). Impact score: share / 10, so from 0 to 10.
    """
    slow = [_slow(element, Measured(tally), workflow_ms) for element, tally in elements.items()]
    found = [task for task in slow if task is not None]
    found.sort(key=lambda task: (-task.average_duration * task.frequency, task.workflow_definition_id, task.element_id))
    return tuple(found[:MOST_TASKS])


def _slow(element: Element, measured: Measured, workflow_ms: int) -> SlowTask | None:
    duration = measured.duration
    if duration is None:
        return None
    share = figures.percent(min(measured.busy_ms, workflow_ms), workflow_ms)
    return SlowTask(
        task_name=element.task_name,
        element_id=element.element_id,
        workflow_definition_id=element.definition_id,
        average_duration=duration,
        average_waiting=measured.waiting,
        frequency=measured.completions,
        share_of_execution_time=share,
        impact_score=None if share is None else round(share / 10, 1),
    )


def constraints(performers: Mapping[Performer, Tally]) -> tuple[Constraint, ...]:
    """Performers whose work waits longer than it takes, or fails often; worst first."""
    order = list(reversed(Impact))
    found = [one for performer, tally in sorted(performers.items()) for one in _constraints(performer, tally)]
    return tuple(sorted(found, key=lambda one: order.index(one.impact)))


def _constraints(performer: Performer, tally: Tally) -> Iterator[Constraint]:
    if not performer.name:
        return
    measured = Measured(tally)
    waiting, duration = measured.waiting, measured.duration
    if measured.starts >= LEAST and waiting is not None and duration is not None and waiting > duration:
        yield Constraint(
            resource=performer.name,
            resource_type=performer.kind,
            constraint_type="capacity",
            impact=_impact(waiting / duration if duration else waiting, medium=2, high=4),
            recommendation=f"Work waits {waiting:g} s for {performer.name} and takes {duration:g} s: "
            f"let others share it, or add capacity",
            figures={"average_waiting": waiting, "average_duration": duration, "starts": measured.starts},
        )
    rate, executed = figures.failure_rate(tally), figures.executed(tally)
    if executed >= LEAST and rate is not None and rate >= HIGH_FAILURE_RATE:
        failed = tally.count("tasks_failed")
        yield Constraint(
            resource=performer.name,
            resource_type=performer.kind,
            constraint_type="reliability",
            impact=_impact(rate, medium=20, high=40),
            recommendation=f"{failed} of {executed} executions by {performer.name} failed ({rate:g} %): "
            f"see the failure analysis for the codes",
            figures={"failure_rate": rate, "failed": failed, "executed": executed},
        )


def _impact(value: float, *, medium: float, high: float) -> Impact:
    if value >= high:
        return Impact.HIGH
    return Impact.MEDIUM if value >= medium else Impact.LOW


def recommendations(tasks: tuple[SlowTask, ...], held_up: tuple[Constraint, ...]) -> tuple[Recommendation, ...]:
    """Advice from slow tasks with a large share, and from constraints that are not small."""
    return (*_faster(tasks), *_relief(held_up))


def _faster(tasks: tuple[SlowTask, ...]) -> Iterator[Recommendation]:
    for task in tasks:
        share = task.share_of_execution_time
        if share is None or share < LARGE_SHARE or task.frequency < LEAST:
            continue
        waiting = task.average_waiting or 0.0
        yield Recommendation(
            type="task_optimization",
            target=task.task_name or task.element_id,
            recommendation=f"Shorten or parallelize it: {task.frequency} executions took "
            f"{task.average_duration:g} s on average, {share:g} % of the execution time",
            estimated_improvement=f"Half its duration would be up to {share / 2:.1f}% faster execution",
            figures={
                "average_duration": task.average_duration,
                "average_waiting": waiting,
                "frequency": task.frequency,
                "share_of_execution_time": share,
            },
        )


def _relief(held_up: tuple[Constraint, ...]) -> Iterator[Recommendation]:
    for one in held_up:
        if one.impact is Impact.LOW:
            continue
        is_capacity = one.constraint_type == "capacity"
        saved = one.figures.get("average_waiting")
        yield Recommendation(
            type="resource_allocation" if is_capacity else "reliability",
            target=one.resource,
            recommendation=one.recommendation,
            estimated_improvement=f"Up to {saved:g} s less waiting per task" if saved is not None else None,
            figures=one.figures,
        )
