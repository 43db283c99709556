"""What side threads wrote, brought together: in the order of their flows in the document, later ones win."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from orchestrator.domain.documents import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadData:
    """The data of a thread's token: all variables as it sees them, and the keys written since its group began."""

    variables: JsonObject
    written: tuple[str, ...]
    clock: int
    order: str

    @property
    def changes(self) -> JsonObject:
        """The variables that were written."""
        return {key: self.variables[key] for key in self.written if key in self.variables}

    def to_json(self) -> JsonObject:
        """As it is stored."""
        return asdict(self)


def read_data(stored: Mapping[str, Any]) -> ThreadData:
    """What `to_json` made; orders are compared as texts."""
    return ThreadData(
        variables=stored["variables"],
        written=tuple(stored["written"]),
        clock=stored["clock"],
        order=stored["order"],
    )


def merged(tokens: Iterable[ThreadData]) -> ThreadData:
    """One token of several that met at a join: the first in order, with the changes of the others laid over it."""
    ordered = sorted(tokens, key=lambda token: token.order)
    variables: dict[str, Any] = dict(ordered[0].variables)
    for token in ordered:
        variables |= token.changes
    return ThreadData(
        variables=variables,
        written=tuple(dict.fromkeys(key for token in ordered for key in token.written)),
        clock=max(token.clock for token in ordered),
        order=ordered[0].order,
    )


def gathered(tokens: Iterable[ThreadData]) -> JsonObject:
    """What the host of a group goes on with when all its threads have ended: `changes` and `clock`."""
    ordered = sorted(tokens, key=lambda token: token.order)
    changes: dict[str, Any] = {}
    for token in ordered:
        changes |= token.changes
    return {"changes": changes, "clock": max((token.clock for token in ordered), default=0)}
