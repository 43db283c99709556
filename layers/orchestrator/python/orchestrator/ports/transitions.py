"""Units of work on instances: what one transaction writes together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from orchestrator.domain.compensation import Compensation, Completion
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import Event
from orchestrator.domain.ids import InstanceId, TaskId, ThreadId
from orchestrator.domain.instance import Instance
from orchestrator.domain.message import Message
from orchestrator.domain.side_thread import SideThread, ThreadGroup
from orchestrator.domain.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTransition:
    """One task in a transition. `before` None: new, with its `token` and the name of its `execution`.

    Else it must still be as it was, and `token` as it was read guards against a newer one; `is_answered`: the machine
    has left the task, so its token needs no answer. Data are written when given.
    """

    before: Task | None
    after: Task
    token: str | None = None
    execution: str | None = None
    is_answered: bool = False
    input_data: JsonObject | None = None
    result_data: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeEnd:
    """An end of a scope: the element that interrupted it, or the sub-process whose body was done."""

    instance_id: InstanceId
    thread: str
    scope: str
    element_id: str

    @property
    def is_interruption(self) -> bool:
        """Tell whether something else than the scope's own element ended it: not its body, which was done."""
        return self.scope.rpartition("/")[2].partition("#")[0] != self.element_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeMark:
    """The note that a scope has ended, and when: a second run is answered the same."""

    end: ScopeEnd
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadChange:
    """One side thread in a transition. `before` None: new, with the `token` that it starts with.

    Else it must still be as it was; `data` is what its token brought to its end.
    """

    before: SideThread | None
    after: SideThread
    token: JsonObject | None = None
    data: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadArrival:
    """The k-th time that a thread reached a join: what its token brought, and what it was answered."""

    group: str
    thread: ThreadId
    join: str
    occurrence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadWrites:
    """What a transition changes of a group of threads: all must be as it was when it was decided on."""

    before: ThreadGroup | None = None
    group: ThreadGroup | None = None
    threads: tuple[ThreadChange, ...] = ()
    arrivals: Mapping[ThreadArrival, JsonObject] = field(default_factory=dict[ThreadArrival, JsonObject])


@dataclass(frozen=True, slots=True, kw_only=True)
class Throw:
    """The note that an entry has thrown, by which execution; with the message that it has written."""

    key: TaskId
    execution: str
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceTransition:
    """`before` None: the instance is new, and its definition must still be serving.

    `mark` is written; of `unended`, no mark may be there. `alive` is a side thread that must be live. `taken` is a
    buffered message that this definition takes; `thrown` must not have been thrown before. `completion` is noted, and
    `compensation`, which must not have been decided before.
    """

    before: Instance | None
    after: Instance
    events: tuple[Event, ...] = ()
    tasks: tuple[TaskTransition, ...] = ()
    input_variables: JsonObject | None = None
    output_variables: JsonObject | None = None
    mark: ScopeMark | None = None
    unended: ScopeEnd | None = None
    taken: Message | None = None
    thrown: Throw | None = None
    completion: Completion | None = None
    compensation: Compensation | None = None
    threads: ThreadWrites = field(default_factory=ThreadWrites)
    alive: ThreadId | None = None
