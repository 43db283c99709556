"""What a called instance means to its caller: its end answers the call activity.

completed -> its output variables;  failed with a code -> that BPMN error, if the caller catches it;
else (failed, cancelled, terminated alone) -> an incident at the call activity, whose retry calls anew
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from orchestrator.domain import instance_lifecycle, task_lifecycle
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import NotFound, Unavailable
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import Instance, InstanceStatus, Parent
from orchestrator.domain.task import OPEN, Incident, Task, TaskStatus
from orchestrator.domain.task_failure import failure_of
from orchestrator.ports.activities import CallLinks, Link
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceRecord, InstanceStore
from orchestrator.ports.tasks import TaskStore, TaskUnit
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.tokens.answers import answer
from orchestrator.services.unit_of_work import decided, instance_transition

CALLED_INSTANCE_FAILED: Final = "CALLED_INSTANCE_FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReturns:
    """`ports.activities.Relatives`."""

    instances: InstanceStore
    tasks: TaskStore
    definitions: DefinitionStore
    links: CallLinks
    engine: WorkflowEngine
    clock: Clock
    ids: Ids
    pause: Pause

    def called_by(self, instance: InstanceId) -> tuple[InstanceId, ...]:
        """One Query."""
        return tuple(link.instance_id for link in self.links.of(instance))

    def ended(self, instance: Instance) -> None:
        """Answer the caller of an instance that has ended; without caller, or answered before, nothing."""
        parent = instance.parent
        if parent is None or not instance.is_final:
            return
        with suppress(NotFound):
            record = self.instances.load_record(instance.id)
            unit, task = decided(lambda: self._settled(parent, record), self.pause)
            if task is not None and task.status is not TaskStatus.FAILED:
                with suppress(Unavailable):  # the execution watch answers later
                    answer(self.engine, task, token=unit.token, result=_result(record, task))
        self.links.remove(parent.instance_id, Link(parent.task_id, instance.id))

    def _settled(self, parent: Parent, record: InstanceRecord) -> tuple[TaskUnit, Task | None]:
        """The caller's entry as it is closed now; None: it was closed before."""
        unit = self.tasks.load_unit(parent.instance_id, parent.task_id)
        before = unit.task
        if before is None or before.status not in OPEN or unit.instance.is_final:
            return unit, None
        if record.instance.status is InstanceStatus.COMPLETED:
            after, events = self._completed(before, record.instance)
            return self._commit(unit, before, after, events, _result(record, after))
        handler = self._handler(unit.instance, before, record.instance)
        if handler is not None:
            after, events = self._caught(before, record.instance, handler)
            return self._commit(unit, before, after, events, _result(record, after))
        return self._given_up(unit, before, record.instance)

    def _completed(self, before: Task, called: Instance) -> tuple[Task, tuple[Happening, ...]]:
        after = task_lifecycle.passed(before, at=self.clock.now())
        return after, (self._happening(EventType.ELEMENT_COMPLETED, after, {"called_instance_id": called.id}),)

    def _caught(self, before: Task, called: Instance, handler: str) -> tuple[Task, tuple[Happening, ...]]:
        closed = task_lifecycle.passed(before, at=self.clock.now())
        after = replace(closed, status=TaskStatus.CANCELLED, caught_by=handler)
        failure = called.failure
        error = {"error_code": failure.error_code, "message": failure.reason} if failure else {}
        return after, (self._happening(EventType.ERROR_OCCURRED, after, {"called_instance_id": called.id, **error}),)

    def _handler(self, caller: Instance, entry: Task, called: Instance) -> str | None:
        failure = called.failure
        if called.status is not InstanceStatus.FAILED or failure is None or failure.element_id is None:
            return None
        catalogue = self.definitions.load_catalogue(caller.definition_id, caller.definition_version)
        element = catalogue.elements.get(entry.element_id)
        handlers = element.error_handlers if element else ()
        return next((h.handler_id for h in handlers if h.code in {None, failure.error_code}), None)

    def _given_up(self, unit: TaskUnit, before: Task, called: Instance) -> tuple[TaskUnit, Task]:
        at, failure = self.clock.now(), called.failure
        why = f": {failure.error_code}, {failure.reason}" if failure else ""
        incident = Incident(
            code=CALLED_INSTANCE_FAILED, message=f"The called instance {called.id} is {called.status}{why}"
        )
        after, raised = task_lifecycle.raised(before, incident, at=at)
        failed, happenings = instance_lifecycle.failed(unit.instance, failure_of(after), at=at)
        counted = instance_lifecycle.accounted(failed, [(None, after)], at=at)
        change = TaskTransition(before=before, after=after, token=unit.token)
        events = (*raised, *happenings)
        self.instances.commit(instance_transition(unit.instance, counted, events, ids=self.ids, tasks=(change,)))
        return unit, after

    def _commit(
        self, unit: TaskUnit, before: Task, after: Task, events: tuple[Happening, ...], result: JsonObject
    ) -> tuple[TaskUnit, Task]:
        change = TaskTransition(before=before, after=after, token=unit.token, result_data=result)
        self.instances.commit(instance_transition(unit.instance, unit.instance, events, ids=self.ids, tasks=(change,)))
        return unit, after

    def _happening(self, kind: EventType, entry: Task, data: JsonObject) -> Happening:
        about = {"element_name": entry.name, **data}
        return Happening(
            type=kind, at=self.clock.now(), data=about, element_id=entry.element_id, element_type=entry.element_type
        )


def _result(record: InstanceRecord, entry: Task) -> JsonObject:
    """What the call activity gets: the output variables; a caught error carries none."""
    return {} if entry.caught_by is not None else record.output_variables or {}
