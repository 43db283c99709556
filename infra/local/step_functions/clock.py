"""Time as the interpreter sees it: real, shortened by a scale, or moved forward by a test."""

import asyncio
import time
from datetime import UTC, datetime


def iso(epoch_seconds: float) -> str:
    """RFC 3339 in UTC with milliseconds, as Step Functions writes times into the context object."""
    stamp = datetime.fromtimestamp(epoch_seconds, tz=UTC)
    return f"{stamp:%Y-%m-%dT%H:%M:%S}.{stamp.microsecond // 1000:03d}Z"


class Clock:
    """Every wait of the interpreter goes through `sleep`; the clock is used on the interpreter's loop only."""

    def __init__(self, *, scale: float = 1.0) -> None:
        if scale <= 0:
            raise ValueError(f"the scale of waits must be positive, not {scale}")
        self._scale = scale
        self._skipped = 0.0
        self._sleepers: set[asyncio.Future[None]] = set()

    def now(self) -> float:
        """Epoch seconds, including what `advance` skipped."""
        return time.time() + self._skipped

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of model time, which take `seconds * scale` seconds of real time."""
        loop = asyncio.get_running_loop()
        due = time.monotonic() + self._skipped * self._scale + max(0.0, seconds) * self._scale
        while (remaining := due - time.monotonic() - self._skipped * self._scale) > 0:
            woken: asyncio.Future[None] = loop.create_future()
            timer = loop.call_later(remaining, _wake, woken)
            self._sleepers.add(woken)
            try:
                await woken
            finally:
                timer.cancel()
                self._sleepers.discard(woken)

    def advance(self, seconds: float) -> None:
        """Skip model time: whoever sleeps until then wakes now."""
        self._skipped += seconds
        for sleeper in tuple(self._sleepers):
            _wake(sleeper)


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
