"""Schedules of EventBridge Scheduler and of rules: checked every second, shortened by the wait scale."""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import time

from infra.local.emulator import service

_TICK_SECONDS = 1


def install(scale: float) -> None:
    """Check schedules every second; one-time schedules and rates wait `scale` times as long as they say."""
    scheduler, events = service("scheduler"), service("eventbridge")
    scheduler._SCHEDULE_TICK_INTERVAL = _TICK_SECONDS
    events._SCHEDULER_TICK_INTERVAL = _TICK_SECONDS
    if scale == 1:
        return
    at_time = scheduler._at_time_epoch
    first_seen: dict[str, float] = {}

    def scaled_at(expression: str) -> float | None:
        due = at_time(expression)
        if due is None:
            return None
        seen = first_seen.setdefault(expression, time.time())
        return seen + max(0.0, due - seen) * scale

    scheduler._at_time_epoch = scaled_at
    rate = events._parse_rate_seconds

    def scaled_rate(expression: str) -> float | None:
        seconds = rate(expression)
        return None if seconds is None else seconds * scale

    events._parse_rate_seconds = scaled_rate


def start_rules_now() -> None:
    """Rules that a restart brought back count from now: what they missed, the start itself makes up for."""
    events = service("eventbridge")
    for key in list(events._rules._data):
        events._rule_last_fired[key] = time.time()
