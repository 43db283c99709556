"""Totals, counted in the transactions that change them.

A counter is a dimension (all, one definition, one project, one assignee, one category) with named numbers
(`instance.status.running`), spread over shards so that transactions seldom meet; its value is their sum.
Performers are many, and each has few transactions: their counters have fewer shards.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.writes import Condition, Write, check, update

#: may be raised at any time: a value is the sum over all shards
SHARDS: Final = 16
SHARDS_OF_PERFORMER: Final = 4
ALL: Final = "ALL"
_PERFORMER: Final = "ASSIGNEE#"

Shards = dict[str, dict[str, Any]]


def of_definition(definition_id: str) -> str:
    """Dimension: instances of one definition."""
    return f"DEFINITION#{definition_id}"


def of_project(project_id: str) -> str:
    """Dimension: instances and tasks of one project."""
    return f"PROJECT#{project_id}"


def of_assignee(assignee: str) -> str:
    """Dimension: tasks of one performer."""
    return f"{_PERFORMER}{assignee}"


def of_batch(batch_id: str) -> str:
    """Dimension: instances of one batch."""
    return f"BATCH#{batch_id}"


def of_category(category: str) -> str:
    """Dimension: definitions of one category."""
    return f"CATEGORY#{category}"


@dataclass(slots=True)
class Tally:
    """Changes of counters, gathered for one transaction."""

    aggregate: str
    changes: defaultdict[str, defaultdict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def add(self, dimension: str | None, name: str, amount: int) -> None:
        """Count `amount` more; no dimension, nothing to count."""
        if dimension is not None:
            self.changes[dimension][name] += amount

    def take(self, other: "Tally") -> None:
        """Count what another one counted too."""
        for dimension, numbers in other.changes.items():
            for name, amount in numbers.items():
                self.add(dimension, name, amount)

    def writes(self) -> list[Write]:
        """One update per dimension that really changes."""
        place = zlib.crc32(self.aggregate.encode())
        return [
            _add(dimension, _shard(place % shards_of(dimension)), changed)
            for dimension, numbers in sorted(self.changes.items())
            if (changed := {name: amount for name, amount in numbers.items() if amount})
        ]


def _shard(number: int) -> str:
    return f"{number:02}"


def _add(dimension: str, shard: str, numbers: Mapping[str, int]) -> Write:
    names = {f"n{position}": name for position, name in enumerate(numbers)}
    values = {f"v{position}": amount for position, amount in enumerate(numbers.values())}
    text = "ADD " + ", ".join(f"#n{position} :v{position}" for position in range(len(numbers)))
    return update(keys.counter(dimension), shard, Condition(text=text, values=values, names=names))


def shards_of(dimension: str) -> int:
    """How many shards a dimension has."""
    return SHARDS_OF_PERFORMER if dimension.startswith(_PERFORMER) else SHARDS


def read(table: Table, dimension: str, *, consistent: bool = False) -> Shards:
    """The numbers of each shard of a dimension, in one call."""
    return read_all(table, (dimension,), consistent=consistent)[dimension]


def read_all(table: Table, dimensions: Sequence[str], *, consistent: bool = False) -> dict[str, Shards]:
    """The numbers of each shard of some dimensions, in one call per hundred shards."""
    partitions = {keys.counter(dimension): dimension for dimension in dimensions}
    wanted = [(pk, _shard(place)) for pk, dimension in partitions.items() for place in range(shards_of(dimension))]
    read_shards: dict[str, Shards] = {dimension: {} for dimension in dimensions}
    for (pk, shard), item in table.get_many(wanted, consistent=consistent).items():
        read_shards[partitions[pk]][shard] = item
    return read_shards


def total(shards: Mapping[str, Mapping[str, Any]], names: Iterable[str]) -> int:
    """The sum of some numbers over all shards."""
    wanted = tuple(names)
    return sum(int(item.get(name, 0)) for item in shards.values() for name in wanted)


def unchanged(dimension: str, shards: Mapping[str, Mapping[str, Any]], name: str) -> list[Write]:
    """Checks that hold while a number of every shard is what was read."""
    return [
        check(keys.counter(dimension), _shard(number), _equals(name, shards.get(_shard(number), {}).get(name)))
        for number in range(shards_of(dimension))
    ]


def _equals(name: str, value: int | None) -> Condition:
    if value is None:
        return Condition(text="attribute_not_exists(#n)", names={"n": name})
    return Condition(text="#n = :v", names={"n": name}, values={"v": value})
