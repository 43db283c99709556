"""Who asks: what the authorizer vouches for."""

from dataclasses import dataclass

from orchestrator.domain.errors import Forbidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The subject of the token, the projects it is confined to (None: all), and the request's correlation id."""

    subject: str
    project_ids: frozenset[str] | None = None
    correlation_id: str | None = None

    def sees(self, project_id: str | None) -> bool:
        """Tell whether the caller may see and touch things of this project."""
        return self.project_ids is None or project_id in self.project_ids

    def require_project(self, project_id: str | None) -> None:
        """Refuse to act in a project that the caller is not in.

        Raises:
            Forbidden: the token's `project_ids` do not contain the project.
        """
        if not self.sees(project_id):
            raise Forbidden(f"project:{project_id}", message="Insufficient permissions to act in this project")
