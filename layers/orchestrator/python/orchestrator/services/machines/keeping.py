"""What interrupted scopes keep: tokens inside tell what they have written, whoever interrupts is told all of it."""

from dataclasses import dataclass
from datetime import datetime

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import ROOT_THREAD
from orchestrator.domain.side_thread import GroupPlace
from orchestrator.domain.written import Written, kept
from orchestrator.ports.activities import WrittenVariables
from orchestrator.ports.environment import Clock
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.tokens.scope_endings import ScopePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a token tells with a call: `key` names the call, a second run tells it again."""

    key: str
    values: JsonObject
    group: GroupPlace | None
    inside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Notes what tokens tell, and knows what was written in a scope."""

    record: WrittenVariables
    clock: Clock

    def tell(self, call: Call, told: Telling) -> None:
        """Note what a token has written, once. Side threads are noted without anything, too: others lie below them."""
        if not told.values and call.thread == ROOT_THREAD:
            return
        written = Written(
            thread=call.thread,
            scope=call.scope,
            at=self.clock.now(),
            values=told.values,
            group=told.group,
            inside=told.inside,
        )
        self.record.note(call.instance_id, told.key, written)

    def kept(self, path: ScopePath, *, until: datetime) -> JsonObject:
        """What had been written below a scope path by then."""
        return kept(self.record.told(path.instance_id), thread=path.thread, scope=path.scope, until=until)
