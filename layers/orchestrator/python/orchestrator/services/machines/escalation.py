"""Escalations that machines raise (docs/design-notes.md, section 13): told once, and handled beside what goes on.

Who catches one is known when the process is compiled; a handler that interrupts is reached by the machine itself.
"""

from dataclasses import dataclass, replace

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.ids import ThreadId, thread_id
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import Ahead, GroupPlace, SideThread
from orchestrator.ports.transitions import Throw
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.machines.threads import Threads, first_of
from orchestrator.services.unit_of_work import decided, instance_transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """The thread that handles an escalation: where it begins, in which group, with what.

    `place` is the group of the caller; the handler's is that of the host so many steps `outwards`. `order` is the
    caller's place in its group.
    """

    place: GroupPlace
    outwards: int
    entry: str
    order: str
    ahead: Ahead
    variables: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """An entry of an event that raises an escalation, what catches it (None: nothing), and by which thread."""

    element_id: str
    occurrence: int
    code: str | None
    caught_by: str | None
    handling: Handling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalator:
    """Tells of escalations and begins their handlers, in one transaction, each entry once."""

    threads: Threads

    def escalate(self, call: Call, raised: Escalation) -> None:
        """Raise an escalation, unless it was raised; a repeated call starts the execution that is missing."""
        decided(lambda: self._raised(call, raised), self.threads.dispatcher.pause)

    def _raised(self, call: Call, raised: Escalation) -> None:
        runtime = self.threads.dispatcher
        before = runtime.instances.load(call.instance_id)
        key = call.key(raised.element_id, raised.occurrence)
        note = Throw(key=key, execution=call.execution)
        is_known = runtime.instances.thrown(call.instance_id, key) is not None
        if raised.handling is not None:
            self._handled(call, raised, raised.handling, None if is_known else note)
        elif not (is_known or before.is_final):
            instance, trail = runtime.with_trail(call, before)
            events = (*trail, self._told(instance, raised))
            transition = instance_transition(
                instance, instance, events, ids=runtime.ids, thrown=note, alive=call.side_thread
            )
            runtime.instances.commit(transition)

    def _handled(self, call: Call, raised: Escalation, handling: Handling, note: Throw | None) -> None:
        place, order = self._outer(call, handling)
        step = self.threads.load(call, place)
        id_ = _thread_of(call, raised, handling)
        if note is None:
            self.threads.start(step.before, [one for one in step.live if one.id == id_])
        elif not step.before.instance.is_final:
            thread = SideThread(
                id=id_,
                instance_id=call.instance_id,
                group=place,
                entry=handling.entry,
                order=f"{order}.e{call.clock}",
                started_at=self.threads.dispatcher.clock.now(),
                ahead=handling.ahead,
            )
            step = step.with_change(first_of(thread, handling.variables, clock=call.clock), live=1)
            told = (self._told(step.before.instance, raised),)
            self.threads.commit(call, self.threads.settled(call, replace(step, happened=told, thrown=note)))

    def _outer(self, call: Call, handling: Handling) -> tuple[GroupPlace, str]:
        """The group that the handler belongs to, and the place in it of what the escalation comes out of."""
        place, order = handling.place, handling.order
        for _ in range(handling.outwards):
            host = self.threads.dispatcher.threads.load(call.instance_id, ThreadId(place.host))
            if host is None:
                raise ValueError(f"{place.host} is in no group")
            place, order = host.group, host.order
        return place, order

    def _told(self, instance: Instance, raised: Escalation) -> Happening:
        runtime = self.threads.dispatcher
        data = {
            "element_name": runtime.element(instance, raised.element_id).name,
            "escalation_code": raised.code,
            "caught_by": raised.caught_by,
        }
        return runtime.happening(instance, EventType.ESCALATION_TRIGGERED, raised.element_id, data)


def _thread_of(call: Call, raised: Escalation, handling: Handling) -> ThreadId:
    return thread_id(call.thread, call.scope, raised.element_id, str(raised.occurrence), handling.entry)
