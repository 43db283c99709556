"""How much the table stores, as DynamoDB tells it: about every six hours."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def stored_bytes(client: "DynamoDBClient", table_name: str) -> int | None:
    """The size of the table; None: nobody tells."""
    try:
        return int(client.describe_table(TableName=table_name)["Table"].get("TableSizeBytes", 0))
    except (BotoCoreError, ClientError):
        return None
