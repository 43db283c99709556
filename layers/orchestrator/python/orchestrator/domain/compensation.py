"""What is undone, and in which order, when compensation is asked for (BPMN 10.7, 13.5.5; docs/design-notes.md, 12)."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import TaskId
from orchestrator.domain.side_thread import GroupPlace, is_below

#: the group in which a side thread lives, None for the root
GroupOf = Callable[[str], GroupPlace | None]


class Modelled(Protocol):
    """What the model says of an activity that can be compensated; without handler, what is inside is."""

    @property
    def scope(self) -> str:
        """The scope that the activity belongs to."""
        ...

    @property
    def handler(self) -> str | None:
        """What undoes the activity."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """An activity that was completed and can be compensated, under the key of its entry.

    `scope` is the path in which it was entered; of a sub-process, the path of its contents. `sequence` is that of the
    instance then. `snapshot` are the variables that existed inside the activity only.
    """

    key: TaskId
    thread: str
    scope: str
    element_id: str
    at: datetime
    sequence: int = 0
    snapshot: JsonObject = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A scope that ran: its element, and where it ran. `activity` None: all that was completed in it."""

    element_id: str
    thread: str
    scope: str
    activity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A handler that is to run for a completed activity; it sees `variables` beside those of the process."""

    handler: str
    thread: str
    scope: str
    variables: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensation:
    """What was decided when an entry asked for compensation: handlers in order, and the completions that they undo."""

    key: TaskId
    at: datetime
    due: tuple[Due, ...] = ()
    undone: tuple[str, ...] = ()


def path_of(scope: str, element_id: str) -> str:
    """The path of the scope of an element, of the path of something inside of it; the process is the empty path."""
    segments = scope.split("/")
    for number, segment in enumerate(segments):
        if segment.partition("#")[0] == element_id:
            return "/".join(segments[: number + 1])
    return ""


def compensated(
    place: Place,
    completions: Collection[Completion],
    undone: Collection[str],
    known: Mapping[str, Modelled],
    group_of: GroupOf,
) -> tuple[tuple[Due, ...], tuple[str, ...]]:
    """The handlers due for a scope, the latest completion first, and the keys of all that they undo.

    Each completion is undone once. A sub-process without a handler of its own is undone by what is inside of it.
    """
    order = sorted(completions, key=lambda one: (one.sequence, one.at, one.key), reverse=True)
    plan = _Plan([one for one in order if one.key not in undone], known, group_of)
    due = tuple(plan.of(replace(place, thread=_host(place, group_of)), {}))
    return due, tuple(plan.undone)


@dataclass(slots=True)
class _Plan:
    completions: list[Completion]
    known: Mapping[str, Modelled]
    group_of: GroupOf
    undone: list[str] = field(default_factory=list[str])

    def of(self, place: Place, around: JsonObject) -> Iterator[Due]:
        for one in self.completions:
            element = self.known.get(one.element_id)
            if element is None or not self._is_meant(one, element, place):
                continue
            self.undone.append(one.key)
            variables = {**around, **one.snapshot}
            if element.handler is None:
                inner = Place(element_id=one.element_id, thread=one.thread, scope=one.scope)
                yield from self.of(inner, variables)
            else:
                yield Due(
                    handler=element.handler,
                    thread=one.thread,
                    scope=one.scope,
                    variables=variables,
                )

    def _is_meant(self, one: Completion, element: Modelled, place: Place) -> bool:
        named = place.activity is None or place.activity == one.element_id
        return named and element.scope == place.element_id and self._is_inside(one, place)

    def _is_inside(self, one: Completion, place: Place) -> bool:
        if not is_below(one.scope, place.scope):
            return False
        thread: str | None = one.thread
        while thread is not None and thread != place.thread:
            group = self.group_of(thread)
            thread = None if group is None else group.host
        return thread is not None


def _host(place: Place, group_of: GroupOf) -> str:
    """The thread that entered the scope: that of the place, or the one that begot it inside of the scope."""
    thread = place.thread
    group = group_of(thread)
    while group is not None and is_below(group.scope, place.scope):
        thread = group.host
        group = group_of(thread)
    return thread
