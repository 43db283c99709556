"""Side threads: further executions of an instance's machine, and the groups they live in (docs/design-notes.md, 10).

A group belongs to one scope path of one thread, its host. Its threads are counted, and tokens that reached a join
of the group wait in it until the join has what it needs.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from orchestrator.domain.ad_hoc import AdHoc
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import InstanceId, TaskId, ThreadId

#: for a join that waits for what may still come: the flows into it that a token can reach, by join
Ahead = Mapping[str, Any]


class ThreadStatus(StrEnum):
    """Where a side thread stands."""

    LIVE = "live"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlace:
    """Where a group lives: a scope path of its host thread."""

    host: str
    scope: str

    @property
    def key(self) -> str:
        """The key of the group in its instance."""
        return f"{self.host}{self.scope}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a thread waits for that is no token yet: for the `turn`-th time that an event happens beside its host.

    `host` is the entry of the activity that goes on, or of the group whose scope it is.
    """

    host: TaskId
    event: str
    turn: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SideThread:
    """One side thread. It begins at `entry` of the machine; `order` tells whose changes win where threads meet.

    `runs` counts its executions, `rebuilds` those that followed failures without progress between them.
    `watch`: it waits for an event that lets its host go on; None: it is a token, since `happened_at` if it was a watch.
    """

    id: ThreadId
    instance_id: InstanceId
    group: GroupPlace
    entry: str
    order: str
    started_at: datetime
    status: ThreadStatus = ThreadStatus.LIVE
    ahead: Ahead = field(default_factory=dict[str, Any])
    runs: int = 1
    rebuilds: int = 0
    rebuilt_at_sequence: int = 0
    watch: Watch | None = None
    happened_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Tell whether its execution is, or should be, running."""
        return self.status is ThreadStatus.LIVE

    def moved(self, status: ThreadStatus) -> "SideThread":
        """The thread in another status."""
        return replace(self, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A token that waits on a flow into a join; `ahead` is what it can reach once it is past the join."""

    join: str
    flow: str
    thread: ThreadId
    occurrence: int
    inclusive: bool = False
    ahead: Ahead = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadGroup:
    """The threads of one scope path: `live` counts tokens, `fired` joins that started one.

    `gather` is the wait of the host. Watches are not counted: the group ends without them.

    `aborted` is what ended the group before its host came to gather: an error or a terminate end event.
    `ad_hoc`: somebody begins its threads, so it goes on without any until it is done.
    """

    instance_id: InstanceId
    place: GroupPlace
    version: int = 0
    live: int = 0
    fired: int = 0
    waiting: tuple[Waiting, ...] = ()
    gather: TaskId | None = None
    aborted: JsonObject | None = None
    ad_hoc: AdHoc | None = None

    @property
    def goes_on(self) -> bool:
        """Tell whether the host still waits for the group."""
        if self.ad_hoc is None or self.aborted is not None:
            return self.live > 0
        return not self.ad_hoc.cut and (self.live > 0 or not self.ad_hoc.closed)

    @property
    def key(self) -> str:
        """The key of the group in its instance."""
        return self.place.key

    def order_of_end(self, order: str) -> str:
        """The place of a token that leaves among those that left: in ad-hoc sub-processes, as they ended."""
        return order if self.ad_hoc is None else f"{self.version:012}"

    def changed(self, *, live: int = 0, **fields: Any) -> "ThreadGroup":
        """The next version of the group, with so many threads more (or less)."""
        return replace(self, version=self.version + 1, live=self.live + live, **fields)

    def without(self, taken: Iterable[Waiting]) -> tuple[Waiting, ...]:
        """The tokens that still wait when some were taken."""
        gone = set(map(_place, taken))
        return tuple(token for token in self.waiting if _place(token) not in gone)

    def complete_set(self, join: str, flows: Collection[str]) -> tuple[Waiting, ...]:
        """The oldest token of every flow into a join; nothing if a flow has none (BPMN 13.4.1)."""
        found = self.oldest(join)
        return tuple(found.values()) if found.keys() >= set(flows) else ()

    def oldest(self, join: str) -> dict[str, Waiting]:
        """The oldest token of each flow into a join that has one."""
        found: dict[str, Waiting] = {}
        for token in self.waiting:
            if token.join == join:
                found.setdefault(token.flow, token)
        return found

    def ready(self, live: Iterable[Ahead], *, only: str | None = None) -> tuple[Waiting, ...]:
        """The tokens that an inclusive join goes on with, of the first that need wait no longer (BPMN 13.4.3).

        A token elsewhere holds it up that can come over a flow without a token, and over none that has one.
        """
        elsewhere = list(live)
        for join in dict.fromkeys(token.join for token in self.waiting if token.inclusive):
            if only is not None and join != only:
                continue
            others = [token.ahead for token in self.waiting if token.join != join]
            found = self.oldest(join)
            if not any(_holds_up(ahead, join, found.keys()) for ahead in (*elsewhere, *others)):
                return tuple(found.values())
        return ()


def is_below(inside: str, scope: str) -> bool:
    """Tell whether a scope path lies in another, or is the same."""
    return inside == scope or inside.startswith((f"{scope}/", f"{scope}["))


def threads_below(live: Iterable[SideThread], thread: str, scope: str) -> tuple[SideThread, ...]:
    """The threads of all groups in a scope of a thread, and those that they host themselves."""
    threads = list(live)
    found = {one.id: one for one in threads if one.group.host == thread and is_below(one.group.scope, scope)}
    pending = list(found)
    while pending:
        host = pending.pop()
        hosted = [one for one in threads if one.group.host == host and one.id not in found]
        found |= {one.id: one for one in hosted}
        pending += [one.id for one in hosted]
    return tuple(found.values())


def _place(token: Waiting) -> tuple[str, str, str, int]:
    return token.join, token.flow, token.thread, token.occurrence


def _holds_up(ahead: Ahead, join: str, filled: Collection[str]) -> bool:
    reached: set[str] = set(ahead.get(join, ()))
    return bool(reached) and not reached & set(filled)
