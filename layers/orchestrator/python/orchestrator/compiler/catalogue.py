"""What the runtime needs to know of each element of a compiled process; stored with the definition version."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ErrorHandler:
    """A boundary event or event sub-process that catches `code` (None: any) for an element inside it."""

    handler_id: str
    code: str | None = None
    error_variable: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogueElement:
    """One flow node as the dispatcher and the API see it.

    `performer`, `form`, `headers` and the texts in `assignee`... are as modelled; texts that are
    expressions are evaluated by the dispatcher against the element's input. `error_handlers` are ordered:
    innermost scope first, a specific code before a catch-all. `properties` carries what only some kinds
    have (subscriptions, timers, call targets), as plain JSON.
    """

    id: str
    type: str
    name: str | None = None
    documentation: str | None = None
    lane: str | None = None
    task_type: str | None = None
    #: the variable that gets the whole answer; None: its members become variables, or mappings read them
    result_variable: str | None = None
    assignee: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    form: Mapping[str, object] | None = None
    priority: str | None = None
    due_date: str | None = None
    retries: str | None = None
    error_handlers: tuple[ErrorHandler, ...] = ()
    properties: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def interrupts(self) -> str | None:
        """The activity or scope that the element ends when it happens; None: it ends nothing around it."""
        host = self.properties.get("attached_to")
        return None if host is None or self.properties.get("interrupting") is False else str(host)


@dataclass(frozen=True, slots=True)
class CompensableElement:
    """An activity that can be compensated: its `scope` and `handler`; without handler, what is inside it is."""

    scope: str
    handler: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogueStart:
    """One event that starts instances at a start event of the process.

    `kind` is `none`, `message`, `signal`, `timer` or `conditional`. `text` is the name, or the time of a timer, as
    modelled: an expression is evaluated without variables when the version is published. Of a conditional event it is
    the condition, in `language`. `timer` is `date`, `duration` or `cycle`.
    """

    element_id: str
    kind: str
    text: str | None = None
    timer: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All elements of one process; `planned_tasks` are the ids of the activities that become tasks.

    `starts` are the start events of the process; none: it starts wherever nothing leads to.
    """

    process_id: str
    elements: Mapping[str, CatalogueElement]
    process_name: str | None = None
    version_tag: str | None = None
    planned_tasks: tuple[str, ...] = ()
    starts: tuple[CatalogueStart, ...] = ()
    #: variables that expressions of the machine read: they always travel inline (never as payload references)
    routing_variables: tuple[str, ...] = ()
    compensables: Mapping[str, CompensableElement] = field(default_factory=dict[str, CompensableElement])
    #: where the thread begins that compensates a cancelled instance; None: nothing of the process can be compensated
    cancellation: str | None = None

    @property
    def starts_on_request(self) -> bool:
        """Tell whether instances may begin without an event: at a none start event, or where the model has no start."""
        return not self.starts or any(start.kind == "none" for start in self.starts)
