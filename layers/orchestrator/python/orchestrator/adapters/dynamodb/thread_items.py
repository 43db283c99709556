"""Items of side threads: groups, threads, what they start with and what they bring."""

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.instance_items import document
from orchestrator.adapters.dynamodb.table import Plain
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, Write, check, put
from orchestrator.domain.ids import InstanceId, ThreadId
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import SideThread, ThreadGroup, ThreadStatus
from orchestrator.ports.transitions import InstanceTransition, ThreadChange


def thread_writes(instance: Instance, transition: InstanceTransition) -> list[Write]:
    """What a transition writes of threads, each write on condition that nobody was faster."""
    changed = transition.threads
    writes: list[Write] = []
    if changed.group is not None:
        writes.append(put(_group(changed.group), _unmoved(changed.before)))
    for change in changed.threads:
        writes += _thread_writes(instance, change)
    for reached, stored in changed.arrivals.items():
        writes.append(put(document(instance, keys.arrival(reached), stored)))
    ours = {change.after.id for change in changed.threads}
    if transition.alive is not None and transition.alive not in ours:
        writes.append(_alive(instance.id, transition.alive))
    return writes


def read_thread(item: Plain) -> SideThread:
    """The thread in an item."""
    return decode(SideThread, item)


def read_group(item: Plain) -> ThreadGroup:
    """The group in an item."""
    return decode(ThreadGroup, item)


def _group(entity: ThreadGroup) -> Plain:
    return {"pk": keys.instance(entity.instance_id), "sk": keys.group(entity.key), **encode(entity)}


def _thread(entity: SideThread) -> Plain:
    """A thread; in the index `open` until its execution is known to have ended."""
    over = entity.status is ThreadStatus.ENDED
    return {
        "pk": keys.instance(entity.instance_id),
        "sk": keys.thread(entity.id),
        "open_sk": None if over else keys.OPEN_THREAD + entity.id,
        **encode(entity),
    }


def _thread_writes(instance: Instance, change: ThreadChange) -> list[Write]:
    before, after = change.before, change.after
    as_it_was = Condition(text=ABSENT) if before is None else _status(before.status, before.runs)
    writes = [put(_thread(after), as_it_was)]
    if change.token is not None:
        writes.append(put(document(instance, keys.thread_token(after.id), change.token)))
    if change.data is not None:
        writes.append(put(document(instance, keys.group_end(after.group.key, after.id), change.data)))
    return writes


def _unmoved(before: ThreadGroup | None) -> Condition:
    if before is None:
        return Condition(text=ABSENT)
    return Condition(text="#v = :v", names={"v": "version"}, values={"v": before.version})


def _status(status: ThreadStatus, runs: int) -> Condition:
    return Condition(text="#st = :st AND runs = :r", names={"st": "status"}, values={"st": status.value, "r": runs})


def _alive(instance_id: InstanceId, thread: ThreadId) -> Write:
    live = Condition(text="#st = :st", names={"st": "status"}, values={"st": ThreadStatus.LIVE.value})
    return check(keys.instance(instance_id), keys.thread(thread), live)
