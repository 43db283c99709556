"""Registered services and agents, as validation and assignment read them."""

from dataclasses import dataclass

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import decode
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.domain.resources.service import RegisteredService


@dataclass(frozen=True, slots=True)
class DynamoDBDirectory:
    """`ports.directory.Directory`."""

    table: Table

    def services(self) -> frozenset[str]:
        """One Query of the partition of services."""
        return frozenset(item["sk"] for item in self.table.all(keys.SERVICES))

    def service(self, name: str) -> RegisteredService | None:
        """One GetItem."""
        item = self.table.get(keys.SERVICES, name, consistent=False) if name else None
        return decode(RegisteredService, item) if item else None

    def agents(self) -> frozenset[str]:
        """One Query of the partition of agents."""
        return frozenset(item["sk"] for item in self.table.all(keys.AGENTS))
