"""Who asks: what the authorizer vouches for."""

from dataclasses import dataclass

from orchestrator.domain.errors import Forbidden
from orchestrator.domain.expectation import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The subject of the token, the projects it is confined to (None: all), and the request's correlation id.

    `expected` is what the caller bases its change on; None: whatever there is.
    """

    subject: str
    project_ids: frozenset[str] | None = None
    correlation_id: str | None = None
    expected: Expectation | None = None

    def sees(self, project_id: str | None) -> bool:
        """Tell whether the caller may see and touch things of this project."""
        return self.project_ids is None or project_id in self.project_ids

    def require_version(self, resource_id: str, version: str) -> None:
        """Refuse a change of what the caller has not seen. Ask between reading and the write that is made on it.

        Raises:
            PreconditionFailed: the resource is at a version that the caller does not expect.
        """
        if self.expected is not None:
            self.expected.check(resource_id, version)

    def require_project(self, project_id: str | None) -> None:
        """Refuse to act in a project that the caller is not in.

        Raises:
            Forbidden: the token's `project_ids` do not contain the project.
        """
        if not self.sees(project_id):
            raise Forbidden(f"project:{project_id}", message="Insufficient permissions to act in this project")
