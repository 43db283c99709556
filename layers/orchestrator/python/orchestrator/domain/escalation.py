"""Escalations that performers and called instances raise: what catches one of an activity (BPMN 10.5.6, 13.5.4).

Who catches which code is known when the process is compiled; the machine says it with the entry of the activity.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.side_thread import Ahead, GroupPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """The thread that handles an escalation: where it begins, in which group, with what.

    `place` is the group of the token that escalates; the handler's is that of the host so many steps `outwards`.
    `order` is the token's place in its group. `variables` None: the input of the activity.
    """

    place: GroupPlace
    outwards: int
    entry: str
    order: str
    ahead: Ahead
    variables: JsonObject | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationCatch:
    """A boundary event or event sub-process that catches `code` (None: any); without `handling` it interrupts."""

    handler_id: str
    code: str | None = None
    variable: str | None = None
    handling: Handling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An escalation that came out of an activity; `actor` is the performer, None: an instance that was called."""

    code: str | None
    variables: JsonObject = field(default_factory=dict[str, Any])
    actor: str | None = None


def catching(catches: Iterable[EscalationCatch], code: str | None) -> EscalationCatch | None:
    """Return the first that catches the code; they are ordered, innermost scope and specific code first."""
    return next((one for one in catches if one.code is None or one.code == code), None)


def given_to(catch: EscalationCatch, raised: Raised) -> JsonObject:
    """Return the variables for the handler, with the code where the model names a variable for it."""
    code = {} if catch.variable is None else {catch.variable: raised.code}
    return {**raised.variables, **code}
