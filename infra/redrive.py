"""`make redrive QUEUE=webhook-delivery`: move dead messages back to their queue, when their cause is gone.

Message by message, sent before deleted, so that none is lost and one may be handled twice: every consumer takes
that. Credentials, region and endpoint are those of the environment (`AWS_ENDPOINT_URL` for the local stack).
"""

import sys
from typing import TYPE_CHECKING, Any, Final

import boto3

from infra.config import stage_config

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_BATCH: Final = 10


def redrive(client: "SQSClient", name: str) -> int:
    """Move every message of `<name>-dead` to the queue `name`; how many there were."""
    dead = client.get_queue_url(QueueName=f"{name}-dead")["QueueUrl"]
    work = client.get_queue_url(QueueName=name)["QueueUrl"]
    moved = 0
    while True:
        answer: Any = client.receive_message(
            QueueUrl=dead, MaxNumberOfMessages=_BATCH, MessageAttributeNames=["All"], WaitTimeSeconds=1
        )
        messages = answer.get("Messages", [])
        if not messages:
            return moved
        for message in messages:
            attributes = message.get("MessageAttributes", {})
            client.send_message(QueueUrl=work, MessageBody=message["Body"], MessageAttributes=attributes)
            client.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        moved += len(messages)


def main(arguments: list[str]) -> int:
    """The command; its exit status."""
    client = boto3.client("sqs")
    prefix = stage_config().prefix
    if len(arguments) != 1:
        known = client.list_queues(QueueNamePrefix=prefix).get("QueueUrls", [])
        names = [url.rpartition("/")[2].removeprefix(f"{prefix}-") for url in known]
        dead = [name.removesuffix("-dead") for name in names if name.endswith("-dead")]
        print(f"QUEUE must be one of {', '.join(sorted(dead))}", file=sys.stderr)
        return 2
    try:
        moved = redrive(client, f"{prefix}-{arguments[0]}")
    except client.exceptions.QueueDoesNotExist:
        print(f"{prefix}-{arguments[0]}: there is no such queue", file=sys.stderr)
        return 1
    print(f"{moved} messages moved")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
