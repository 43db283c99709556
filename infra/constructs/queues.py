"""Queues: none without a dead-letter queue."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge

_LONGEST_RETENTION = Duration.days(14)


class DeadLetterQueue(sqs.Queue):
    """Where a message ends that nobody could take; kept for the fourteen days that SQS allows."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(
            scope,
            construct_id,
            queue_name=f"{name}-dead",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=_LONGEST_RETENTION,
        )
        acknowledge(self, "AwsSolutions-SQS3", "This is the dead-letter queue")


class WorkQueue(Construct):
    """A queue with its dead-letter queue: attributes `queue` and `dead_letters`.

    Args:
        scope: the stack.
        construct_id: its id.
        name: queue name; the dead-letter queue's is the same with `-dead`.
        handling: the longest that one delivery may be worked on, in seconds; the message stays invisible for six
            times that, as Lambda asks for (Lambda developer guide, "Using Lambda with Amazon SQS").
        deliveries: tries before a message is dead.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, handling: int, deliveries: int = 5) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = DeadLetterQueue(self, "DeadLetters", name=name)
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(4),
            visibility_timeout=Duration.seconds(handling * 6),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=deliveries),
        )
