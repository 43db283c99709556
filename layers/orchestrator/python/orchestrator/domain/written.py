"""What tokens wrote inside scopes that something may interrupt: whoever takes over goes on with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.side_thread import GroupPlace, is_below


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a token told that it had written, when, in which scope path of its thread.

    `group` is where its thread lives, if it is a side thread. `inside` are the sub-processes around it that nothing
    leaves but by output mappings.
    """

    thread: str
    scope: str
    at: datetime
    values: JsonObject
    group: GroupPlace | None = None
    inside: tuple[str, ...] = ()


def kept(told: Iterable[Written], *, thread: str, scope: str, until: datetime) -> JsonObject:
    """What was written below a scope path of a thread, and in the side threads below it, by then: the latest values."""
    known = sorted(told, key=lambda one: one.at)
    groups = {one.thread: one.group for one in known if one.group is not None}
    values: JsonObject = {}
    for one in known:
        if one.at <= until and not _stays_inside(one, scope) and _is_within(one, thread, scope, groups):
            values = {**values, **one.values}
    return values


def _is_within(told: Written, thread: str, scope: str, groups: Mapping[str, GroupPlace]) -> bool:
    host, path, seen = told.thread, told.scope, set[str]()
    while host != thread:
        group = groups.get(host)
        if group is None or host in seen:
            return False
        seen.add(host)
        host, path = group.host, group.scope
    return is_below(path, scope)


def _stays_inside(told: Written, scope: str) -> bool:
    """Tell whether a sub-process below the scope keeps to itself what was written in it."""
    return any(f"/{owner}#" not in scope for owner in told.inside)
