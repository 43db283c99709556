"""Time, chance and waiting."""

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from ulid import ULID


@dataclass(frozen=True, slots=True)
class SystemClock:
    """`ports.environment.Clock`."""

    def now(self) -> datetime:
        """UTC, cut to milliseconds as the record keeps them."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class RandomIds:
    """`ports.environment.Ids`."""

    def ulid(self) -> str:
        """48 bits of time, 80 bits of chance."""
        return str(ULID()).lower()


@dataclass(frozen=True, slots=True)
class SystemPause:
    """`ports.environment.Pause`."""

    def wait(self, milliseconds: float) -> None:
        """Sleep."""
        time.sleep(milliseconds / 1000)

    def jitter(self, milliseconds: float) -> None:
        """Sleep a random part."""
        time.sleep(random.uniform(0, milliseconds) / 1000)  # noqa: S311 - jitter, not a secret
