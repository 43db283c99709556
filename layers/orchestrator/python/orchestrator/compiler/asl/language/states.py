"""The states of a machine, typed (Amazon States Language, JSONata query language).

Names are keys of the lowering until `names` replaces them. Values are JSON in which a string `{% ... %}` is a
JSONata query. `None` stands for an absent field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Json = object
Key = str


@dataclass(frozen=True, slots=True)
class Catcher:
    """Where a state goes on when one of `errors` was raised in it."""

    errors: tuple[str, ...]
    next: Key
    output: Json = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One way out of a `Choice`; `condition` is JSONata without its delimiters."""

    condition: str
    next: Key
    output: Json = None


@dataclass(frozen=True, slots=True)
class Pass:
    """Changes the token and goes on."""

    output: Json
    next: Key


@dataclass(frozen=True, slots=True)
class Task:
    """Calls the task dispatcher; with `waits`, until the task token is answered. `next` None: ends."""

    waits: bool
    payload: Mapping[str, Json]
    output: Json
    next: Key | None
    catch: tuple[Catcher, ...] = ()
    timeout: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Goes on by the first rule whose condition holds, else to `default` with `output`."""

    rules: tuple[Rule, ...]
    default: Key
    output: Json = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Waits until `timestamp`, a query that yields an ISO 8601 time."""

    timestamp: str
    next: Key
    output: Json = None


@dataclass(frozen=True, slots=True)
class Parallel:
    """Runs branches at once, each on `arguments`."""

    branches: tuple["States", ...]
    arguments: Json
    output: Json
    next: Key
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True)
class Map:
    """Runs `processor` once per item of the query `items`, each on what `selector` makes of it."""

    items: str
    selector: Json
    processor: "States"
    output: Json
    next: Key
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True)
class Succeed:
    """Ends its branch or machine."""

    output: Json = None


@dataclass(frozen=True, slots=True)
class Fail:
    """Ends its branch or machine with an error."""

    error: str
    cause: str | None = None


State = Pass | Task | Choice | Wait | Parallel | Map | Succeed | Fail


@dataclass(slots=True)
class States:
    """A `States` map with its start: a machine, or one branch."""

    start_at: Key
    states: dict[Key, State] = field(default_factory=dict[Key, State])


def is_end(state: State) -> bool:
    """Tell whether the map ends in the state."""
    return isinstance(state, Succeed | Fail) or (isinstance(state, Task) and state.next is None)


def targets(state: State) -> list[Key]:
    """Return the keys of the states that may follow in the same map."""
    match state:
        case Choice():
            return [*(rule.next for rule in state.rules), state.default]
        case Task():
            return [*([] if state.next is None else [state.next]), *(catcher.next for catcher in state.catch)]
        case Parallel() | Map():
            return [state.next, *(catcher.next for catcher in state.catch)]
        case Pass() | Wait():
            return [state.next]
        case Succeed() | Fail():
            return []


def said(state: State) -> list[Json]:
    """Return the JSON in which a state may hold queries: what it passes on, asks for or fails with."""
    match state:
        case Task():
            return [state.payload, state.output]
        case Parallel():
            return [state.arguments, state.output]
        case Map():
            return [state.selector, state.output]
        case Pass() | Choice() | Wait() | Succeed():
            return [state.output]
        case Fail():
            return [state.error, state.cause]
