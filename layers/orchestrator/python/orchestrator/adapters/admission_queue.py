"""The queue of the admission worker: wake-ups, and jobs in their form there."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from orchestrator.adapters.failures import unavailable
from orchestrator.domain.bulk import Action, Job, Steering
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Unavailable
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.priority import Priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient

#: SQS: entries of a batch
_BATCH: Final = 10
_LAUNCH: Final = "launch"


@dataclass(frozen=True, slots=True)
class AdmissionQueue:
    """`ports.admission.WorkerQueue`."""

    client: "Callable[[], SQSClient]"
    url: str

    def wake(self) -> None:
        """SendMessage."""
        with unavailable("the admission queue"):
            self.client().send_message(QueueUrl=self.url, MessageBody=json.dumps({"action": "admit"}))

    def launch(self, batch_id: str, *, after: timedelta = timedelta(0)) -> None:
        """SendMessage."""
        body = json.dumps({"action": _LAUNCH, "batch_id": batch_id})
        delay = int(after.total_seconds())
        with unavailable("the admission queue"):
            self.client().send_message(QueueUrl=self.url, MessageBody=body, DelaySeconds=delay)

    def send(self, jobs: Sequence[Job]) -> None:
        """SendMessageBatch, ten at a time."""
        for start in range(0, len(jobs), _BATCH):
            some = jobs[start : start + _BATCH]
            entries = [{"Id": str(place), "MessageBody": to_text(job)} for place, job in enumerate(some)]
            with unavailable("the admission queue"):
                answer = self.client().send_message_batch(QueueUrl=self.url, Entries=entries)  # pyright: ignore[reportArgumentType]
            if answer.get("Failed"):
                raise Unavailable("the admission queue refuses messages")


def to_text(job: Job) -> str:
    """The message's body."""
    projects = job.caller.project_ids
    return json.dumps(
        {
            "action": job.steering.action,
            "reason": job.steering.reason,
            "priority": job.steering.priority,
            "instance_ids": list(job.instance_ids),
            "subject": job.caller.subject,
            "project_ids": None if projects is None else sorted(projects),
            "correlation_id": job.caller.correlation_id,
        }
    )


def batch_in(message: Mapping[str, Any]) -> str | None:
    """The batch that a message asks to finish; None: it asks for something else."""
    return message["batch_id"] if message.get("action") == _LAUNCH else None


def job_in(message: Mapping[str, Any]) -> Job | None:
    """The job that `to_text` wrote, parsed; None: the message only wakes."""
    action = message.get("action")
    if action not in set(Action):
        return None
    projects, priority = message["project_ids"], message["priority"]
    return Job(
        steering=Steering(
            action=Action(action), reason=message["reason"], priority=Priority(priority) if priority else None
        ),
        caller=Caller(
            subject=message["subject"],
            project_ids=None if projects is None else frozenset(projects),
            correlation_id=message["correlation_id"],
        ),
        instance_ids=tuple(InstanceId(identity) for identity in message["instance_ids"]),
    )
