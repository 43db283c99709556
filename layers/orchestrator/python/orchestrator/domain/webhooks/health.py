"""How a receiver is: a circuit breaker per webhook, so that a dead one costs almost nothing.

closed --5 failures in a row--> open --time is up--> one probe --success--> closed
                                  ^----------------------failure, longer----'
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

#: failures in a row after which nothing is sent for a while
THRESHOLD = 5
FIRST_BREAK = timedelta(seconds=2)
LONGEST_BREAK = timedelta(minutes=5)
#: for how long a probe keeps others from probing
PROBE_WINDOW = timedelta(seconds=15)
#: a receiver that has failed for so long without one success is given up
GIVE_UP_AFTER = timedelta(days=3)


class Gate(StrEnum):
    """What a delivery may do now."""

    PASS = "pass"  # noqa: S105 - no password
    PROBE = "probe"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Failures in a row since `failing_since`; `breaks` counts how often the circuit opened since the last success."""

    failures: int = 0
    failing_since: datetime | None = None
    breaks: int = 0
    open_until: datetime | None = None
    version: int = 0

    @property
    def is_well(self) -> bool:
        """The last attempt succeeded, or there was none."""
        return self.failures == 0

    def gate(self, now: datetime) -> Gate:
        """Whether to send, to try whether the receiver is back, or to wait until `open_until`."""
        if self.open_until is None:
            return Gate.PASS
        return Gate.WAIT if now < self.open_until else Gate.PROBE

    def probing(self, now: datetime) -> "Health":
        """One delivery tries; the others wait for what it finds."""
        return replace(self, open_until=now + PROBE_WINDOW, version=self.version + 1)

    def after_success(self) -> "Health":
        """All is well again."""
        return Health(version=self.version + 1)

    def after_failure(self, now: datetime, *, probe: bool) -> "Health":
        """One more failure; opens the circuit at the threshold, and for longer after each failed probe."""
        failures = self.failures + 1
        failed = replace(self, failures=failures, failing_since=self.failing_since or now, version=self.version + 1)
        if probe or (failures >= THRESHOLD and self.open_until is None):
            pause = min(FIRST_BREAK * 2 ** min(self.breaks, 16), LONGEST_BREAK)
            return replace(failed, breaks=self.breaks + 1, open_until=now + pause)
        return failed

    def is_hopeless(self, now: datetime) -> bool:
        """Nothing but failures for the whole window."""
        return self.failing_since is not None and now - self.failing_since >= GIVE_UP_AFTER
