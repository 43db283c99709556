"""Threads that handle an escalation beside what goes on (docs/design-notes.md, section 13)."""

from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.escalation import Handling
from orchestrator.domain.ids import InstanceId, ThreadId
from orchestrator.domain.side_thread import GroupPlace, SideThread
from orchestrator.ports.threads import ThreadStore
from orchestrator.ports.transitions import ThreadChange


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerThreads:
    """Says which thread handles an escalation, and where it lives."""

    threads: ThreadStore

    def begun(self, instance: InstanceId, handling: Handling, id_: ThreadId, *, clock: int, at: datetime) -> SideThread:
        """The thread of a handler, in the group of the scope that the handler belongs to."""
        place, order = self._outer(instance, handling)
        return SideThread(
            id=id_,
            instance_id=instance,
            group=place,
            entry=handling.entry,
            order=f"{order}.e{clock}",
            started_at=at,
            ahead=handling.ahead,
        )

    def _outer(self, instance: InstanceId, handling: Handling) -> tuple[GroupPlace, str]:
        """The group that the handler belongs to, and the place in it of what the escalation comes out of."""
        place, order = handling.place, handling.order
        for _ in range(handling.outwards):
            host = self.threads.load(instance, ThreadId(place.host))
            if host is None:
                raise ValueError(f"{place.host} is in no group")
            place, order = host.group, host.order
        return place, order


def first_of(thread: SideThread, variables: JsonObject, *, clock: int, written: tuple[str, ...] = ()) -> ThreadChange:
    """A thread that begins, with its token."""
    token: JsonObject = {
        "variables": variables,
        "clock": clock,
        "scope": thread.group.scope,
        "visits": {},
        "trail": [],
        "written": list(written),
        "group": {"thread": thread.group.host, "scope": thread.group.scope},
        "order": thread.order,
    }
    if thread.watch is not None:
        token["turn"] = thread.watch.turn
    return ThreadChange(before=None, after=thread, token=token)
