"""Use case: a service answers later. The secret in the URL that it was called with is its right to do so."""

import hmac
from dataclasses import dataclass, field
from typing import Any

from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import NotFound
from orchestrator.domain.task import RESOURCE
from orchestrator.ports.tasks import TaskUnit
from orchestrator.services.tasks.task_failures import TaskFailure, TaskFailureService
from orchestrator.services.tasks.tasks import Completion, TaskService


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """The result, or what went wrong."""

    result_data: JsonObject = field(default_factory=dict[str, Any])
    failure: TaskFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackService:
    """Takes answers of services."""

    tasks: TaskService
    failures: TaskFailureService

    def take(self, task_id: str, token: str, callback: Callback, *, correlation_id: str) -> TaskUnit:
        """Complete the task, or fail the attempt.

        Raises:
            NotFound: no such task, or another token.
            Conflict: it is failed or closed already (details: `task_id`).
            PayloadTooLarge: the result exceeds the limit.
        """
        caller = self._caller(task_id, token, correlation_id)
        if callback.failure is not None:
            return self.failures.fail(caller, task_id, callback.failure)
        self.tasks.complete(caller, task_id, Completion(result_data=callback.result_data))
        return self.failures.get(caller, task_id)

    def _caller(self, task_id: str, token: str, correlation_id: str) -> Caller:
        task = self.tasks.seen(Caller(subject="callback"), task_id).task
        known = task.callback_token if task else None
        if task is None or known is None or not hmac.compare_digest(known.encode(), token.encode()):
            raise NotFound(RESOURCE, task_id)
        name = task.assignment.assigned_to.key if task.assignment else "callback"
        return Caller(subject=f"service:{name}", correlation_id=correlation_id)
