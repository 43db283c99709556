"""Steps of service tasks: a message says that there may be something to do, the record says what.

At least once: a call that may have been made already is made again under the same idempotency key.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.assignment import AgentType
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, NotFound
from orchestrator.domain.ids import TaskId
from orchestrator.domain.resources.service import Delivery, RegisteredService
from orchestrator.domain.service_call import (
    Accepted,
    Completed,
    Failed,
    Outcome,
    Raised,
    accepted,
    called,
    is_well,
    noted,
    outcome_of,
)
from orchestrator.domain.task import Task, TaskStatus
from orchestrator.domain.task_failure import Report
from orchestrator.domain.webhooks.delivery import Answer
from orchestrator.domain.webhooks.health import Gate
from orchestrator.ports.environment import Clock, Pause
from orchestrator.ports.events import Chance
from orchestrator.ports.resources import CallBook, CallQueue, ServiceStore, Slot
from orchestrator.ports.tasks import TaskRecord
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.tasks.service_requests import ServiceRequests
from orchestrator.services.tasks.task_failures import ErrorType, TaskFailure, TaskFailureService
from orchestrator.services.tasks.tasks import Completion, TaskService
from orchestrator.services.unit_of_work import decided

#: a slot outlives the time limit of its request by so much: what is written after it
SLOT_RESERVE: Final = timedelta(seconds=15)
#: how soon a call looks again for a free slot, in seconds, and half of it again by chance
BUSY_SECONDS: Final = 2
_HEALTH_TRIES: Final = 3
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCaller:
    """Calls services with their tasks."""

    services: ServiceStore
    book: CallBook
    tasks: TaskService
    failures: TaskFailureService
    queue: CallQueue
    requests: ServiceRequests
    clock: Clock
    chance: Chance
    pause: Pause

    def step(self, task_id: TaskId) -> None:
        """Do what the task needs now: call, wait, or nothing."""
        with suppress(NotFound, Conflict):  # somebody else has changed or closed it: that told of itself
            record = self.tasks.tasks.load(task_id)
            name = _service_of(record.task)
            if name is not None:
                self._step(record, name)

    def _step(self, record: TaskRecord, name: str) -> None:
        task, now = record.task, self.clock.now()
        if task.status is TaskStatus.RUNNING and task.callback_due_at is not None:
            self._await(task, task.callback_due_at, now)
        elif task.next_retry_at is not None and task.next_retry_at > now:
            self._later(task, task.next_retry_at, spread=(task.next_retry_at - now) / 4)
        else:
            self._meet(record, name)

    def _await(self, task: Task, due: datetime, now: datetime) -> None:
        if now < due:
            self._later(task, due)
            return
        report = Report(code="SERVICE_CALLBACK_TIMEOUT", message="The service accepted the task, but never answered")
        self.failures.fail(_caller(task), task.id, TaskFailure(report=report))

    def _meet(self, record: TaskRecord, name: str) -> None:
        try:
            service = self.services.load(name)
        except NotFound:
            report = Report(code="SERVICE_NOT_REGISTERED", message=f"Service '{name}' is not registered any more")
            self.failures.fail(_caller(record.task), record.task.id, TaskFailure(report=report, retryable=False))
            return
        if service.delivery is Delivery.CLAIM:
            return
        slot = self._slot(service, record.task)
        if slot is None:
            return
        try:
            self._call(service, record)
        finally:
            self.book.release(name, slot)

    def _slot(self, service: RegisteredService, task: Task) -> Slot | None:
        """One of the requests that the service takes at a time; None: not now, the task comes again."""
        unit, now = self.book.calls(service.name), self.clock.now()
        gate = unit.health.gate(now)
        if gate is Gate.WAIT and unit.health.open_until is not None:
            self._later(task, unit.health.open_until, spread=timedelta(seconds=BUSY_SECONDS))
            return None
        held = unit.held(now)
        mine = next((slot for slot in held if slot.holder == task.id), None)
        if mine is not None:
            self._later(task, mine.until)
            return None
        free = sorted(set(range(service.max_concurrent_requests)) - {slot.number for slot in held})
        until = now + timedelta(seconds=service.timeout_seconds) + SLOT_RESERVE
        number = free[int(self.chance.fraction() * len(free)) % len(free)] if free else 0
        slot = Slot(number=number, holder=task.id, until=until)
        if not free or not self.book.take(service.name, slot, now=now):
            self._later(task, now + timedelta(seconds=1), spread=timedelta(seconds=BUSY_SECONDS))
            return None
        if gate is Gate.PROBE and not self.book.save_health(service.name, unit.health.probing(now)):
            self.book.release(service.name, slot)
            self._later(task, now + timedelta(seconds=1), spread=timedelta(seconds=BUSY_SECONDS))
            return None
        return slot

    def _call(self, service: RegisteredService, record: TaskRecord) -> None:
        task = decided(lambda: self._started(record.task.id), self.pause)
        answer = self.requests.send(service, task, record.input_data)
        self._note(service, answer)
        self._conclude(service, task, answer, outcome_of(answer))

    def _started(self, task_id: TaskId) -> Task:
        """The running task; one that a worker left behind in the middle of its call is running already."""
        unit, before = self.tasks.workable(Caller(subject="service"), task_id)
        if before.status is TaskStatus.RUNNING and before.callback_due_at is None:
            return before
        token = self.chance.key(_TOKEN_BYTES).hex()
        actor = _caller(before).subject
        after, happenings = called(before, actor=actor, callback_token=token, at=self.clock.now())
        self.tasks.commit(unit, TaskTransition(before=before, after=after, token=unit.token), happenings)
        return after

    def _note(self, service: RegisteredService, answer: Answer) -> None:
        """Tell the circuit breaker. A success in a row of successes is no news."""
        for _ in range(_HEALTH_TRIES):
            health, now = self.book.calls(service.name).health, self.clock.now()
            if is_well(answer) and health.is_well:
                return
            probe = health.open_until is not None
            after = health.after_success() if is_well(answer) else health.after_failure(now, probe=probe)
            if self.book.save_health(service.name, after):
                return

    def _conclude(self, service: RegisteredService, task: Task, answer: Answer, outcome: Outcome) -> None:
        caller = _caller(task)
        match outcome:
            case Completed(result=result):
                notes = f"HTTP {answer.status_code} in {answer.duration_ms} ms"
                done = Completion(result_data=result, notes=notes, details=noted(task, answer))
                self.tasks.complete(caller, task.id, done)
            case Accepted():
                self._accepted(service, task, answer)
            case Raised(report=report, variables=variables):
                told = _with_attempt(report, task)
                failure = TaskFailure(report=told, error_type=ErrorType.BPMN_ERROR, variables=variables)
                self.failures.fail(caller, task.id, failure)
            case Failed(report=report, retryable=retryable, pause=pause):
                told = _with_attempt(report, task)
                self.failures.fail(caller, task.id, TaskFailure(report=told, retryable=retryable, pause=pause))

    def _accepted(self, service: RegisteredService, task: Task, answer: Answer) -> None:
        def commit() -> datetime | None:
            unit, before = self.tasks.workable(_caller(task), task.id)
            if before.status is not TaskStatus.RUNNING or before.attempt != task.attempt:
                return None
            now = self.clock.now()
            due = now + timedelta(seconds=service.callback_seconds)
            after = accepted(before, answer, due=due, at=now, actor=_caller(task).subject)
            self.tasks.commit(unit, TaskTransition(before=before, after=after, token=unit.token), ())
            return due

        due = decided(commit, self.pause)
        if due is not None:
            self._later(task, due)

    def _later(self, task: Task, at: datetime, *, spread: timedelta = timedelta()) -> None:
        self.queue.send(task.id, at=at + spread * self.chance.fraction(), now=self.clock.now())


def _service_of(task: Task) -> str | None:
    """The service that has the task to do; None: there is none, or nothing to do."""
    if not task.is_open or task.held or task.assignment is None:
        return None
    assignee = task.assignment.assigned_to
    return assignee.service_name if assignee.agent_type is AgentType.SERVICE else None


def _with_attempt(report: Report, task: Task) -> Report:
    return replace(report, details={"attempt": task.attempt, **report.details})


def _caller(task: Task) -> Caller:
    correlation = task.context.get("correlation_id")
    name = task.assignment.assigned_to.key if task.assignment else "service"
    return Caller(subject=f"service:{name}", correlation_id=correlation)
