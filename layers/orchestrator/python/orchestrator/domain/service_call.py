"""Calls of services: what an answer means to the task, and the task's transitions around a call."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.task import Task
from orchestrator.domain.task_failure import Report
from orchestrator.domain.task_lifecycle import Transition, logged, started
from orchestrator.domain.webhooks.delivery import Answer, AttemptError

#: a response of this status is an answer later: by callback, or by completing the task
HTTP_ACCEPTED: Final = 202
#: a response may have as many bytes as a result
LONGEST_RESPONSE: Final = 200 * 1024
#: client errors that may be gone at the next attempt (RFC 9110, 15.5.9; RFC 8470; RFC 6585)
_PASSING: Final = frozenset({408, 425, 429})
_SERVER_ERROR: Final = 500
_PASSING_ERRORS: Final = frozenset(
    {
        AttemptError.TIMEOUT,
        AttemptError.CONNECTION,
        AttemptError.TLS,
        AttemptError.UNRESOLVED_HOST,
        AttemptError.PROTOCOL,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The result, at once."""

    result: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The service answers later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A BPMN error, which the model may catch."""

    report: Report
    variables: JsonObject = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A technical failure; `retryable`: the next attempt may do better, after a `pause` of so long at least."""

    report: Report
    retryable: bool
    pause: timedelta = timedelta()


Outcome = Completed | Accepted | Raised | Failed


def outcome_of(answer: Answer) -> Outcome:
    """What a response means: a 2xx is the result, 202 comes later, `bpmn_error` in a body below 500 is that."""
    body = _object(answer.body)
    is_said = answer.status_code is not None and answer.status_code < _SERVER_ERROR
    if is_said and body is not None and isinstance(body.get("bpmn_error"), dict):
        return _raised(cast("Mapping[str, Any]", body["bpmn_error"]), answer)
    if not answer.succeeded:
        return _failed(answer)
    if answer.status_code == HTTP_ACCEPTED:
        return Accepted()
    if body is None:
        code, words = "SERVICE_RESPONSE_INVALID", "The service's response is no JSON object"
        return Failed(report=Report(code=code, message=words, details=_details(answer)), retryable=False)
    return Completed(result=body)


def is_well(answer: Answer) -> bool:
    """Tell whether the service does its work, whatever it says of ours: the circuit breaker counts the others."""
    status = answer.status_code
    return status is not None and status < _SERVER_ERROR and status not in _PASSING


def idempotency_key(task: Task, input_data: JsonObject) -> str:
    """The same for all attempts of the same work: another one when a retry changed the input."""
    text = json.dumps(input_data, sort_keys=True, separators=(",", ":"), default=str)
    return f"{task.id}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def called(task: Task, *, actor: str, callback_token: str, at: datetime) -> Transition:
    """The service is about to be called.

    Raises:
        Conflict: it runs already, or is failed or closed.
    """
    after, happenings = started(task, actor=actor, at=at)
    token = task.callback_token or callback_token
    return replace(after, callback_token=token, callback_due_at=None, next_retry_at=None), happenings


def accepted(task: Task, answer: Answer, *, due: datetime, at: datetime, actor: str) -> Task:
    """The service has taken the task, and answers until `due`."""
    after = replace(task, callback_due_at=due, updated_at=at)
    due_at = due.isoformat()
    return logged(after, "Service accepted the task", at=at, by=actor, answer_due=due_at, **noted(task, answer))


def noted(task: Task, answer: Answer) -> dict[str, Any]:
    """What the execution log says of a call: which attempt it was, and how it ended after how long."""
    return {"attempt": task.attempt, **_details(answer)}


def _object(text: str | None) -> dict[str, Any] | None:
    """The body as an object; an empty one is an empty object, anything else None."""
    if text is None or not text.strip():
        return {}
    if len(text.encode()) > LONGEST_RESPONSE:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _raised(error: Mapping[str, Any], answer: Answer) -> Outcome:
    variables = error.get("variables")
    report = Report(
        code=str(error.get("code") or "SERVICE_ERROR"),
        message=str(error.get("message") or "The service raised a BPMN error"),
        details=_details(answer),
    )
    known = cast("JsonObject", variables if isinstance(variables, dict) else {})
    return Raised(report=report, variables=known)


def _failed(answer: Answer) -> Failed:
    status = answer.status_code
    if status is None:
        error = answer.error or AttemptError.CONNECTION
        report = Report(
            code=f"SERVICE_{error.name}", message=answer.detail or "The call failed", details=_details(answer)
        )
        return Failed(report=report, retryable=error in _PASSING_ERRORS)
    report = Report(
        code="SERVICE_STATUS", message=f"The service answered {status}", details=_details(answer, with_body=True)
    )
    return Failed(report=report, retryable=status >= _SERVER_ERROR or status in _PASSING, pause=answer.pause)


def _details(answer: Answer, *, with_body: bool = False) -> dict[str, Any]:
    known = {
        "status_code": answer.status_code,
        "duration_ms": answer.duration_ms,
        "error": answer.error,
        "retry_after": answer.retry_after,
    }
    told = {name: value for name, value in known.items() if value is not None}
    return {**told, "response": answer.body[:500]} if with_body and answer.body else told
