"""A clock that stands still until it is moved, and ids in rising order."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

BEGIN = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)


@dataclass
class StillClock:
    time: datetime = BEGIN

    def now(self) -> datetime:
        return self.time

    def forward(self, **step: float) -> None:
        self.time += timedelta(**step)


@dataclass
class RisingIds:
    numbers: count = field(default_factory=lambda: count(1))

    def ulid(self) -> str:
        return f"{next(self.numbers):026}"
