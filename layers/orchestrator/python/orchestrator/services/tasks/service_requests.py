"""What a service is sent: a request over HTTP, or a message in its queue."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.resources.service import Delivery, RegisteredService
from orchestrator.domain.service_call import idempotency_key
from orchestrator.domain.service_headers import sendable
from orchestrator.domain.task import Task
from orchestrator.domain.webhooks.delivery import Answer
from orchestrator.domain.webhooks.secrets import Secrets
from orchestrator.ports.environment import Clock
from orchestrator.ports.events import SecretBox
from orchestrator.ports.resources import SenderWithin, ServiceQueues

#: bytes of a message's body: SQS takes 256 KiB with the attributes
LONGEST_MESSAGE: Final = 240 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequests:
    """Sends tasks to services; `api_url` is where they answer later.

    The answer of a queue that has the message is that of a service which accepts the task (202).
    """

    sender: SenderWithin
    queues: ServiceQueues
    secrets: SecretBox
    clock: Clock
    api_url: str

    def send(self, service: RegisteredService, task: Task, input_data: JsonObject) -> Answer:
        """One attempt. Never raises for what a service or a queue does."""
        request = self._request(service, task, input_data)
        names = {"Idempotency-Key": idempotency_key(task, input_data), "X-Correlation-Id": _correlation(task)}
        if service.delivery is Delivery.SQS:
            return self._queued(service, task, request, names)
        body = json.dumps(request, ensure_ascii=False).encode()
        own = {"Content-Type": "application/json", **names, "X-Task-Attempt": str(task.attempt)}
        if service.sealed is not None:
            known = Secrets.from_text(self.secrets.open(service.sealed, purpose=service.purpose))
            own |= known.authentication.headers(body)
        headers = {**sendable(task.headers, beside=own), **own}
        return self.sender(service.timeout_seconds).post(service.endpoint or "", headers=headers, body=body)

    def _queued(self, service: RegisteredService, task: Task, request: dict[str, Any], names: dict[str, str]) -> Answer:
        body = json.dumps(request, ensure_ascii=False)
        if len(body.encode()) > LONGEST_MESSAGE:
            body = json.dumps({**request, "input_data": None}, ensure_ascii=False)
        attributes = {
            "task_id": task.id,
            "service_name": service.name,
            "idempotency_key": names["Idempotency-Key"],
            "correlation_id": names["X-Correlation-Id"],
            "attempt": str(task.attempt),
        }
        return self.queues.send(service.queue or "", body=body, attributes=attributes)

    def _request(self, service: RegisteredService, task: Task, input_data: JsonObject) -> dict[str, Any]:
        due = self.clock.now() + timedelta(seconds=service.callback_seconds)
        here = f"{self.api_url.rstrip('/')}/tasks/{task.id}"
        return {
            "task_id": task.id,
            "task_url": here,
            "workflow_instance_id": task.instance_id,
            "workflow_definition_id": task.definition_id,
            "element_id": task.element_id,
            "task_name": task.name,
            "task_type": task.type,
            "attempt": task.attempt,
            "headers": dict(task.headers),
            "input_data": dict(input_data),
            "execution_context": dict(task.context),
            "callback": {"url": f"{here}/callback/{task.callback_token}", "expires_at": due.isoformat()},
        }


def _correlation(task: Task) -> str:
    return str(task.context.get("correlation_id") or task.instance_id)
