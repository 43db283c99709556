"""Registered services and agents, as validation and assignment read them."""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.table import Table


@dataclass(frozen=True, slots=True)
class DynamoDBDirectory:
    """`ports.Directory`."""

    table: Table

    def services(self) -> Mapping[str, str]:
        """One Query of the partition of services."""
        return {item["sk"]: item["endpoint"] for item in self.table.all(keys.SERVICES)}

    def agents(self) -> frozenset[str]:
        """One Query of the partition of agents."""
        return frozenset(item["sk"] for item in self.table.all(keys.AGENTS))
