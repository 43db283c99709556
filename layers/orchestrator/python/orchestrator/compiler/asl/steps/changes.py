"""Changes of the variables that conditional events read: told to the record before the token goes on.

[A] --answer--> [changed] --> next        only in processes with conditional events, after what writes variables
"""

from collections.abc import Iterable

from orchestrator.compiler.asl.language.states import Json, Key, Task
from orchestrator.compiler.asl.language.token import VARIABLES, changed, extended_trail, query, strings
from orchestrator.compiler.asl.steps.dispatch import Operation, payload

#: field of the token: the keys that the state before has written
TOLD = "told"


def picked(names: Iterable[str], among: str | None = None) -> str:
    """Return JSONata for the variables of these names that the token has, perhaps only those `among` some keys."""
    also = "" if among is None else f" and $k in {among}"
    return f"$merge([$sift({VARIABLES}, function($v, $k) {{ $k in {strings(names)}{also} }})])"


def telling(element_id: str, occurrence: Json, names: Iterable[str], then: Key, passed: tuple[str, ...]) -> Task:
    """Return the call that tells what the state before it has written; it goes on to `then`."""
    fields: dict[str, Json] = {
        "occurrence": occurrence,
        "variables": query(picked(names, f"$states.input.{TOLD}")),
        "trail": [],
    }
    output = query(changed({TOLD: "[]", "trail": extended_trail(passed)}))
    return Task(waits=False, payload=payload(Operation.CHANGED, element_id, fields), output=output, next=then)
