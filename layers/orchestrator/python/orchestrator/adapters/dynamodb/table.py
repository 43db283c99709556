"""The table: single reads, queries, and transactions with their errors told apart."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from orchestrator.adapters.dynamodb.attributes import Item, marshal, unmarshal
from orchestrator.adapters.dynamodb.schema import PARTITION_KEY, SORT_KEY, Index
from orchestrator.adapters.dynamodb.writes import Condition, Filters, Write, delete, marshal_key, put
from orchestrator.adapters.failures import PASSING, code_of, unavailable
from orchestrator.domain.errors import Unavailable
from orchestrator.ports.conflicts import StaleRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Plain = dict[str, Any]
ATTEMPTS = 8
BATCH = 100
_PART = "the record"


class TransactionRefused(StaleRecord):
    """Conditions of a transaction did not hold; `failed` are the positions of their writes."""

    def __init__(self, failed: Sequence[int]) -> None:
        self.failed = tuple(failed)
        super().__init__(f"conditions failed at {self.failed}")


@dataclass(frozen=True, slots=True)
class Table:
    """One DynamoDB table behind a low-level client."""

    client: "DynamoDBClient"
    name: str

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Plain | None:
        """One item."""
        answer = self._call("get_item", TableName=self.name, Key=marshal_key(pk, sk), ConsistentRead=consistent)
        return unmarshal(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[tuple[str, str]], *, consistent: bool = True) -> dict[tuple[str, str], Plain]:
        """Items by key, in one call per hundred; missing ones are left out."""
        found: dict[tuple[str, str], Plain] = {}
        for start in range(0, len(keys), BATCH):
            for item in self._batch([marshal_key(*key) for key in keys[start : start + BATCH]], consistent=consistent):
                found[item[PARTITION_KEY], item[SORT_KEY]] = item
        return found

    def _batch(self, keys: list[Item], *, consistent: bool) -> Iterator[Plain]:
        for attempt in range(ATTEMPTS):
            request = {self.name: {"Keys": keys, "ConsistentRead": consistent}}
            answer = self._call("batch_get_item", RequestItems=request)
            yield from map(unmarshal, answer["Responses"].get(self.name, []))
            keys = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
            if not keys:
                return
            _back_off(attempt)
        raise Unavailable("the record is busy")

    def query(
        self,
        partition: str,
        *,
        low: str = " ",
        high: str = "\U0010ffff",
        index: Index | None = None,
        consistent: bool = True,
        forward: bool = True,
        limit: int | None = None,
        filters: Filters | None = None,
        count: bool = False,
        after: Item | None = None,
    ) -> dict[str, Any]:
        """One page of a partition, sort key between `low` and `high` inclusive: DynamoDB's own answer."""
        partition_key, sort_key = (index.partition_key, index.sort_key) if index else (PARTITION_KEY, SORT_KEY)
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": "#pk = :pk AND #sk BETWEEN :low AND :high",
            "ExpressionAttributeNames": {"#pk": partition_key, "#sk": sort_key},
            "ExpressionAttributeValues": marshal({":pk": partition, ":low": low, ":high": high}),
            "ScanIndexForward": forward,
            "ConsistentRead": consistent,
        }
        if index:
            request["IndexName"] = index.name
        if filters and filters.clauses:
            request["FilterExpression"] = " AND ".join(filters.clauses)
            request["ExpressionAttributeNames"] |= filters.names
            request["ExpressionAttributeValues"] |= marshal(filters.values)
        if limit is not None:
            request["Limit"] = limit
        if count:
            request["Select"] = "COUNT"
        if after:
            request["ExclusiveStartKey"] = after
        return self._call("query", **request)

    def all(self, partition: str, **options: Any) -> Iterator[Plain]:
        """Every item of a range, page by page."""
        after: Item | None = None
        while True:
            answer = self.query(partition, after=after, **options)
            yield from map(unmarshal, answer["Items"])
            after = answer.get("LastEvaluatedKey")
            if not after:
                return

    def put(self, item: Mapping[str, Any]) -> None:
        """Write one item, whatever was there."""
        self._call("put_item", TableName=self.name, Item=marshal(item))

    def put_if(self, item: Mapping[str, Any], condition: Condition) -> Plain | None:
        """Write one item where the condition holds; else the item that is there (empty: gone meanwhile)."""
        (request,) = put(item, condition).values()
        with unavailable(_PART):
            try:
                self.client.put_item(TableName=self.name, ReturnValuesOnConditionCheckFailure="ALL_OLD", **request)
            except ClientError as error:
                _raise_unless_failed(error)
                old: Item | None = error.response.get("Item")
                return unmarshal(old) if old else self.get(item[PARTITION_KEY], item[SORT_KEY]) or {}
            return None

    def delete_if(self, key: tuple[str, str], condition: Condition) -> None:
        """Remove one item where the condition holds."""
        (request,) = delete(*key, condition).values()
        with unavailable(_PART):
            try:
                self.client.delete_item(TableName=self.name, **request)
            except ClientError as error:
                _raise_unless_failed(error)

    def apply(self, write: Write) -> bool:
        """One update on its own; False: its condition did not hold."""
        with unavailable(_PART):
            try:
                self.client.update_item(TableName=self.name, **write["Update"])
            except ClientError as error:
                _raise_unless_failed(error)
                return False
            return True

    def delete_all(self, keys: Iterable[tuple[str, str]]) -> None:
        """Remove items one by one; repeatable."""
        for pk, sk in keys:
            self._call("delete_item", TableName=self.name, Key=marshal_key(pk, sk))

    def transact(self, writes: Sequence[Write]) -> None:
        """All writes or none.

        Raises:
            TransactionRefused: a condition did not hold.
            Unavailable: the table was too busy for several attempts.
        """
        named = [{kind: {"TableName": self.name, **body} for kind, body in write.items()} for write in writes]
        for attempt in range(ATTEMPTS):
            if self._transacted(named):
                return
            _back_off(attempt)
        raise Unavailable("the record is busy")

    def _transacted(self, named: list[Write]) -> bool:
        """False: other transactions were in the way, try again."""
        with unavailable(_PART):
            try:
                self.client.transact_write_items(TransactItems=named)  # pyright: ignore[reportArgumentType]
            except ClientError as error:
                _raise_unless_conflict(error)
                return False
            return True

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        with unavailable(_PART):
            return getattr(self.client, operation)(**request)


def _raise_unless_failed(error: ClientError) -> None:
    """Go on where the condition of a single write did not hold."""
    if code_of(error) != "ConditionalCheckFailedException":
        raise error


def _raise_unless_conflict(error: ClientError) -> None:
    code = code_of(error)
    if code == "TransactionInProgressException":
        return
    if code != "TransactionCanceledException":
        raise error
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    failed = [position for position, reason in enumerate(reasons) if reason.get("Code") == "ConditionalCheckFailed"]
    if failed:
        raise TransactionRefused(failed) from error
    if any(reason.get("Code") not in {None, "None", "TransactionConflict", *PASSING} for reason in reasons):
        raise error


def _back_off(attempt: int) -> None:
    time.sleep(random.uniform(0, min(0.005 * 2**attempt, 0.2)))  # noqa: S311 - jitter, not a secret
