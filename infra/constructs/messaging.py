"""What hangs on the bus: our events on their way to webhooks, and other services' commands on their way to us."""

# pyright: reportArgumentType=false
# jsii names the parameters of its protocols otherwise than those of the classes that implement them.

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.constructs.queues import WorkQueue

#: `source` of the events that the service itself puts on the bus (docs/events.md)
OWN_SOURCE = "task-orchestrator"
#: after these events somebody may be admitted from the queue (docs/admission.md)
SLOT_EVENTS = (
    "workflow_queued",
    "workflow_completed",
    "workflow_failed",
    "workflow_cancelled",
    "workflow_terminated",
)
#: events after which a service has something to do; those that name one reach the caller
WORK_EVENTS = ("task_assigned", "task_reassigned", "task_retried")
#: seconds that a batch of calls may take: each at most 25, side by side, and what is written before and after
CALL_SECONDS = 60
#: seconds that one batch may take: ten requests side by side, each within its own limit, and what is written after
DELIVERY_SECONDS = 30


class Messaging(Construct):
    """Bus, rules and queues: `bus` -> `fan_out` -> (function) -> `deliveries`; and to the other queues."""

    def __init__(self, scope: Construct, construct_id: str, *, prefix: str) -> None:
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(scope, "Bus", event_bus_name=prefix)
        self.fan_out = WorkQueue(self, "FanOut", name=f"{prefix}-webhook-fanout", handling=DELIVERY_SECONDS)
        self.deliveries = WorkQueue(self, "Deliveries", name=f"{prefix}-webhook-delivery", handling=DELIVERY_SECONDS)
        self.commands = WorkQueue(self, "Commands", name=f"{prefix}-inbound-events", handling=DELIVERY_SECONDS)
        self._rule("OwnEvents", "Events of the service, for the webhook fan-out", [OWN_SOURCE], self.fan_out)
        self.admission = WorkQueue(self, "Admission", name=f"{prefix}-admission", handling=DELIVERY_SECONDS)
        self._rule(
            "SlotEvents",
            "Instances that were queued, and those that gave a slot back",
            [OWN_SOURCE],
            self.admission,
            detail_type=list(SLOT_EVENTS),
        )
        self.service_calls = WorkQueue(self, "ServiceCalls", name=f"{prefix}-service-call", handling=CALL_SECONDS)
        self._rule(
            "ServiceWork",
            "Tasks that a service has to do now, or again",
            [OWN_SOURCE],
            self.service_calls,
            detail_type=list(WORK_EVENTS),
            detail={"data": {"data": {"agent_type": ["service"]}}},
        )
        foreign = events.Match.anything_but(OWN_SOURCE)
        self._rule("ForeignEvents", "Commands of other services", foreign, self.commands)

    @property
    def queues(self) -> tuple[WorkQueue, ...]:
        """All of them."""
        return (self.fan_out, self.deliveries, self.commands, self.admission, self.service_calls)

    def _rule(
        self,
        construct_id: str,
        description: str,
        source: list[str],
        queue: WorkQueue,
        *,
        detail_type: list[str] | None = None,
        detail: dict[str, object] | None = None,
    ) -> None:
        events.Rule(
            self,
            construct_id,
            description=description,
            event_bus=self.bus,
            event_pattern=events.EventPattern(source=source, detail_type=detail_type, detail=detail),
            targets=[targets.SqsQueue(queue.queue, dead_letter_queue=queue.dead_letters)],
        )
