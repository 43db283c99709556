"""Patterns in failures and what to do: rules over counted failures (docs/insights.md names each)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from orchestrator.domain.measurement import figures

#: nothing is said of fewer failures
LEAST: Final = 5
#: one code or element with at least this share stands out, in percent
LARGE_SHARE: Final = 50.0
#: the later half of the period has so many times the failures of the earlier
RISING: Final = 2
RECURRING_DAYS: Final = 3

_ACTIONS: Final[Mapping[str, str]] = {
    "NO_MATCHING_FLOW": "Give the gateway a default flow, or conditions that cover every value",
    "JOIN_INCOMPLETE": "Check that every branch that was taken leads to the join",
    "TASK_FAILED": "Read the messages of the failed tasks, then retry them",
    "TIMED_OUT": "Raise the time limit, or give the work to somebody who is faster",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What stands out, with its figures."""

    type: str
    subject: str
    description: str
    figures: Mapping[str, float]


def patterns(
    *,
    by_code: Sequence[tuple[str, int]],
    by_task: Sequence[tuple[str, int]],
    days_of_code: Mapping[str, int],
    by_day: Sequence[int],
) -> tuple[Pattern, ...]:
    """All patterns, in the order of the rules. `by_day`: one number per day of the period, oldest first."""
    return (
        *_concentrated("dominant_error", "failures have the code", by_code),
        *_concentrated("failing_task", "failures happen in", by_task),
        *_recurring(days_of_code),
        *_rising(by_day),
    )


def _concentrated(kind: str, words: str, counted: Sequence[tuple[str, int]]) -> Iterator[Pattern]:
    whole = sum(number for _, number in counted)
    for subject, number in sorted(counted):
        share = figures.percent(number, whole) or 0.0
        if whole >= LEAST and share >= LARGE_SHARE:
            text = f"{number} of {whole} {words} {subject} ({share:g} %)"
            yield Pattern(
                type=kind, subject=subject, description=text, figures={"failures": number, "of": whole, "share": share}
            )


def _recurring(days_of_code: Mapping[str, int]) -> Iterator[Pattern]:
    for code, days in sorted(days_of_code.items()):
        if days >= RECURRING_DAYS:
            yield Pattern(
                type="recurring", subject=code, description=f"{code} was seen on {days} days", figures={"days": days}
            )


def _rising(by_day: Sequence[int]) -> Iterator[Pattern]:
    middle = len(by_day) // 2
    earlier, later = sum(by_day[:middle]), sum(by_day[len(by_day) - middle :])
    if later >= LEAST and later >= RISING * earlier:
        text = f"{later} failures in the later half of the period after {earlier} in the earlier"
        yield Pattern(type="rising", subject="failures", description=text, figures={"earlier": earlier, "later": later})


def suggested_actions(code: str, *, task: str | None, performer: str | None, is_retryable: bool) -> tuple[str, ...]:
    """What to do about a code: what it means, where it happens most, and whether a retry helps."""
    known = [_ACTIONS[code]] if code in _ACTIONS else []
    place = [f"Look at {task!r} first: it fails most with this code"] if task else []
    who = [f"Check {performer!r}: most of these failures are its"] if performer else []
    again = ["Retry the failed tasks once the cause is gone"] if is_retryable else []
    return (*known, *place, *who, *again)
