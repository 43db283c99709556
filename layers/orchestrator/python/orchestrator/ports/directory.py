"""Who can be given work."""

from typing import Protocol

from orchestrator.domain.resources.service import RegisteredService


class Directory(Protocol):
    """Who is registered to perform tasks."""

    def services(self) -> frozenset[str]:
        """Names of registered services."""
        ...

    def service(self, name: str) -> RegisteredService | None:
        """A registered service; None: there is none of this name."""
        ...

    def agents(self) -> frozenset[str]:
        """Ids of registered agents."""
        ...
