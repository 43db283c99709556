"""Queues that services pull their tasks from: those of the stage, and those that it allows by their ARN."""

# pyright: reportArgumentType=false
# jsii names the parameters of its protocols otherwise than those of the classes that implement them.

from collections.abc import Sequence

from aws_cdk import CfnOutput
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.queues import WorkQueue

#: seconds; a message stays invisible for six times that, unless the worker who has it changes its visibility
_HANDLING = 50


class ServiceQueues(Construct):
    """`own` are the stage's, with dead-letter queues; `settings` is what functions are told: `name=url,...`."""

    def __init__(self, scope: Construct, construct_id: str, *, prefix: str, allowed: Sequence[str]) -> None:
        super().__init__(scope, construct_id)
        names = [entry for entry in allowed if not entry.startswith("arn:")]
        made = {name: self._made(name, prefix) for name in names}
        self.own: tuple[WorkQueue, ...] = tuple(made.values())
        found = {arn: self._found(arn) for arn in allowed if arn not in made}
        self._queues: dict[str, sqs.IQueue] = {**{name: queue.queue for name, queue in made.items()}, **found}

    @property
    def settings(self) -> str:
        """URLs by name (of others: by ARN), as `orchestrator.adapters.service_queues` reads them."""
        return ",".join(f"{name}={queue.queue_url}" for name, queue in self._queues.items())

    def may_fill(self, function: lambda_.Function) -> None:
        """Let a function send messages to them all."""
        for queue in self._queues.values():
            queue.grant_send_messages(function)

    def may_count(self, function: lambda_.Function) -> None:
        """Let a function ask how many messages wait in them."""
        for queue in self._queues.values():
            queue.grant(function, "sqs:GetQueueAttributes")

    def _made(self, name: str, prefix: str) -> WorkQueue:
        title = name.title().replace("-", "")
        queue = WorkQueue(self, title, name=f"{prefix}-service-{name}", handling=_HANDLING)
        CfnOutput(self, f"{title}Url", value=queue.queue.queue_url, description=f"Tasks of services, queue {name}")
        return queue

    def _found(self, arn: str) -> sqs.IQueue:
        return sqs.Queue.from_queue_arn(self, arn.rpartition(":")[2], arn)
