"""What a caller bases a change on: a version of the resource that it has seen (RFC 9110, 13.1.1)."""
# ruff: noqa: N818 - errors are named as HTTP names them

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from orchestrator.domain.errors import OrchestratorError

T = TypeVar("T")
#: in place of a version: any
ANY: Final = "*"


class PreconditionFailed(OrchestratorError):
    """412: the resource is at `current_version`, which is none of those that the caller expects."""

    def __init__(self, resource_id: str, current_version: str) -> None:
        self.resource_id, self.current_version = resource_id, current_version
        super().__init__("The resource has changed since it was read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The versions of a resource that a change may meet. Other resources that the change touches are not asked."""

    resource_id: str
    versions: frozenset[str]

    def check(self, resource_id: str, version: str) -> None:
        """Refuse to go on from another version.

        Raises:
            PreconditionFailed: it is none of the expected ones.
        """
        if resource_id == self.resource_id and not self.versions & {version, ANY}:
            raise PreconditionFailed(resource_id, version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned(Generic[T]):
    """What a caller sees of a resource, and the version of the record that it was made from."""

    value: T
    version: str


def registered_version(registration: str, sequence: int) -> str:
    """The version of what may be removed and registered again under its id, where its numbers begin anew."""
    return f"{registration}-{sequence}"
