"""Groups of side threads (docs/design-notes.md, section 10): spawn, leave, abort, gather.

What a group decides (a thread more, a thread less, the last one gone) is one transaction of its instance, on
condition that the group has not moved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from orchestrator.domain import task_lifecycle
from orchestrator.domain.ad_hoc import AdHoc
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import Happening
from orchestrator.domain.ids import thread_id
from orchestrator.domain.side_thread import (
    Ahead,
    GroupPlace,
    SideThread,
    ThreadGroup,
    ThreadStatus,
    Waiting,
    Watch,
    threads_below,
)
from orchestrator.domain.task import UNANSWERED, Entry, Task, task_type
from orchestrator.domain.thread_data import ThreadData, gathered, merged, read_data
from orchestrator.ports.threads import GroupUnit, ThreadStore
from orchestrator.ports.transitions import TaskTransition, ThreadArrival, ThreadChange, ThreadWrites, Throw
from orchestrator.services.machines.ad_hoc_ends import CONDITION, completion, with_left
from orchestrator.services.machines.dispatch import Arrival, Call, TaskDispatcher, identity
from orchestrator.services.machines.watch_ends import watch_ends
from orchestrator.services.tokens.answers import answer
from orchestrator.services.tokens.handler_threads import first_of
from orchestrator.services.tokens.thread_execution import ThreadExecutions
from orchestrator.services.unit_of_work import decided, instance_transition

#: threads begun in one transaction; each takes up to three writes
THREADS_PER_TRANSACTION: Final = 15
#: the type of the wait of a host; nobody's work, and no element of the model
GATHERING: Final = "threadGroup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A side thread to begin: where in the machine, and its place in the order of the document.

    `watches` is the event that it waits for beside the entry that asks.
    """

    entry: str
    order: str
    ahead: Ahead
    watches: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spawning:
    """Threads to begin in a group, with the variables of the caller's token; `by` is the entry that asks.

    `ahead` is what the caller can reach from then on, where it is a side thread itself.
    """

    place: GroupPlace
    beginnings: tuple[Beginning, ...]
    by: Entry
    variables: JsonObject
    ahead: Ahead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What the host of a group asks: threads to begin, or the join to release although tokens are missing.

    `ad_hoc`: nothing begins until somebody asks for it over the API.
    """

    beginnings: tuple[Beginning, ...] = ()
    release: str | None = None
    ad_hoc: AdHoc | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A group in the middle of a decision: what it is then, what its threads become, who starts, who is answered.

    `waits` are those of watches that end, `happened` is told with the step, `thrown` notes that an entry has thrown.
    """

    before: GroupUnit
    group: ThreadGroup
    live: tuple[SideThread, ...]
    changes: tuple[ThreadChange, ...] = ()
    data: tuple[ThreadData, ...] = ()
    arrivals: dict[ThreadArrival, JsonObject] = field(default_factory=dict[ThreadArrival, JsonObject])
    host: TaskTransition | None = None
    waits: tuple[TaskTransition, ...] = ()
    happened: tuple[Happening, ...] = ()
    thrown: Throw | None = None

    @property
    def watches(self) -> tuple[SideThread, ...]:
        """The watches of the group."""
        return tuple(one for one in self.live if one.watch is not None and one.group == self.group.place)

    @property
    def stopped(self) -> tuple[SideThread, ...]:
        """The threads that this step stops."""
        return tuple(change.after for change in self.changes if change.after.status is ThreadStatus.STOPPED)

    @property
    def started(self) -> tuple[SideThread, ...]:
        """The threads that begin with this step."""
        return tuple(change.after for change in self.changes if change.before is None)

    def recounted(self) -> "Step":
        """The step with the tokens of its group counted anew: some may have been stopped without it."""
        tokens = sum(one.watch is None for one in self.live if one.group == self.group.place)
        return replace(self, group=replace(self.group, live=tokens))

    def with_change(self, change: ThreadChange, *, live: int = 0, **group: Any) -> "Step":
        """The step with one thread changed, and with it the group."""
        others = tuple(thread for thread in self.live if thread.id != change.after.id)
        return replace(
            self,
            group=self.group.changed(live=live, **group),
            live=(*others, change.after) if change.after.is_live else others,
            changes=(*self.changes, change),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """Carries out what machines ask of groups of threads."""

    dispatcher: TaskDispatcher

    def spawn(self, call: Call, asked: Spawning) -> None:
        """Begin side threads in a group. A repeated call begins none, but starts the executions that are missing."""
        for first in range(0, len(asked.beginnings), THREADS_PER_TRANSACTION):
            some = asked.beginnings[first : first + THREADS_PER_TRANSACTION]
            is_last = first + THREADS_PER_TRANSACTION >= len(asked.beginnings)
            part = replace(asked, beginnings=some, ahead=asked.ahead if is_last else None)
            decided(lambda part=part: self._spawned(call, part), self.dispatcher.pause)

    def advance(self, call: Call, place: GroupPlace, ahead: Ahead) -> None:
        """A token took a way from which fewer joins can be reached: those may go on."""
        decided(lambda: self._advanced(call, place, ahead), self.dispatcher.pause)

    def _advanced(self, call: Call, place: GroupPlace, ahead: Ahead) -> None:
        step = self._looking(call, self.load(call, place), ahead)
        if step.changes:
            self.commit(call, self.settled(call, step))

    def _looking(self, call: Call, step: Step, ahead: Ahead | None) -> Step:
        """Note what the caller can reach from now on."""
        thread = self.caller(call, step)
        if thread is None or ahead is None or thread.ahead == ahead:
            return step
        return step.with_change(ThreadChange(before=thread, after=replace(thread, ahead=ahead)))

    def _spawned(self, call: Call, asked: Spawning) -> None:
        step = self.load(call, asked.place)
        if step.before.instance.is_over_for(call.thread) or not self._is_live(call, step):
            return
        threads = [self._begun(call, asked.place, beginning, asked.by) for beginning in asked.beginnings]
        if self._threads.load(call.instance_id, threads[0].id) is None:
            for thread in threads:
                first = first_of(thread, asked.variables, clock=call.clock)
                step = step.with_change(first, live=_tokens(thread))
            self.commit(call, self.settled(call, self._looking(call, step, asked.ahead)))
        else:
            known = {thread.id for thread in threads}
            self.start(step.before, [thread for thread in step.live if thread.id in known])

    def leave(self, call: Call, place: GroupPlace, data: ThreadData) -> None:
        """A side thread has ended; what it wrote stays with the group."""
        decided(lambda: self._left(call, place, data), self.dispatcher.pause)

    def _left(self, call: Call, place: GroupPlace, data: ThreadData) -> None:
        step = self.load(call, place)
        thread = self.caller(call, step)
        if thread is not None:
            data = replace(data, order=step.group.order_of_end(data.order))
            change = ThreadChange(before=thread, after=thread.moved(ThreadStatus.ENDED), data=data.to_json())
            left = replace(step.with_change(change, live=-1), data=(data,))
            self.commit(call, self.settled(call, self._judged(left, thread)))

    def _judged(self, step: Step, left: SideThread) -> Step:
        """Of an ad-hoc sub-process, one more activity has ended, which may be enough."""
        group, runtime = step.group, self.dispatcher
        if group.ad_hoc is None or group.gather is None:
            return step
        step = step.recounted()
        given = runtime.tasks.load(group.gather).input_data
        seen: JsonObject = {**given, **self.written(step)["changes"]}
        ad_hoc = with_left(group.ad_hoc, left.entry, seen, live=step.group.live, at=runtime.clock.now())
        step = replace(step, group=replace(step.group, ad_hoc=ad_hoc))
        if not ad_hoc.closed or group.ad_hoc.closed:
            return step
        told = completion(runtime, step.before.instance, ad_hoc, reason=CONDITION)
        return replace(step, happened=(*step.happened, told))

    def gather(self, call: Call, arrival: Arrival, asked: Gathering) -> None:
        """The host waits until no thread of the group lives; `call.scope` is the path of the group.

        It is answered `{"changes", "clock"}`, with `stuck` (a join that waits for what cannot come) or `aborted`
        (the error or terminate end event that ended the group) where that is how it ended.
        """
        decided(lambda: self._gathered(call, arrival, asked), self.dispatcher.pause)

    def _gathered(self, call: Call, arrival: Arrival, asked: Gathering) -> None:
        runtime = self.dispatcher
        entry = call.entry(arrival.element_id, arrival.occurrence)
        unit = runtime.tasks.load_unit(call.instance_id, identity(call.instance_id, entry))
        if not runtime.is_new(unit, arrival, call):
            return
        place = GroupPlace(host=call.thread, scope=call.scope)
        step = self.load(call, place)
        wait = _wait(runtime, call, step, entry, arrival)
        step = replace(step, group=step.group.changed(gather=wait.id, ad_hoc=asked.ad_hoc))
        for beginning in asked.beginnings:
            thread = self._begun(call, place, beginning, entry)
            first = first_of(thread, arrival.input_data, clock=call.clock)
            step = step.with_change(first, live=_tokens(thread))
        released = () if asked.release is None else tuple(step.group.oldest(asked.release).values())
        if released:
            step = self._fired(step, released)
        given: JsonObject = {} if asked.ad_hoc is None else arrival.input_data
        change = TaskTransition(
            before=None, after=wait, token=arrival.token, execution=call.execution, input_data=given
        )
        self.commit(call, self.settled(call, step, host=change))

    def abort(self, call: Call, place: GroupPlace, aborted: JsonObject) -> None:
        """An error or terminate end event in a side thread: the other threads are stopped, the host is told.

        `aborted` is what the host is answered: `{"aborted": <name of the error>, "changes", "clock"}`.
        """
        step = decided(lambda: self._cleared(call, place, str(aborted["aborted"])), self.dispatcher.pause)
        if step is not None:
            decided(lambda: self._aborted(call, place, aborted), self.dispatcher.pause)

    def _cleared(self, call: Call, place: GroupPlace, reason: str) -> Step | None:
        """Stop the other threads and what is open in them; None: the caller was stopped itself."""
        step = self.load(call, place)
        if self.caller(call, step) is None:
            return None
        running = self._threads.running(call.instance_id)
        others = [one for one in threads_below(running, place.host, place.scope) if one.id != call.thread]
        self.dispatcher.endings.thread_stops.stop(step.before.instance, others, by=None, reason=reason)
        return step

    def _aborted(self, call: Call, place: GroupPlace, aborted: JsonObject) -> None:
        step = self.load(call, place)
        thread = self.caller(call, step)
        if thread is not None:
            change = ThreadChange(before=thread, after=thread.moved(ThreadStatus.ENDED))
            ended = step.with_change(change, aborted=aborted, waiting=())
            ended = replace(ended, group=ended.group.changed(live=-ended.group.live))
            self.commit(call, self.settled(call, ended))

    # --- what a group makes of a change

    def settled(self, call: Call, step: Step, *, host: TaskTransition | None = None) -> Step:
        """Let inclusive joins go on that need wait no longer; answer the host when no token is left."""
        while taken := step.group.ready(thread.ahead for thread in step.live if thread.group == step.group.place):
            step = self._fired(step, taken)
        if not step.group.goes_on:
            step = self.without(call, step, step.watches)
        if step.group.goes_on:
            return replace(step, host=host)
        waiting = host or self.host(step.group)
        if waiting is None:
            return step
        wait = waiting.after
        result = self._result(step)
        over = replace(waiting, after=task_lifecycle.passed(wait, at=self.dispatcher.clock.now()), result_data=result)
        return replace(step, host=over)

    def without(self, call: Call, step: Step, watches: Iterable[SideThread]) -> Step:
        """End watches: those whose event has happened are tokens from then on, the others are stopped."""
        for end in watch_ends(self.dispatcher, call, watches):
            step = step.with_change(end.change, live=_tokens(end.change.after) if end.happened else 0)
            step = replace(step, waits=(*step.waits, *end.waits))
        return step

    def _result(self, step: Step) -> JsonObject:
        group = step.group
        if group.aborted is not None:
            return group.aborted
        if group.waiting:
            return {"changes": {}, "stuck": group.waiting[0].join}
        is_cut = group.ad_hoc is not None and group.ad_hoc.cut
        return {**self.written(step), "cut": True} if is_cut else self.written(step)

    def written(self, step: Step) -> JsonObject:
        """What the threads of a group wrote that have ended: `changes` and `clock`."""
        stored = self._threads.ended(step.group.instance_id, step.group.key)
        return gathered([*map(read_data, stored), *step.data])

    def host(self, group: ThreadGroup) -> TaskTransition | None:
        """The wait of the host, if it came to gather and was not answered or interrupted."""
        if group.gather is None:
            return None
        unit = self.dispatcher.tasks.load_unit(group.instance_id, group.gather)
        if unit.task is None or unit.task.status not in UNANSWERED:
            return None
        return TaskTransition(before=unit.task, after=unit.task, token=unit.token)

    def _fired(self, step: Step, taken: tuple[Waiting, ...]) -> Step:
        """A join goes on with these tokens, in a thread of its own."""
        group, join = step.group, taken[0].join
        token = merged(self.brought(step, taken))
        thread = SideThread(
            id=thread_id(group.key, join, str(group.fired)),
            instance_id=group.instance_id,
            group=group.place,
            entry=join,
            order=token.order,
            started_at=self.dispatcher.clock.now(),
            ahead=taken[0].ahead,
        )
        change = first_of(thread, token.variables, clock=token.clock, written=token.written)
        return step.with_change(change, live=1, fired=group.fired + 1, waiting=group.without(taken))

    def brought(self, step: Step, taken: Sequence[Waiting]) -> list[ThreadData]:
        """What tokens that wait at a join brought there."""
        found: list[ThreadData] = []
        for token in taken:
            place = ThreadArrival(
                group=step.group.key, thread=token.thread, join=token.join, occurrence=token.occurrence
            )
            stored = step.arrivals.get(place) or self._threads.arrival(step.group.instance_id, place)
            if stored is not None:
                found.append(read_data(stored["data"]))
        return found

    # --- shared

    @property
    def _threads(self) -> ThreadStore:
        return self.dispatcher.threads

    @property
    def executions(self) -> ThreadExecutions:
        """The executions of side threads."""
        return ThreadExecutions(threads=self._threads, engine=self.dispatcher.engine)

    def load(self, call: Call, place: GroupPlace) -> Step:
        """A group as it is, or as it begins."""
        unit = self._threads.load_group(call.instance_id, place.key)
        group = unit.group or ThreadGroup(instance_id=call.instance_id, place=place)
        return Step(before=unit, group=group, live=unit.live)

    def caller(self, call: Call, step: Step) -> SideThread | None:
        """The side thread that calls, if it lives."""
        return next((thread for thread in step.live if thread.id == call.thread), None)

    def _is_live(self, call: Call, step: Step) -> bool:
        return call.side_thread is None or self.caller(call, step) is not None

    def _begun(self, call: Call, place: GroupPlace, beginning: Beginning, by: Entry) -> SideThread:
        event = beginning.watches
        return SideThread(
            id=thread_id(by.thread, by.scope, by.element_id, str(by.occurrence), beginning.entry),
            instance_id=call.instance_id,
            group=place,
            entry=beginning.entry,
            order=beginning.order,
            started_at=self.dispatcher.clock.now(),
            ahead=beginning.ahead,
            watch=None if event is None else Watch(host=identity(call.instance_id, by), event=event),
        )

    def commit(self, call: Call, step: Step) -> None:
        """Write a step in one transaction, then start and answer whom it concerns."""
        runtime, unit = self.dispatcher, step.before
        instance, trail = runtime.with_trail(call, unit.instance)
        writes = ThreadWrites(before=unit.group, group=step.group, threads=step.changes, arrivals=step.arrivals)
        tasks = step.waits if step.host is None else (step.host, *step.waits)
        events = (*trail, *step.happened)
        transition = instance_transition(
            instance,
            instance,
            events,
            ids=runtime.ids,
            tasks=tasks,
            threads=writes,
            alive=call.side_thread,
            thrown=step.thrown,
        )
        runtime.instances.commit(transition)
        self.start(unit, step.started)
        self.executions.stop(unit.instance, step.stopped, cause="withdrawn")
        if step.host is not None and step.host.result_data is not None:
            over = step.host
            answer(runtime.engine, over.after, token=over.token, result=over.result_data)
            if over.before is not None:
                runtime.tasks.confirm_answer(over.after.id)

    def start(self, unit: GroupUnit, threads: Iterable[SideThread]) -> None:
        """Start the executions of threads, once each."""
        for thread in threads:
            self.executions.start(unit.instance, thread)


def _tokens(thread: SideThread) -> int:
    """How many tokens a thread that lives is: a watch is none yet."""
    return 1 if thread.watch is None else 0


def _wait(runtime: TaskDispatcher, call: Call, step: Step, entry: Entry, arrival: Arrival) -> Task:
    """The wait of a host: an entry of the record that is nobody's work."""
    task = runtime.made(call, step.before.instance, entry, arrival)
    return replace(task, element_type=GATHERING, type=task_type(GATHERING), assignment=None)
