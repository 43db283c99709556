"""Use cases of tasks that go wrong: failures, BPMN errors, retries, cancellations (docs/lifecycles.md)."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from orchestrator.compiler.catalogue import ErrorHandler
from orchestrator.domain import instance_lifecycle
from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Unavailable
from orchestrator.domain.instance import Instance
from orchestrator.domain.task import Task, TaskStatus
from orchestrator.domain.task_failure import (
    CANCELLED_CODE,
    Report,
    caught,
    failure_of,
    given_up,
    is_incident,
    retried,
    tried_again,
)
from orchestrator.domain.task_lock import require_lock
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.tasks import TaskUnit
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.payloads import READ_OF_ERROR, within_limit
from orchestrator.services.tasks.tasks import TaskService
from orchestrator.services.tokens.answers import answer
from orchestrator.services.unit_of_work import decided


class ErrorType(StrEnum):
    """A technical failure is tried again; a BPMN error is business that the model may catch."""

    TECHNICAL = "technical"
    BPMN_ERROR = "bpmn_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailure:
    """The body of a failure. `variables` go to the handler of a BPMN error; `retryable` False: no further attempt.

    `pause`: the next attempt follows after the retry policy's pause, and not before this one is over.
    """

    report: Report
    error_type: ErrorType = ErrorType.TECHNICAL
    retryable: bool = True
    variables: JsonObject = field(default_factory=dict[str, Any])
    worker_id: str | None = None
    pause: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailureService:
    """Lets tasks fail, and brings failed ones back."""

    tasks: TaskService
    definitions: DefinitionStore

    def fail(self, caller: Caller, task_id: str, failure: TaskFailure) -> TaskUnit:
        """Take a failed attempt: a BPMN error goes to its handler, a technical failure is tried again.

        Without handler or attempts left the task is failed, and so is its instance until the task is retried.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it is failed or closed already (details: `task_id`).
            PayloadTooLarge: the variables exceed the limit, or those that the process reads after a BPMN error theirs.
        """
        within_limit("variables", failure.variables)
        unit, done = decided(lambda: self._failed(caller, task_id, failure), self.tasks.pause)
        if done.task is not None and done.task.caught_by is not None:
            with suppress(Unavailable):  # the execution watch answers later
                answer(self.tasks.engine, done.task, token=unit.token, result=done.result_data)
        return done

    def _failed(self, caller: Caller, task_id: str, failure: TaskFailure) -> tuple[TaskUnit, TaskUnit]:
        unit, before = self.tasks.workable(caller, task_id)
        require_lock(before, failure.worker_id)
        actor, at, report = caller.subject, self.tasks.clock.now(), failure.report
        handler = self._handler(unit.instance, before, failure)
        if handler is not None:
            after, happenings = caught(before, report, handler_id=handler.handler_id, actor=actor, at=at)
            told = _with_code(handler, failure)
            within_limit("variables", self._read_by_process(unit.instance, told), limit=READ_OF_ERROR)
            change = TaskTransition(before=before, after=after, token=unit.token, result_data=told)
            taken = _unit(self.tasks.commit(unit, change, happenings), after)
            return unit, replace(taken, result_data=told)
        if failure.error_type is ErrorType.TECHNICAL and failure.retryable and _allows_another(before):
            after, happenings = tried_again(before, report, actor=actor, at=at, pause=failure.pause)
            change = TaskTransition(before=before, after=after, token=unit.token)
            return unit, _unit(self.tasks.commit(unit, change, happenings), after)
        return unit, self._given_up(unit, before, report, caller)

    def _handler(self, instance: Instance, task: Task, failure: TaskFailure) -> ErrorHandler | None:
        """What catches the error: the catalogue's handlers are ordered, innermost scope and specific code first."""
        if failure.error_type is not ErrorType.BPMN_ERROR:
            return None
        catalogue = self.definitions.load_catalogue(instance.definition_id, instance.definition_version)
        element = catalogue.elements.get(task.element_id)
        handlers = element.error_handlers if element else ()
        matching = (handler for handler in handlers if handler.code in {None, failure.report.code})
        return next(matching, None)

    def _read_by_process(self, instance: Instance, variables: JsonObject) -> JsonObject:
        """The variables that expressions read: they travel with the error, others may as references."""
        catalogue = self.definitions.load_catalogue(instance.definition_id, instance.definition_version)
        return {name: value for name, value in variables.items() if name in catalogue.routing_variables}

    def _given_up(self, unit: TaskUnit, before: Task, report: Report, caller: Caller) -> TaskUnit:
        at = self.tasks.clock.now()
        after, happenings = given_up(before, report, actor=caller.subject, at=at)
        instance, failed = instance_lifecycle.failed(unit.instance, failure_of(after), at=at)
        change = TaskTransition(before=before, after=after, token=unit.token)
        return _unit(self.tasks.commit(unit, change, (*happenings, *failed), instance=instance), after)

    def cancel(self, caller: Caller, task_id: str, reason: str) -> TaskUnit:
        """Withdraw the work from its performer: the task and its instance are failed until the task is retried.

        A token cannot leave an activity that was not done, so nothing else would be safe.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it is failed or closed already (details: `task_id`).
        """
        report = Report(code=CANCELLED_CODE, message=reason)

        def cancelled() -> TaskUnit:
            unit, before = self.tasks.workable(caller, task_id)
            return self._given_up(unit, before, report, caller)

        return decided(cancelled, self.tasks.pause)

    def retry(self, caller: Caller, task_id: str, *, variables: JsonObject, reason: str | None) -> TaskUnit:
        """Bring a failed task back, its input changed by `variables`; an incident is answered with them.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it has not failed (details: `task_id`).
            PayloadTooLarge: the changed input exceeds the limit.
        """
        unit, done = decided(lambda: self._retried(caller, task_id, variables, reason), self.tasks.pause)
        if done.task is not None and done.task.status is TaskStatus.COMPLETED:
            with suppress(Unavailable):  # the execution watch answers later
                answer(self.tasks.engine, done.task, token=unit.token, result=variables)
        return done

    def _retried(
        self, caller: Caller, task_id: str, variables: JsonObject, reason: str | None
    ) -> tuple[TaskUnit, TaskUnit]:
        unit, before = self.tasks.workable(caller, task_id)
        at = self.tasks.clock.now()
        after, happenings = retried(before, reason=reason, actor=caller.subject, at=at)
        change = TaskTransition(before=before, after=after, token=unit.token)
        if is_incident(before):
            within_limit("variables", variables)
            change = replace(change, result_data=variables)
        elif variables:
            changed = {**self.tasks.tasks.load(task_id).input_data, **variables}
            within_limit("variables", changed)
            change = replace(change, input_data=changed)
        instance = self._recovered(unit.instance, before)
        return unit, _unit(self.tasks.commit(unit, change, happenings, instance=instance), after)

    def _recovered(self, instance: Instance, task: Task) -> Instance:
        """The instance after a failed task is back: failed still where another failed task is left."""
        at = self.tasks.clock.now()
        if instance.failure is None or instance.failure.failed_task_id != task.id:
            return instance
        unanswered = self.tasks.instances.load_unanswered(instance.id).tasks if instance.progress.failed > 1 else ()
        others = [other for other in unanswered if other.status is TaskStatus.FAILED and other.id != task.id]
        if others:
            return replace(instance, failure=failure_of(others[0]))
        return instance_lifecycle.revived(instance, at=at)

    def get(self, caller: Caller, task_id: str) -> TaskUnit:
        """The task and its instance as they stand, in one read.

        Raises:
            NotFound: no such task that the caller may see.
        """
        return self.tasks.seen(caller, task_id)


def _with_code(handler: ErrorHandler, failure: TaskFailure) -> JsonObject:
    """The variables for the handler, with the error's code where the model names a variable for it."""
    code = {} if handler.error_variable is None else {handler.error_variable: failure.report.code}
    return {**failure.variables, **code}


def _allows_another(task: Task) -> bool:
    return task.retry_policy.allows(task.attempt)


def _unit(instance: Instance, task: Task) -> TaskUnit:
    return TaskUnit(instance=instance, task=task)
