"""A probe of the table: one read of a key that does not exist."""

import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError


def probe(client: Any, table_name: str) -> float | None:
    """Milliseconds that the read took; None when the table does not answer."""
    begin = time.perf_counter()
    try:
        client.get_item(TableName=table_name, Key={"pk": {"S": "PROBE"}, "sk": {"S": "PROBE"}})
    except (BotoCoreError, ClientError):
        return None
    return round((time.perf_counter() - begin) * 1000, 2)
