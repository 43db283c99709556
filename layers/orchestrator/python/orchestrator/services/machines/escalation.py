"""Escalations that machines raise (docs/design-notes.md, section 13): told once, and handled beside what goes on.

Who catches one is known when the process is compiled; a handler that interrupts is reached by the machine itself.
"""

from dataclasses import dataclass, replace

from orchestrator.domain.escalation import Handling, Raised, catching
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.ids import ThreadId, thread_id
from orchestrator.domain.instance import Instance, Parent
from orchestrator.domain.task import OPEN
from orchestrator.ports.transitions import Throw
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.machines.threads import Threads
from orchestrator.services.tasks.task_escalations import TaskEscalationService
from orchestrator.services.tokens.handler_threads import HandlerThreads, first_of
from orchestrator.services.unit_of_work import decided, instance_transition


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
    """Tells of escalations and begins their handlers, in one transaction, each entry once.

    What nothing in a called instance catches comes out of the call activities around it, one after the other.
    """

    threads: Threads
    activities: TaskEscalationService

    def escalate(self, call: Call, raised: Escalation) -> None:
        """Raise an escalation, unless it was raised; a repeated call starts the execution that is missing."""
        instance = decided(lambda: self._raised(call, raised), self.threads.dispatcher.pause)
        if instance is not None and raised.caught_by is None:
            self._pass_on(instance.parent, raised.code, key=call.key(raised.element_id, raised.occurrence))

    def _pass_on(self, parent: Parent | None, code: str | None, *, key: str) -> None:
        """Raise it at the call activity, and where nothing catches it there at that of its instance."""
        while parent is not None:
            outer = decided(lambda caller=parent: self._returned(caller, code, key), self.threads.dispatcher.pause)
            parent = outer

    def _returned(self, caller: Parent, code: str | None, key: str) -> Parent | None:
        """Raise it at one call activity; the next one outwards, None where this one has dealt with it."""
        unit = self.activities.tasks.tasks.load_unit(caller.instance_id, caller.task_id)
        if unit.task is None or unit.task.status not in OPEN or unit.instance.is_final:
            return None
        if catching(unit.task.escalations, code) is None:
            return unit.instance.parent
        self.activities.taken(unit, unit.task, Raised(code=code), key=key)
        return None

    def _raised(self, call: Call, raised: Escalation) -> Instance | None:
        """The instance, where this execution has raised it; None: another had, or the instance is over."""
        runtime = self.threads.dispatcher
        before = runtime.instances.load(call.instance_id)
        key = call.key(raised.element_id, raised.occurrence)
        note = Throw(key=key, execution=call.execution)
        execution = runtime.instances.thrown(call.instance_id, key)
        is_known = execution is not None
        if raised.handling is not None:
            self._handled(call, raised, raised.handling, None if is_known else note)
        elif not (is_known or before.is_over_for(call.thread)):
            instance, trail = runtime.with_trail(call, before)
            events = (*trail, self._told(instance, raised))
            transition = instance_transition(
                instance, instance, events, ids=runtime.ids, thrown=note, alive=call.side_thread
            )
            runtime.instances.commit(transition)
        return before if execution in {None, call.execution} and not before.is_over_for(call.thread) else None

    def _handled(self, call: Call, raised: Escalation, handling: Handling, note: Throw | None) -> None:
        id_, at = _thread_of(call, raised, handling), self.threads.dispatcher.clock.now()
        record = HandlerThreads(threads=self.threads.dispatcher.threads)
        thread = record.begun(call.instance_id, handling, id_, clock=call.clock, at=at)
        step = self.threads.load(call, thread.group)
        if note is None:
            self.threads.start(step.before, [one for one in step.live if one.id == id_])
        elif not step.before.instance.is_final:
            step = step.with_change(first_of(thread, handling.variables or {}, clock=call.clock), live=1)
            told = (self._told(step.before.instance, raised),)
            self.threads.commit(call, self.threads.settled(call, replace(step, happened=told, thrown=note)))

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
