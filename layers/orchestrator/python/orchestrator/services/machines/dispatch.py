"""What a machine asks of the runtime (docs/design-notes.md, section 3), each answer given by the record.

A repeated call and a second run are the same case: the same key, so the same entry of the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from orchestrator.compiler.catalogue import Catalogue, CatalogueElement
from orchestrator.domain import instance_control, instance_lifecycle, task_lifecycle
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.escalation import EscalationCatch
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.ids import ROOT_THREAD, InstanceId, TaskId, ThreadId, task_id
from orchestrator.domain.instance import Cancellation, Failure, Instance, InstanceStatus
from orchestrator.domain.side_thread import ThreadStatus
from orchestrator.domain.subscription import Subscription
from orchestrator.domain.task import UNANSWERED, Entry, Incident, Task
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.tasks import TaskStore, TaskUnit
from orchestrator.ports.threads import ThreadStore
from orchestrator.ports.transitions import ScopeEnd, TaskTransition, ThreadChange, ThreadWrites
from orchestrator.services.machines.activation import TaskFactory
from orchestrator.services.publications.correlation import Correlation
from orchestrator.services.tokens.answers import WITHDRAWN, answer
from orchestrator.services.tokens.scope_endings import ScopeEndings
from orchestrator.services.tokens.thread_execution import ThreadExecutions
from orchestrator.services.tokens.withdrawal import Withdrawal
from orchestrator.services.unit_of_work import decided, instance_transition

#: events of one transaction beside those of the operation itself; DynamoDB takes 100 writes
TRAIL_PER_TRANSACTION: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The fields that every operation carries."""

    instance_id: InstanceId
    thread: str
    execution: str
    scope: str
    clock: int
    trail: tuple[str, ...]
    trace_id: str | None = None

    def entry(self, element_id: str, occurrence: int, *, scope: str | None = None) -> Entry:
        """The key of an entry of an element, in the caller's scope unless another is named."""
        inside = self.scope if scope is None else scope
        return Entry(thread=self.thread, scope=inside, element_id=element_id, occurrence=occurrence)

    def key(self, element_id: str, occurrence: int) -> TaskId:
        """The id of what is recorded of an entry in the caller's scope."""
        return identity(self.instance_id, self.entry(element_id, occurrence))

    @property
    def side_thread(self) -> ThreadId | None:
        """The side thread that calls; None: the root."""
        return None if self.thread == ROOT_THREAD else ThreadId(self.thread)

    def end(self, scope: str, element_id: str) -> ScopeEnd:
        """An end of a scope of the caller's thread."""
        return ScopeEnd(instance_id=self.instance_id, thread=self.thread, scope=scope, element_id=element_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A token that arrived at an element and waits there for an answer."""

    element_id: str
    occurrence: int
    token: str
    input_data: JsonObject
    deadline: datetime | None = None
    subscriptions: tuple[Subscription, ...] = ()
    escalations: tuple[EscalationCatch, ...] = ()
    snapshot: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDispatcher:
    """Activates tasks, notes incidents and ends instances as their machines ask."""

    instances: InstanceStore
    tasks: TaskStore
    threads: ThreadStore
    definitions: DefinitionStore
    engine: WorkflowEngine
    factory: TaskFactory
    correlation: Correlation
    clock: Clock
    ids: Ids
    pause: Pause

    def activate(self, call: Call, arrival: Arrival) -> None:
        """A token waits: make its task or wait, or attach to the one that is there, or answer at once.

        A wait is written before buffered messages are looked for, a message before those who wait: so of the
        two that meet, one sees the other.
        """
        decided(lambda: self._activated(call, arrival), self.pause)
        if arrival.subscriptions:
            entry = call.entry(arrival.element_id, arrival.occurrence)
            self.correlation.look(call.instance_id, identity(call.instance_id, entry))

    def _activated(self, call: Call, arrival: Arrival) -> None:
        unit = self._unit(call, arrival)
        if not self.is_new(unit, arrival, call):
            return
        task = self.made(call, unit.instance, call.entry(arrival.element_id, arrival.occurrence), arrival)
        if not task.is_work:
            self._waiting(call, unit.instance, task, arrival)
            return
        task = replace(task, held=unit.instance.paused_at is not None)
        task, happenings = task_lifecycle.created(task, execution=call.execution)
        self.commit_new(call, unit.instance, task, happenings, arrival)

    def _waiting(self, call: Call, instance: Instance, wait: Task, arrival: Arrival) -> None:
        """A token waits for events; a boundary event beside the body of its sub-process unless that is done already."""
        host = self.element(instance, wait.element_id).interrupts
        if host is None:
            self.commit_new(call, instance, wait, (), arrival)
            return
        end = call.end(call.scope, host)
        if self.instances.ended_at(end) is not None:
            answer(self.engine, task_lifecycle.passed(wait, at=wait.created_at), token=arrival.token, result=None)
            return
        self.commit_new(call, instance, wait, (), arrival, unended=end)

    def incident(self, call: Call, arrival: Arrival, *, code: str, message: str) -> None:
        """A token cannot go on by itself: a failed task waits for a retry, and the instance shows the failure."""
        decided(lambda: self._incident(call, arrival, Incident(code=code, message=message)), self.pause)

    def _incident(self, call: Call, arrival: Arrival, incident: Incident) -> None:
        unit = self._unit(call, arrival)
        if not self.is_new(unit, arrival, call):
            return
        entry = call.entry(arrival.element_id, arrival.occurrence)
        task = replace(self.made(call, unit.instance, entry, arrival), assignment=None, incident=incident)
        task, created = task_lifecycle.created(task, execution=call.execution)
        task, raised = task_lifecycle.raised(task, incident, at=task.created_at)
        failure = Failure(
            reason=incident.message,
            error_code=incident.code,
            failed_task_id=task.id,
            failed_task_name=task.name,
            element_id=task.element_id,
            retry_possible=True,
        )
        failed, happenings = instance_lifecycle.failed(unit.instance, failure, at=task.created_at)
        self.commit_new(call, unit.instance, task, (*created, *raised, *happenings), arrival, after=failed)

    def complete(self, call: Call, variables: JsonObject) -> Instance:
        """The root thread has ended: so has the instance, which is returned."""
        return decided(lambda: self._completed(call, variables), self.pause)

    def _completed(self, call: Call, variables: JsonObject) -> Instance:
        before = self.instances.load(call.instance_id)
        if before.is_over_for(call.thread):
            return before
        if before.cancellation is not None:
            return self._cancelled(call, before, before.cancellation)
        before, trail = self.with_trail(call, before)
        after, happenings = instance_lifecycle.completed(before, output=variables, at=self.clock.now())
        events = (*trail, *happenings)
        transition = instance_transition(before, after, events, ids=self.ids, output_variables=variables)
        self.instances.commit(transition)
        return transition.after

    def _cancelled(self, call: Call, before: Instance, asked: Cancellation) -> Instance:
        """What the instance had completed is compensated: it ends as it was asked to, and its last thread with it."""
        thread = self.threads.load(call.instance_id, asked.thread)
        if thread is None or call.side_thread != asked.thread:
            return before
        before, trail = self.with_trail(call, before)
        at = self.clock.now()
        after, told = instance_control.ended(
            before, InstanceStatus.CANCELLED, reason=asked.reason, actor=asked.by, at=at
        )
        ended = ThreadWrites(threads=(ThreadChange(before=thread, after=thread.moved(ThreadStatus.ENDED)),))
        transition = instance_transition(before, after, (*trail, *told), ids=self.ids, threads=ended)
        self.instances.commit(transition)
        return transition.after

    def fail(self, call: Call, *, element_id: str, code: str, message: str) -> Instance:
        """An error end event that nobody catches: the instance fails for good, and is returned."""
        failed = decided(lambda: self._failed(call, element_id, code, message), self.pause)
        executions = ThreadExecutions(threads=self.threads, engine=self.engine)
        executions.stop_all(failed, cause=code, but=call.thread)
        return failed

    def _failed(self, call: Call, element_id: str, code: str, message: str) -> Instance:
        before = self.instances.load(call.instance_id)
        if before.is_over_for(call.thread) or not self.lives(call):
            return before
        at = self.clock.now()
        before = self.withdrawal.all_open(before, reason=f"instance failed: {code}", at=at)
        before, trail = self.with_trail(call, before)
        failure = Failure(reason=message, error_code=code, element_id=element_id)
        after, happenings = instance_lifecycle.failed(instance_lifecycle.revived(before, at=at), failure, at=at)
        raised = self.happening(before, EventType.ERROR_OCCURRED, element_id, {"error_code": code, "message": message})
        transition = instance_transition(before, after, (*trail, raised, *happenings), ids=self.ids)
        self.instances.commit(transition)
        return transition.after

    # --- shared by the operations

    @property
    def endings(self) -> ScopeEndings:
        """Ends scopes before their time."""
        return self.correlation.endings

    @property
    def withdrawal(self) -> Withdrawal:
        """Closes many entries at once."""
        return Withdrawal(instances=self.instances, ids=self.ids)

    def _unit(self, call: Call, arrival: Arrival) -> TaskUnit:
        entry = call.entry(arrival.element_id, arrival.occurrence)
        return self.tasks.load_unit(call.instance_id, identity(call.instance_id, entry))

    def is_new(self, unit: TaskUnit, arrival: Arrival, call: Call) -> bool:
        """False: the record has this entry (or the instance is over), and the token was dealt with."""
        task = unit.task
        if task is None:
            if not unit.instance.is_over_for(call.thread) and self.lives(call):
                return True
            self.engine.fail(arrival.token, error=WITHDRAWN, cause={"status": unit.instance.status})
        elif task.status in UNANSWERED:
            self.tasks.attach(task, token=arrival.token, execution=call.execution)
        else:
            answer(self.engine, task, token=arrival.token, result=unit.result_data)
        return False

    def lives(self, call: Call) -> bool:
        """False: the side thread that calls was stopped, its execution soon will be."""
        if call.side_thread is None:
            return True
        thread = self.threads.load(call.instance_id, call.side_thread)
        return thread is not None and thread.is_live

    def made(self, call: Call, instance: Instance, entry: Entry, arrival: Arrival) -> Task:
        """The task of a new entry."""
        made = self.factory.task(
            identity(instance.id, entry),
            instance,
            self.element(instance, entry.element_id),
            entry,
            variables=arrival.input_data,
            deadline=arrival.deadline,
            subscriptions=arrival.subscriptions,
            trace_id=call.trace_id,
            at=self.clock.now(),
        )
        return replace(made, snapshot=arrival.snapshot, escalations=arrival.escalations)

    def commit_new(
        self,
        call: Call,
        before: Instance,
        task: Task,
        happenings: tuple[Happening, ...],
        arrival: Arrival,
        *,
        after: Instance | None = None,
        unended: ScopeEnd | None = None,
    ) -> None:
        """Write a new entry with its token, what passed before it, and what happened."""
        before_trail, trail = self.with_trail(call, before)
        changed = after or before_trail
        accounted = instance_lifecycle.accounted(
            replace(changed, sequence=before_trail.sequence), [(None, task)], at=task.created_at
        )
        change = TaskTransition(
            before=None, after=task, token=arrival.token, execution=call.execution, input_data=arrival.input_data
        )
        events = (*trail, *happenings)
        transition = instance_transition(
            before_trail,
            accounted,
            events,
            ids=self.ids,
            tasks=(change,),
            unended=unended,
            alive=call.side_thread,
        )
        self.instances.commit(transition)

    def with_trail(self, call: Call, instance: Instance) -> tuple[Instance, tuple[Happening, ...]]:
        """What passed since the last report; what one transaction cannot take is committed before."""
        catalogue, at = self.catalogue(instance), self.clock.now()
        trail = tuple(_passed(catalogue, element_id, at) for element_id in call.trail)
        while len(trail) > TRAIL_PER_TRANSACTION:
            transition = instance_transition(instance, instance, trail[:TRAIL_PER_TRANSACTION], ids=self.ids)
            self.instances.commit(transition)
            instance, trail = transition.after, trail[TRAIL_PER_TRANSACTION:]
        return instance, trail

    def happening(self, instance: Instance, kind: EventType, element_id: str, data: Mapping[str, Any]) -> Happening:
        """An event about an element."""
        element_type = self.element(instance, element_id).type
        return Happening(type=kind, at=self.clock.now(), data=data, element_id=element_id, element_type=element_type)

    def element(self, instance: Instance, element_id: str) -> CatalogueElement:
        """What the catalogue knows of an element; of one that it lacks, the id."""
        found = self.catalogue(instance).elements.get(element_id)
        return found or CatalogueElement(id=element_id, type="flowNode")

    def catalogue(self, instance: Instance) -> Catalogue:
        """What the compiler noted of the version that the instance runs."""
        return self.definitions.load_catalogue(instance.definition_id, instance.definition_version)


def identity(instance: InstanceId, entry: Entry) -> TaskId:
    """The id of the task of an entry."""
    return task_id(
        instance, thread=entry.thread, scope=entry.scope, element_id=entry.element_id, occurrence=entry.occurrence
    )


def from_epoch_ms(milliseconds: float | None) -> datetime | None:
    """Machine time as a moment."""
    return None if milliseconds is None else datetime.fromtimestamp(round(milliseconds) / 1000, UTC)


def _passed(catalogue: Catalogue, element_id: str, at: datetime) -> Happening:
    element = catalogue.elements.get(element_id)
    return Happening(
        type=EventType.ELEMENT_COMPLETED,
        at=at,
        data={"element_name": element.name if element else None},
        element_id=element_id,
        element_type=element.type if element else None,
    )
