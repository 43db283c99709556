"""Ids as types, and their forms (docs/design-notes.md, section 1)."""

import base64
import hashlib
import re
from typing import NewType

DefinitionId = NewType("DefinitionId", str)
InstanceId = NewType("InstanceId", str)
TaskId = NewType("TaskId", str)
EventId = NewType("EventId", str)
ThreadId = NewType("ThreadId", str)

ROOT_THREAD = "root"
_TASK_ID = re.compile(r"task-(?P<ulid>[0-9a-z]{26})-[0-9a-z]{16}")
_INSTANCE_PREFIX = "wf-inst-"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def definition_id(ulid: str) -> DefinitionId:
    """`wf-def-<ulid>`."""
    return DefinitionId(f"wf-def-{ulid.lower()}")


def instance_id(ulid: str) -> InstanceId:
    """`wf-inst-<ulid>`."""
    return InstanceId(f"{_INSTANCE_PREFIX}{ulid.lower()}")


def called_instance_id(entry: TaskId) -> InstanceId:
    """The id of the instance that an entry of a call activity calls: a repeated call finds the same one."""
    return _derived(entry)


def started_instance_id(occurrence: str, definition: DefinitionId, element_id: str) -> InstanceId:
    """The id of the instance that an occurrence starts at a start event: a repetition finds the same one."""
    return _derived(f"{occurrence}\x1f{definition}\x1f{element_id}")


def _derived(cause: str) -> InstanceId:
    number = int.from_bytes(hashlib.sha256(cause.encode()).digest()[:16])
    digits = [_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5)]
    return InstanceId(_INSTANCE_PREFIX + "".join(digits))


def event_id(ulid: str) -> EventId:
    """`event-<ulid>`."""
    return EventId(f"event-{ulid.lower()}")


def task_id(instance: InstanceId, *, thread: str, scope: str, element_id: str, occurrence: int) -> TaskId:
    """The id of one entry of an element: a repeated activation yields the same id, so it *is* the same task."""
    digest = _digest(thread, scope, element_id, str(occurrence))
    return TaskId(f"task-{instance.removeprefix(_INSTANCE_PREFIX)}-{digest[:16]}")


def thread_id(*parts: str) -> ThreadId:
    """The id of a side thread, from what started it: unique in its instance, and never a number."""
    return ThreadId(f"t{_digest(*parts)[:12]}")


def _digest(*parts: str) -> str:
    return base64.b32encode(hashlib.sha256("\x1f".join(parts).encode()).digest()).decode().lower()


def instance_of(task: str) -> InstanceId | None:
    """The instance that a task id names; None for a text that is no task id."""
    match = _TASK_ID.fullmatch(task)
    return InstanceId(_INSTANCE_PREFIX + match["ulid"]) if match else None


def execution_name(instance: InstanceId, *, run: int, thread: str = ROOT_THREAD) -> str:
    """The name of the Step Functions execution that carries a thread; `run` counts from 1."""
    parts = [str(instance)]
    if thread != ROOT_THREAD:
        parts.append(thread)
    if run > 1:
        parts.append(str(run))
    return ".".join(parts)
