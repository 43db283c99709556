"""Ad-hoc sub-processes over the API: what is open, what begins in it, when it is done (docs/design-notes.md, 14).

Each decision moves the version of the group and the head of the instance in one transaction: of an activity that
begins and an end one is first, and the other is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from orchestrator.compiler.catalogue import CatalogueElement
from orchestrator.domain.ad_hoc import AdHoc
from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.ids import InstanceId, thread_id
from orchestrator.domain.side_thread import GroupPlace, SideThread, threads_below
from orchestrator.domain.task import Task
from orchestrator.ports.instances import OpenWork
from orchestrator.services.machines.ad_hoc_ends import COMMAND, completion
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.machines.threads import GATHERING, Step, Threads, first_of
from orchestrator.services.payloads import within_limit
from orchestrator.services.tokens.answers import epoch_ms
from orchestrator.services.unit_of_work import decided

RESOURCE: Final = "workflow_instance"
AD_HOC: Final = "adHocSubProcess"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An activity to begin, and variables that only it sees; what it writes itself leaves it."""

    element_id: str
    variables: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Which open ad-hoc sub-process is meant; `scope` where one is open several times."""

    instance_id: str
    element_id: str
    scope: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An activity that may be begun, and how often it was: `running` ones have not ended."""

    element: CatalogueElement
    begun: int
    running: int
    completed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAdHoc:
    """An open ad-hoc sub-process, as it stands; `wait` is the entry of its host."""

    wait: Task
    element: CatalogueElement
    ad_hoc: AdHoc
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHocActivities:
    """Begins activities of ad-hoc sub-processes, and ends these."""

    threads: Threads

    def open_in(self, caller: Caller, instance_id: str) -> tuple[OpenAdHoc, ...]:
        """The open ad-hoc sub-processes of an instance, oldest first. Raises NotFound: no instance the caller sees."""
        work = self._visible(caller, instance_id)
        found = (self._shown(wait, step) for wait, step in self._steps(work))
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.wait.created_at))

    def begin(
        self, caller: Caller, named: Named, chosen: tuple[Chosen, ...], *, cancel_remaining: bool = False
    ) -> OpenAdHoc:
        """Begin activities, all in one transaction; `cancel_remaining` ends what runs before. As it stands then.

        Raises:
            NotFound: no such instance that the caller may see.
            Conflict: nothing of this id is open, it is done already, or one activity at a time may run.
            InvalidRequest: it has no such activity.
            PayloadTooLarge: the variables of one are too large.
        """
        for number, one in enumerate(chosen):
            within_limit(f"elements.{number}.variables", one.variables)
        if cancel_remaining:
            decided(lambda: self._stop_running(caller, named, chosen), self.threads.dispatcher.pause)
        return decided(lambda: self._begun(caller, named, chosen), self.threads.dispatcher.pause)

    def complete(self, caller: Caller, named: Named, *, cancel_remaining: bool = False) -> OpenAdHoc:
        """It is done, whatever its condition says; as it was then. What it ends is ended by the machine.

        Raises:
            NotFound: no such instance that the caller may see.
            Conflict: nothing of this id is open, or activities run and are not to be cancelled.
        """
        return decided(lambda: self._completed(caller, named, cancel_remaining), self.threads.dispatcher.pause)

    # --- decisions

    def _stop_running(self, caller: Caller, named: Named, chosen: tuple[Chosen, ...]) -> None:
        wait, step, ad_hoc = self._asked(caller, named)
        _require_known(ad_hoc, chosen)
        runtime = self.threads.dispatcher
        place, running = step.group.place, runtime.threads.running(wait.instance_id)
        inside = threads_below(running, place.host, place.scope)
        runtime.endings.thread_stops.stop(step.before.instance, inside, by=None, reason="others were begun instead")

    def _begun(self, caller: Caller, named: Named, chosen: tuple[Chosen, ...]) -> OpenAdHoc:
        wait, step, ad_hoc = self._asked(caller, named)
        _require_known(ad_hoc, chosen)
        if ad_hoc.sequential and step.group.live + len(chosen) > 1:
            raise Conflict("Its activities run one at a time", element_id=named.element_id, running=_running(step))
        at, runtime = self.threads.dispatcher.clock.now(), self.threads.dispatcher
        call = _call(wait, clock=epoch_ms(at))
        seen: JsonObject = {**runtime.tasks.load(wait.id).input_data, **self.threads.written(step)["changes"]}
        told: list[Happening] = []
        for one in chosen:
            number = str(sum(ad_hoc.begun.values()))
            thread = SideThread(
                id=thread_id(step.group.key, "ad-hoc", number),
                instance_id=wait.instance_id,
                group=step.group.place,
                entry=ad_hoc.choices[one.element_id],
                order=number,
                started_at=at,
            )
            ad_hoc = ad_hoc.with_begun(one.element_id)
            first = first_of(thread, {**seen, **one.variables}, clock=call.clock)
            step = step.with_change(first, live=1, ad_hoc=ad_hoc)
            told.append(self._told(step, ad_hoc, one, actor=caller.subject))
        self.threads.commit(call, replace(step, happened=tuple(told)))
        return self._as_shown(wait, step, ad_hoc)

    def _completed(self, caller: Caller, named: Named, cancel_remaining: bool) -> OpenAdHoc:
        wait, step, ad_hoc = self._asked(caller, named)
        if step.group.live and not cancel_remaining:
            raise Conflict("Activities are running in it", element_id=named.element_id, running=_running(step))
        runtime = self.threads.dispatcher
        ad_hoc = ad_hoc.ended(cut=step.group.live > 0)
        told = completion(runtime, step.before.instance, ad_hoc, reason=COMMAND, actor=caller.subject)
        step = replace(step, group=step.group.changed(ad_hoc=ad_hoc), happened=(told,))
        call = _call(wait, clock=epoch_ms(runtime.clock.now()))
        self.threads.commit(call, self.threads.settled(call, step))
        return self._as_shown(wait, step, ad_hoc)

    # --- what is open

    def _asked(self, caller: Caller, named: Named) -> tuple[Task, Step, AdHoc]:
        """The open ad-hoc sub-process that is meant, in a state to decide on."""
        work = self._visible(caller, named.instance_id)
        instance = work.instance
        caller.require_version(instance.id, str(instance.sequence))
        if instance.is_final:
            raise Conflict("The instance has ended", current_status=instance.status, instance_id=instance.id)
        of_element = [(wait, step) for wait, step in self._steps(work) if wait.element_id == named.element_id]
        found = [one for one in of_element if named.scope in {None, _scope(one[0])}]
        if len(found) > 1:
            scopes = sorted(_scope(wait) for wait, _ in found)
            raise Conflict("It is open several times: name the scope", element_id=named.element_id, scopes=scopes)
        if not found:
            raise Conflict("No ad-hoc sub-process of this id is open", element_id=named.element_id)
        wait, step = found[0]
        ad_hoc = step.group.ad_hoc
        if ad_hoc is None or ad_hoc.closed or self.threads.host(step.group) is None:
            raise Conflict("The ad-hoc sub-process is done", element_id=named.element_id)
        return wait, step.recounted(), ad_hoc

    def _steps(self, work: OpenWork) -> Iterator[tuple[Task, Step]]:
        """The waits of hosts of ad-hoc sub-processes, each with its group."""
        runtime = self.threads.dispatcher
        for wait in work.tasks:
            is_group = wait.element_type == GATHERING
            if is_group and runtime.element(work.instance, wait.element_id).type == AD_HOC:
                yield wait, self.threads.load(_call(wait, clock=0), _place(wait))

    def _shown(self, wait: Task, step: Step) -> OpenAdHoc | None:
        return None if step.group.ad_hoc is None else self._as_shown(wait, step, step.group.ad_hoc)

    def _as_shown(self, wait: Task, step: Step, ad_hoc: AdHoc) -> OpenAdHoc:
        instance, running = step.before.instance, _running(step)
        element = self.threads.dispatcher.element
        activities = tuple(
            Activity(
                element=element(instance, activity),
                begun=ad_hoc.begun.get(activity, 0),
                running=running.count(activity),
                completed=ad_hoc.completed.get(activity, 0),
            )
            for activity in ad_hoc.choices
        )
        return OpenAdHoc(wait=wait, element=element(instance, wait.element_id), ad_hoc=ad_hoc, activities=activities)

    def _told(self, step: Step, ad_hoc: AdHoc, chosen: Chosen, *, actor: str) -> Happening:
        runtime = self.threads.dispatcher
        element = runtime.element(step.before.instance, chosen.element_id)
        return Happening(
            type=EventType.AD_HOC_ACTIVITY_BEGUN,
            at=runtime.clock.now(),
            data={"element_name": element.name, "ad_hoc_sub_process": ad_hoc.element_id},
            element_id=element.id,
            element_type=element.type,
            actor=actor,
        )

    def _visible(self, caller: Caller, instance_id: str) -> OpenWork:
        work = self.threads.dispatcher.instances.load_unanswered(InstanceId(instance_id))
        if not caller.sees(work.instance.project_id):
            raise NotFound(RESOURCE, instance_id)
        return work


def _require_known(ad_hoc: AdHoc, chosen: tuple[Chosen, ...]) -> None:
    for number, one in enumerate(chosen):
        if one.element_id not in ad_hoc.choices:
            known = ", ".join(ad_hoc.choices)
            raise InvalidRequest(f"elements.{number}.element_id", f"must be one of: {known}")


def _running(step: Step) -> list[str]:
    """The activities that run, one for each time."""
    ad_hoc, place = step.group.ad_hoc, step.group.place
    if ad_hoc is None:
        return []
    entries = (one.entry for one in step.live if one.group == place)
    return [activity for activity in map(ad_hoc.activity_at, entries) if activity is not None]


def _call(wait: Task, *, clock: int) -> Call:
    """What the host of an ad-hoc sub-process would ask."""
    entry = wait.entry
    return Call(
        instance_id=wait.instance_id, thread=entry.thread, execution="", scope=entry.scope, clock=clock, trail=()
    )


def _place(wait: Task) -> GroupPlace:
    return GroupPlace(host=wait.entry.thread, scope=wait.entry.scope)


def _scope(wait: Task) -> str:
    return wait.entry.scope
