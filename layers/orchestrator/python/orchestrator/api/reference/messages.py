"""Reference of messages, signals and conditions (additions to the spec)."""

from typing import Final

from orchestrator.api.reference.operation import Operation, Operations
from orchestrator.api.reference.shapes import Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.messages import EvaluateConditions, PublishMessage, PublishSignal


class Receiver(Shape):
    """A token that waited and goes on, or an instance that was `started`; and the event that happened there."""

    workflow_instance_id: str
    workflow_definition_id: str
    element_id: str
    started: bool


class PublishedMessage(Shape):
    """A message: who has received it with this request, and until when it is kept for others."""

    id: str
    name: str
    correlation_key: str | None
    message_id: str | None
    published_at: Timestamp
    expires_at: Timestamp
    is_duplicate: bool
    received_by: list[Receiver]


class PublishedSignal(Shape):
    """A signal: who has received it."""

    name: str
    received_by: list[Receiver]


class EvaluatedConditions(Shape):
    """The instances that conditions have started."""

    received_by: list[Receiver]


OPERATIONS: Final[Operations] = {
    ("POST", "/messages"): Operation(
        description="Publishes a BPMN message. It correlates by `name` and `correlation_key` with at most one waiting "
        "token of each definition, the one that has waited longest; where an event has no correlation key, with its "
        "name alone or its instance's business key. For definitions that do not wait yet it is kept for `time_to_live` "
        "seconds; if nobody takes it, `message_expired` tells. Messages of the same name and key with the same "
        "`message_id` are one message as long as it is kept, so a request with one may be repeated. "
        "Tokens confined to projects reach instances of those only.",
        body=PublishMessage,
        answer=PublishedMessage,
        errors=(413,),
    ),
    ("POST", "/signals"): Operation(
        description="Broadcasts a BPMN signal to every token that waits for its name now; it is not kept. "
        "Tokens confined to projects reach instances of those only.",
        body=PublishSignal,
        answer=PublishedSignal,
        errors=(413,),
    ),
    ("POST", "/conditions"): Operation(
        description="Evaluates the conditional start events of all published definitions, or of one, over `variables`, "
        "and starts an instance with them at each whose condition holds (a condition that cannot be evaluated does "
        "not). Conditional events of running instances need no call: they see each change of a variable.",
        body=EvaluateConditions,
        answer=EvaluatedConditions,
        errors=(404, 413),
    ),
}
