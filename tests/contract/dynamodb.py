"""The table on moto, made from the product's own description of it; calls to AWS are counted."""

import copy
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

import boto3
from botocore.config import Config
from moto.dynamodb.models.table import Table as MotoTable
from moto.dynamodb.responses import DynamoHandler

from orchestrator.adapters.dynamodb import schema
from orchestrator.adapters.dynamodb.table import Table
from tests.aws import account

os.environ["TZ"] = "UTC"
_LOCK = RLock()
_call_action = DynamoHandler.call_action
_saved: dict[int, MotoTable] = {}


def locked(self):
    with _LOCK:  # moto's tables are not safe for threads
        _saved.clear()
        return _call_action(self)


def saved_once(self, memo):
    """moto saves the whole table for each item of a transaction, before it changes anything: once is enough."""
    if id(self) not in _saved:
        saved = _saved[id(self)] = type(self).__new__(type(self))
        saved.__dict__.update(copy.deepcopy(self.__dict__, memo))
    return _saved[id(self)]


@contextmanager
def fresh_table() -> Iterator[tuple[Table, Counter]]:
    """An empty table, and the AWS calls made since (by operation name)."""
    DynamoHandler.call_action, MotoTable.__deepcopy__ = locked, saved_once
    with account():
        client = boto3.client(
            "dynamodb",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(max_pool_connections=32),
        )
        client.create_table(TableName="record", **description())
        calls: Counter = Counter()
        client.meta.events.register("before-call.*.*", lambda model, **_: calls.update([model.name]))
        yield Table(client, "record"), calls
    DynamoHandler.call_action = _call_action
    if "__deepcopy__" in vars(MotoTable):
        del MotoTable.__deepcopy__


def description() -> dict:
    names = {schema.PARTITION_KEY, schema.SORT_KEY, schema.OPEN.sort_key}
    names |= {key for index in schema.GLOBAL_INDEXES for key in (index.partition_key, index.sort_key)}
    return {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in sorted(names)],
        "KeySchema": _keys(schema.PARTITION_KEY, schema.SORT_KEY),
        "LocalSecondaryIndexes": [_index(schema.OPEN)],
        "GlobalSecondaryIndexes": [_index(index) for index in schema.GLOBAL_INDEXES],
        "BillingMode": "PAY_PER_REQUEST",
    }


def _keys(partition: str, sort: str) -> list[dict]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _index(index: schema.Index) -> dict:
    return {
        "IndexName": index.name,
        "KeySchema": _keys(index.partition_key, index.sort_key),
        "Projection": {"ProjectionType": "ALL"},
    }
