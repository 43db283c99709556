"""Every key of the table: docs/data-model.md names the access pattern that each serves."""

from datetime import datetime
from typing import Final

from orchestrator.adapters.dynamodb.codec import instant
from orchestrator.adapters.dynamodb.schema import GLOBAL_INDEXES, GSI4, Index
from orchestrator.domain.definition import Version
from orchestrator.ports.transitions import ScopeEnd, ThreadArrival

HEAD: Final = "META"
CONTENT: Final = "META#CONTENT"
INPUT: Final = "META#INPUT"
OUTPUT: Final = "META#OUTPUT"
EVENT: Final = "EVENT#"
VERSION: Final = "VERSION#"
TASK: Final = "TASK#"
CALL: Final = "CALL#"
COMPENSATION: Final = "COMPENSATION#"
#: completed activities that can be compensated, and what compensations were decided
COMPENSATION_COMPLETED: Final = "COMPENSATION#COMPLETED#"
COMPENSATION_DECIDED: Final = "COMPENSATION#DECIDED#"
#: sort keys of the index `open`, ordered so that one range takes what a query needs
OPEN_INPUT: Final = "A#INPUT"
OPEN_OUTPUT: Final = "A#OUTPUT"
OPEN_FAILED: Final = "F#"
OPEN_HEAD: Final = "M#HEAD"
OPEN_TASK: Final = "T#"
OPEN_ANSWER: Final = "U#"
OPEN_WAIT: Final = "W#"
OPEN_THREAD: Final = "X#"
#: sorts after every other character we use
LAST: Final = "~"
DEFINITIONS: Final = "DEFINITION"
INSTANCES: Final = "INSTANCE"
TASKS: Final = "TASK"
SERVICES: Final = "SERVICE"
AGENTS: Final = "AGENT"
QUEUE: Final = "QUEUE"
#: batches that have a lane of their own; the sort key is the batch's id
LANES: Final = "QUEUE#LANES"
#: list of all events
EVENTS: Final = "EVENT"

Key = tuple[str, str]
#: all allocations
ALLOCATIONS: Final[Key] = ("ALLOCATION", "PLAN")


def definition(definition_id: str) -> str:
    """Partition of a definition."""
    return f"{DEFINITIONS}#{definition_id}"


def process(process_id: str) -> str:
    """Partition of the published versions of a process, by its BPMN id; sort keys are in the order of publication."""
    return f"PROCESS#{process_id}"


def instance(instance_id: str) -> str:
    """Partition of an instance: everything that changes in one transaction."""
    return f"{INSTANCES}#{instance_id}"


def version(number: Version) -> str:
    """Sort key of a published version, in the order of versions."""
    return f"{VERSION}{number.major:09}.{number.minor:09}.{number.patch:09}"


def event(sequence: int) -> str:
    """Sort key of an event within its aggregate."""
    return f"{EVENT}{sequence:010}"


def task(task_id: str) -> str:
    """Sort key of a task."""
    return f"{TASK}{task_id}"


def token(task_id: str) -> str:
    """Sort key of a task's token."""
    return f"TOKEN#{task_id}"


def mark(end: ScopeEnd) -> str:
    """Sort key of the note that a scope has ended."""
    return f"{marks(end.thread)}{end.scope}#{end.element_id}"


def marks(thread: str) -> str:
    """What the sort keys of the ends of a thread's scopes begin with."""
    return f"MARK#{thread}#"


def thread(thread_id: str) -> str:
    """Sort key of a side thread."""
    return f"THREAD#{thread_id}"


def thread_token(thread_id: str) -> str:
    """Sort key of what a side thread started with."""
    return f"THREAD#{thread_id}#TOKEN"


def group(key: str) -> str:
    """Sort key of a group of threads."""
    return f"GROUP#{key}"


def group_end(key: str, thread_id: str = "") -> str:
    """Sort key of what a thread's token brought to its end; without a thread, what all of a group begin with."""
    return f"GROUP#{key}#END#{thread_id}"


def arrival(reached: ThreadArrival) -> str:
    """Sort key of a thread's arrival at a join."""
    return f"GROUP#{reached.group}#JOIN#{reached.join}#{reached.thread}#{reached.occurrence}"


def thrown(key: str) -> str:
    """Sort key of the note that an entry has thrown."""
    return f"THROWN#{key}"


def task_input(task_id: str) -> str:
    """Sort key of a task's input data."""
    return f"DATA#{task_id}#INPUT"


def task_log(task_id: str) -> str:
    """Sort key of the lines that callers added to a task's log."""
    return f"DATA#{task_id}#LOG"


def task_result(task_id: str) -> str:
    """Sort key of a task's result data."""
    return f"DATA#{task_id}#RESULT"


def lookup(kind: str, value: str) -> str:
    """Partition of the instances with this project, business key or initiator."""
    return f"LOOKUP#{kind}#{value}"


def slot(pool: str, shard: int) -> Key:
    """A shard of a pool of slots."""
    return f"SLOTS#{pool}", f"{shard:02}"


def queue(lane: str | None) -> str:
    """Partition of the queue, or of a batch's lane of it; sort keys are positions by rank."""
    return QUEUE if lane is None else f"{QUEUE}#BATCH#{lane}"


def batch(batch_id: str) -> str:
    """Partition of a batch."""
    return f"BATCH#{batch_id}"


def counter(dimension: str) -> str:
    """Partition of a counter; its shards are the sort keys."""
    return f"COUNT#{dimension}"


def position(created_at: datetime, identity: str) -> str:
    """Sort key of every list: by creation, unique."""
    return f"{instant(created_at)}#{identity}"


def listed(at: str, *partitions: str | None) -> dict[str, str]:
    """Index attributes that put an item into up to three lists at one position."""
    return {
        name: value
        for index, partition in zip(GLOBAL_INDEXES, partitions, strict=False)
        if partition is not None
        for name, value in ((index.partition_key, partition), (index.sort_key, at))
    }


def index_of(place: int) -> Index:
    """The index that holds the list at this place (counted from 0) of `listed`."""
    return GLOBAL_INDEXES[place]


def work(service: str, due: datetime, task_id: str) -> dict[str, str]:
    """Index attributes of work that a service's workers may claim from a moment on."""
    return {GSI4.partition_key: work_of(service), GSI4.sort_key: position(due, task_id)}


def work_of(service: str) -> str:
    """Partition of the work of a service."""
    return f"WORK#{service}"


def registered(kind: str, identity: str, registration: str) -> str:
    """Partition of what belongs to one registration of an agent or service: its events."""
    return f"{kind}#{identity}#{registration}"


def calls(service: str) -> str:
    """Partition of a service's calls on their way, and of its health."""
    return f"CALLS#{service}"


def events_of_type(event_type: str) -> str:
    """List of all events of a type."""
    return f"EVENT#TYPE#{event_type}"


def kept_answer(owner: str, key: str) -> str:
    """Partition of the answer to a request with an idempotency key (both digests)."""
    return f"ANSWER#{owner}#{key}"
