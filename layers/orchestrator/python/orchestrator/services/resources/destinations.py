"""Where the tasks of a service go: what a registration must say for each kind of delivery, and must not."""

from dataclasses import dataclass
from typing import Final

from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.resources.service import Delivery
from orchestrator.domain.webhooks.authentication import AuthType

_NO_ENDPOINT: Final = {
    Delivery.SQS: "must be null: the service pulls its tasks from a queue",
    Delivery.CLAIM: "must be null: workers claim the tasks",
}


@dataclass(frozen=True, slots=True)
class Destination:
    """The part of a registration that says it."""

    delivery: Delivery
    endpoint: str | None
    queue: str | None
    auth_type: AuthType

    def check(self, allowed: frozenset[str]) -> None:
        """Refuse what does not fit together; `allowed` are the queues of the stage.

        Raises:
            InvalidRequest: field `endpoint`, `queue` or `authentication.auth_type`.
        """
        if self.delivery is Delivery.HTTP and self.endpoint is None:
            raise InvalidRequest("endpoint", "is required for delivery by http")
        if self.delivery is not Delivery.HTTP and self.endpoint is not None:
            raise InvalidRequest("endpoint", _NO_ENDPOINT[self.delivery])
        if self.delivery is Delivery.SQS:
            self._check_queue(allowed)
        elif self.queue is not None:
            raise InvalidRequest("queue", "must be null: only services with the delivery sqs have a queue")

    def _check_queue(self, allowed: frozenset[str]) -> None:
        if self.queue is None:
            raise InvalidRequest("queue", "is required for delivery by sqs")
        if self.queue not in allowed:
            known = ", ".join(sorted(allowed)) or "none"
            raise InvalidRequest("queue", f"is not allowed in this stage (SERVICE_QUEUES); allowed: {known}")
        if self.auth_type is not AuthType.NONE:
            raise InvalidRequest("authentication.auth_type", "must be none: who reads the queue is known to AWS")
