"""Cancellations that compensate: what an instance has completed is undone before it ends (docs/lifecycles.md).

decided in one transaction -> what is open withdrawn, executions stopped -> a side thread runs the handlers -> cancelled

The watch repairs what was cut off: it starts the thread, and stops the root.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from orchestrator.compiler.catalogue import Catalogue
from orchestrator.domain import instance_control, task_lifecycle
from orchestrator.domain.caller import Caller
from orchestrator.domain.compensation import Place, compensated
from orchestrator.domain.ids import ROOT_THREAD, ThreadId, execution_name, thread_id
from orchestrator.domain.instance import Cancellation, Instance
from orchestrator.domain.side_thread import GroupPlace, SideThread
from orchestrator.domain.written import kept
from orchestrator.ports.activities import CompensationStore, WrittenVariables
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.transitions import ThreadChange, ThreadWrites
from orchestrator.services.tokens.answers import epoch_ms
from orchestrator.services.tokens.handler_threads import first_of
from orchestrator.services.tokens.scope_endings import ScopeEndings, ScopePath
from orchestrator.services.tokens.thread_execution import ThreadExecutions
from orchestrator.services.tokens.withdrawal import Withdrawal
from orchestrator.services.unit_of_work import instance_transition

_REASON: Final = "instance cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An instance before and after it was decided to cancel it."""

    before: Instance
    after: Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellations:
    """Begins the compensation of instances that are cancelled."""

    endings: ScopeEndings
    definitions: DefinitionStore
    compensations: CompensationStore
    written: WrittenVariables

    def decide(self, caller: Caller, before: Instance, reason: str | None) -> Begun | None:
        """Decide to compensate an instance, and that it is cancelled then; None: there is nothing to undo.

        Raises:
            Conflict: it is being cancelled already (details: `instance_id`).
            StaleRecord: somebody else was faster.
        """
        if before.is_final or not before.has_begun:
            return None
        if before.cancellation is not None:
            raise instance_control.being_cancelled(before)
        catalogue = self.definitions.load_catalogue(before.definition_id, before.definition_version)
        handlers = self._due(before, catalogue)
        if catalogue.cancellation is None or not handlers:
            return None
        caller.require_version(before.id, str(before.sequence))
        at = self.endings.clock.now()
        thread = SideThread(
            id=thread_id(before.id, catalogue.cancellation),
            instance_id=before.id,
            group=GroupPlace(host=catalogue.cancellation, scope=""),
            entry=catalogue.cancellation,
            order="0",
            started_at=at,
        )
        asked = Cancellation(at=at, by=caller.subject, reason=reason, thread=thread.id)
        after, told = instance_control.cancelling(before, asked, handlers=handlers)
        threads = ThreadWrites(threads=(self._first(before, thread),))
        transition = instance_transition(before, after, told, ids=self.endings.ids, threads=threads)
        self.endings.instances.commit(transition)
        return Begun(before=before, after=transition.after)

    def withdraw(self, instance: Instance) -> Instance:
        """Withdraw what is open, threads first, and stop the root's execution; repeatable. The instance then."""
        path, at = ScopePath(instance_id=instance.id, thread=ROOT_THREAD, scope=""), self.endings.clock.now()
        found = self.endings.inside(path)
        self.endings.thread_stops.stop(found.instance, found.threads, by=None, reason=_REASON)
        rest = self.endings.inside(path)
        closing = partial(task_lifecycle.cancelled, reason=_REASON, at=at)
        withdrawal = Withdrawal(instances=self.endings.instances, ids=self.endings.ids)
        after = withdrawal.close(rest.instance, rest.entries, closing, at=at) if rest.entries else rest.instance
        name = execution_name(after.id, run=after.runs)
        self.endings.engine.stop(state_machine_arn=after.state_machine_arn, name=name, cause=_REASON)
        return after

    def start(self, instance: Instance) -> None:
        """Start the execution that compensates; repeatable."""
        asked = instance.cancellation
        thread = None if asked is None else self.endings.threads.load(instance.id, asked.thread)
        if thread is not None and thread.is_live:
            ThreadExecutions(threads=self.endings.threads, engine=self.endings.engine).start(instance, thread)

    def _due(self, instance: Instance, catalogue: Catalogue) -> int:
        """How many handlers are to run."""
        if catalogue.cancellation is None:
            return 0
        record = self.compensations.load(instance.id)
        undone = {key for one in record.compensations for key in one.undone}
        place = Place(element_id=catalogue.process_id, thread=ROOT_THREAD, scope="")

        def group_of(thread: str) -> GroupPlace | None:
            found = None if thread == ROOT_THREAD else self.endings.threads.load(instance.id, ThreadId(thread))
            return None if found is None else found.group

        due, _ = compensated(place, record.completions, undone, catalogue.compensables, group_of)
        return len(due)

    def _first(self, instance: Instance, thread: SideThread) -> ThreadChange:
        """The thread with the variables of the process as they are: those it began with, and what was written since."""
        at = thread.started_at
        began = self.endings.instances.load_record(instance.id).input_variables
        since = kept(self.written.told(instance.id), thread=ROOT_THREAD, scope="", until=at)
        first = first_of(thread, {**began, **since}, clock=epoch_ms(at))
        return replace(first, token={**(first.token or {}), "initiator": instance.created_by})
