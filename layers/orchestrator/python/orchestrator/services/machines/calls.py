"""Call activities: an entry of one calls an instance of another definition, which answers it when it ends.

The called instance's id comes from the entry, so a repeated call, and a second run of the caller's machine, find
the instance that is there. It runs in the caller's slot, context and priority; a paused caller's is paused.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from orchestrator.domain import instance_control, instance_lifecycle
from orchestrator.domain.errors import NotFound, Unavailable
from orchestrator.domain.events import Happening
from orchestrator.domain.ids import called_instance_id
from orchestrator.domain.instance import LIVE, Instance, InstanceStatus, Parent, Progress
from orchestrator.domain.task import OPEN, Task
from orchestrator.ports.activities import CalledDefinitions, Callee, CallLinks, Link, Relatives
from orchestrator.services.instances.instances import run
from orchestrator.services.machines.dispatch import Arrival, Call, TaskDispatcher
from orchestrator.services.unit_of_work import decided, instance_transition

#: how deep calls may nest
DEEPEST: Final = 20
CALLED_ELEMENT_UNKNOWN: Final = "CALLED_ELEMENT_UNKNOWN"
CALLS_TOO_DEEP: Final = "CALLS_TOO_DEEP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a call activity asks for. `binding`: latest, deployment, version or versionTag."""

    called: str | None
    binding: str = "latest"
    version: str | None = None
    business_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallService:
    """Calls instances."""

    dispatcher: TaskDispatcher
    definitions: CalledDefinitions
    links: CallLinks
    relatives: Relatives
    deepest: int = DEEPEST

    def call(self, call: Call, arrival: Arrival, asked: Called) -> None:
        """A token waits at a call activity: its instance is made and started, once.

        What cannot be called is an incident at the activity; its retry calls anew.
        """
        entry = decided(lambda: self._entered(call, arrival, asked), self.dispatcher.pause)
        if entry is None:
            return
        self._begin(call, entry, arrival, asked)
        if arrival.subscriptions:
            self.dispatcher.correlation.look(call.instance_id, entry.id)

    def _begin(self, call: Call, entry: Task, arrival: Arrival, asked: Called) -> None:
        called = called_instance_id(entry.id)
        try:
            self.relatives.ended(self.dispatcher.instances.load(called))
        except NotFound:
            self.links.add(call.instance_id, Link(entry.id, called))
            decided(lambda: self._made(entry, arrival, asked), self.dispatcher.pause)

    def _entered(self, call: Call, arrival: Arrival, asked: Called) -> Task | None:
        """The open entry; None: the record has closed it, or an incident was raised."""
        runtime = self.dispatcher
        identified = call.key(arrival.element_id, arrival.occurrence)
        unit = runtime.tasks.load_unit(call.instance_id, identified)
        if not runtime.is_new(unit, arrival, call):
            return unit.task if unit.task is not None and unit.task.status in OPEN else None
        refusal = self._refusal(unit.instance, asked)
        if refusal is not None:
            code, message = refusal
            runtime.incident(call, arrival, code=code, message=message)
            return None
        entry = runtime.made(call, unit.instance, call.entry(arrival.element_id, arrival.occurrence), arrival)
        runtime.commit_new(call, unit.instance, entry, (), arrival)
        return entry

    def _refusal(self, instance: Instance, asked: Called) -> tuple[str, str] | None:
        if _depth(instance) >= self.deepest:
            return CALLS_TOO_DEEP, f"Calls may nest {self.deepest} deep"
        if self._callee(instance, asked) is None:
            return CALLED_ELEMENT_UNKNOWN, f"No published definition serves the called process '{asked.called}'"
        return None

    def _callee(self, instance: Instance, asked: Called) -> Callee | None:
        if not asked.called:
            return None
        known_to = instance if asked.binding == "deployment" else None
        return self.definitions.find(asked.called, version=asked.version, known_to=known_to)

    def _made(self, entry: Task, arrival: Arrival, asked: Called) -> None:
        runtime = self.dispatcher
        caller = runtime.instances.load(entry.instance_id)
        callee = self._callee(caller, asked)
        if callee is None or caller.status not in LIVE:
            raise Unavailable(f"{asked.called} cannot be called now", retry_after_seconds=1)
        new, events = self._begun(_new(entry, caller, callee, asked), arrival, paused=caller.paused_at is not None)
        transition = instance_transition(None, new, events, ids=runtime.ids, input_variables=arrival.input_data)
        runtime.instances.commit(transition)
        with suppress(Unavailable):  # the execution watch starts it later
            run(runtime.engine, transition.after, arrival.input_data)

    def _begun(self, new: Instance, arrival: Arrival, *, paused: bool) -> tuple[Instance, tuple[Happening, ...]]:
        at, actor = self.dispatcher.clock.now(), new.created_by
        _, created = instance_lifecycle.created(new, input_variables=arrival.input_data)
        begun, started = instance_lifecycle.started(new, actor=actor, at=at)
        if not paused:
            return begun, (*created, *started)
        held, told = instance_control.paused(begun, reason="the caller is paused", actor=actor, at=at)
        return held, (*created, *started, *told)


def _new(entry: Task, caller: Instance, callee: Callee, asked: Called) -> Instance:
    return Instance(
        id=called_instance_id(entry.id),
        definition_id=callee.definition_id,
        definition_version=callee.version,
        state_machine_arn=callee.state_machine_arn,
        name=callee.name,
        status=InstanceStatus.CREATED,
        created_at=entry.created_at,
        updated_at=entry.created_at,
        created_by=caller.created_by,
        context=caller.context,
        correlation_id=caller.correlation_id,
        priority=caller.priority,
        business_key=asked.business_key or caller.business_key,
        configuration=replace(caller.configuration, auto_start=True),
        progress=Progress(planned=callee.planned_tasks),
        parent=Parent(instance_id=caller.id, task_id=entry.id, element_id=entry.element_id, depth=_depth(caller) + 1),
    )


def _depth(instance: Instance) -> int:
    return instance.parent.depth if instance.parent else 0
