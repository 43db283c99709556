"""Parts of requests to the table: conditional writes of a transaction, and filters of a query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.adapters.dynamodb.attributes import Item, marshal
from orchestrator.adapters.dynamodb.schema import PARTITION_KEY, SORT_KEY

Write = dict[str, Any]
ABSENT = f"attribute_not_exists({PARTITION_KEY})"
PRESENT = f"attribute_exists({PARTITION_KEY})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition with its operands: `:name` in the text is `values[name]`, `#name` is `names[name]`."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    names: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Clauses that must all hold, on attributes that are no part of the key."""

    clauses: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


def marshal_key(pk: str, sk: str) -> Item:
    """A primary key."""
    return marshal({PARTITION_KEY: pk, SORT_KEY: sk})


def put(item: Mapping[str, Any], condition: Condition | None = None) -> Write:
    """Write a whole item."""
    return {"Put": {"Item": marshal(item)} | _operands(condition)}


def update(pk: str, sk: str, change: Condition, *, condition: str | None = None) -> Write:
    """Change attributes of an item; `change.text` is the update expression."""
    body = {"Key": marshal_key(pk, sk), "UpdateExpression": change.text} | _operands(change)
    del body["ConditionExpression"]
    return {"Update": body if condition is None else body | {"ConditionExpression": condition}}


def check(pk: str, sk: str, condition: Condition) -> Write:
    """Demand a condition of an item that is not changed."""
    return {"ConditionCheck": {"Key": marshal_key(pk, sk)} | _operands(condition)}


def delete(pk: str, sk: str, condition: Condition | None = None) -> Write:
    """Remove an item."""
    return {"Delete": {"Key": marshal_key(pk, sk)} | _operands(condition)}


def once_each(writes: Iterable[Write]) -> list[Write]:
    """One write per item, the last: a transaction takes no two."""
    return list({_item_of(write): write for write in writes}.values())


def _item_of(write: Write) -> tuple[str, str]:
    (body,) = write.values()
    key = body.get("Key") or body["Item"]
    return key[PARTITION_KEY]["S"], key[SORT_KEY]["S"]


def _operands(condition: Condition | None) -> dict[str, Any]:
    if condition is None:
        return {}
    body: dict[str, Any] = {"ConditionExpression": condition.text}
    if condition.values:
        body["ExpressionAttributeValues"] = marshal({f":{name}": value for name, value in condition.values.items()})
    if condition.names:
        body["ExpressionAttributeNames"] = {f"#{alias}": name for alias, name in condition.names.items()}
    return body
