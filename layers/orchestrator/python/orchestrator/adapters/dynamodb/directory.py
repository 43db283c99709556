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

    def endpoint(self, service: str) -> str | None:
        """One GetItem."""
        item = self.table.get(keys.SERVICES, service, consistent=False) if service else None
        return item["endpoint"] if item else None

    def agents(self) -> frozenset[str]:
        """One Query of the partition of agents."""
        return frozenset(item["sk"] for item in self.table.all(keys.AGENTS))
