"""Time, identities, pauses, the event bus, and how far a process over many pages got."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol


class Bookmarks(Protocol):
    """Where long walks over the record go on."""

    def load(self, walk: str) -> str | None:
        """The cursor at which a walk was left; None: it begins anew."""
        ...

    def save(self, walk: str, cursor: str | None) -> None:
        """Leave a walk at a cursor."""
        ...


class EventBus(Protocol):
    """EventBridge."""

    def publish(self, events: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
        """Publish CloudEvents in order, at most ten; the indexes of those that were refused."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Now, UTC, whole milliseconds."""
        ...


class Ids(Protocol):
    """Fresh identifiers."""

    def ulid(self) -> str:
        """A new ULID, lower case, larger than those before it."""
        ...


class Pause(Protocol):
    """Waiting, where a use case waits a bounded moment."""

    def wait(self, milliseconds: float) -> None:
        """Wait this long."""
        ...

    def jitter(self, milliseconds: float) -> None:
        """Wait a random part of this long."""
        ...
