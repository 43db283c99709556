"""Escalations that come out of activities: of performers, and of called instances that catch them nowhere.

caught beside what goes on -> a thread of the handler, the activity stays open
caught by what interrupts  -> the activity is over, its token goes to the handler
caught by nothing          -> told, and the activity stays open (BPMN 13.5.4)
"""

from contextlib import suppress
from dataclasses import dataclass

from orchestrator.domain import instance_lifecycle
from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Unavailable
from orchestrator.domain.escalation import EscalationCatch, Handling, Raised, catching, given_to
from orchestrator.domain.events import Happening
from orchestrator.domain.ids import thread_id
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import SideThread, ThreadGroup
from orchestrator.domain.task import Task
from orchestrator.domain.task_escalation import escalated, taken_by
from orchestrator.domain.task_lock import require_lock
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.tasks import TaskUnit
from orchestrator.ports.threads import ThreadStore
from orchestrator.ports.transitions import TaskTransition, ThreadWrites
from orchestrator.services.payloads import READ_OF_ERROR, within_limit
from orchestrator.services.tasks.tasks import TaskService
from orchestrator.services.tokens.answers import answer, epoch_ms
from orchestrator.services.tokens.handler_threads import HandlerThreads, first_of
from orchestrator.services.tokens.thread_execution import ThreadExecutions
from orchestrator.services.unit_of_work import decided, instance_transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """What became of an escalation: the activity and its instance as they are then, and what caught it."""

    unit: TaskUnit
    code: str | None
    catch: EscalationCatch | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEscalationService:
    """Takes escalations out of activities."""

    tasks: TaskService
    threads: ThreadStore
    definitions: DefinitionStore

    def escalate(self, caller: Caller, task_id: str, raised: Raised, *, worker_id: str | None) -> Escalated:
        """Take the escalation of a task's performer.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it is failed or closed already, or another worker has it (details: `task_id`).
            PayloadTooLarge: the variables exceed the limit, or those that the process reads theirs.
        """
        within_limit("variables", raised.variables)

        def once() -> Escalated:
            unit, before = self.tasks.workable(caller, task_id)
            require_lock(before, worker_id)
            return self.taken(unit, before, raised)

        return decided(once, self.tasks.pause)

    def taken(self, unit: TaskUnit, before: Task, raised: Raised, *, key: str | None = None) -> Escalated:
        """Take an escalation out of an open activity, in one transaction.

        `key` names it where it may be reported again; the revision of the task does else.
        """
        catch = catching(before.escalations, raised.code)
        if catch is None or catch.handling is not None:
            return self._beside(unit, before, raised, catch, key or str(before.revision))
        return self._interrupting(unit, before, raised, catch)

    def _beside(
        self, unit: TaskUnit, before: Task, raised: Raised, catch: EscalationCatch | None, key: str
    ) -> Escalated:
        at = self.tasks.clock.now()
        after, told = escalated(before, raised, catch, at=at)
        change = TaskTransition(before=before, after=after)
        if catch is None or catch.handling is None:
            instance = self.tasks.commit(unit, change, told)
        else:
            instance = self._begin(before, change, told, _Beginning(raised, catch, catch.handling, key))
        return Escalated(unit=TaskUnit(instance=instance, task=after), code=raised.code, catch=catch)

    def _begin(self, before: Task, change: TaskTransition, told: tuple[Happening, ...], one: "_Beginning") -> Instance:
        """Begin the handler's thread; the group and the task hold as they were read."""
        at, entry = change.after.updated_at, before.entry
        id_ = thread_id(entry.thread, entry.scope, entry.element_id, str(entry.occurrence), one.handling.entry, one.key)
        clock, record = epoch_ms(at), HandlerThreads(threads=self.threads)
        thread = record.begun(before.instance_id, one.handling, id_, clock=clock, at=at)
        known = self.threads.load_group(before.instance_id, thread.group.key)
        if all(live.id != id_ for live in known.live):
            group = known.group or ThreadGroup(instance_id=before.instance_id, place=thread.group)
            first = first_of(thread, self._variables(before, one), clock=clock)
            writes = ThreadWrites(before=known.group, group=group.changed(live=1), threads=(first,))
            instance = self._commit(known.instance, change, told, writes)
        else:
            instance = known.instance
        self._start(instance, thread)
        return instance

    def _variables(self, before: Task, one: "_Beginning") -> JsonObject:
        known = one.handling.variables
        seen = self.tasks.tasks.load(before.id).input_data if known is None else known
        return {**seen, **given_to(one.catch, one.raised)}

    def _start(self, instance: Instance, thread: SideThread) -> None:
        with suppress(Unavailable):  # the execution watch starts it later
            ThreadExecutions(threads=self.threads, engine=self.tasks.engine).start(instance, thread)

    def _commit(
        self, before: Instance, change: TaskTransition, told: tuple[Happening, ...], writes: ThreadWrites
    ) -> Instance:
        pair = [(change.before, change.after)]
        accounted = instance_lifecycle.accounted(before, pair, at=change.after.updated_at)
        transition = instance_transition(before, accounted, told, ids=self.tasks.ids, tasks=(change,), threads=writes)
        self.tasks.instances.commit(transition)
        return transition.after

    def _interrupting(self, unit: TaskUnit, before: Task, raised: Raised, catch: EscalationCatch) -> Escalated:
        given = given_to(catch, raised)
        within_limit("variables", self._read_by_process(unit.instance, given), limit=READ_OF_ERROR)
        after, told = taken_by(before, raised, catch, at=self.tasks.clock.now())
        change = TaskTransition(before=before, after=after, token=unit.token, result_data=given)
        instance = self.tasks.commit(unit, change, told)
        with suppress(Unavailable):  # the execution watch answers later
            answer(self.tasks.engine, after, token=unit.token, result=given)
        return Escalated(unit=TaskUnit(instance=instance, task=after), code=raised.code, catch=catch)

    def _read_by_process(self, instance: Instance, variables: JsonObject) -> JsonObject:
        """The variables that expressions read: they travel with the error, others may as references."""
        catalogue = self.definitions.load_catalogue(instance.definition_id, instance.definition_version)
        return {name: value for name, value in variables.items() if name in catalogue.routing_variables}


@dataclass(frozen=True, slots=True)
class _Beginning:
    raised: Raised
    catch: EscalationCatch
    handling: Handling
    key: str
