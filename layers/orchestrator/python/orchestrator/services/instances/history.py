"""The history of an instance: its events in the order in which they happened."""

from dataclasses import dataclass

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import InvalidRequest, NotFound
from orchestrator.domain.events import Event
from orchestrator.domain.instance import RESOURCE
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.paging import Listing, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryService:
    """Reads what happened in an instance, and who did it."""

    instances: InstanceStore

    def of(self, caller: Caller, instance_id: str, page: Page) -> Listing[Event]:
        """One page, oldest first. Events have gapless numbers: the cursor is the number of the last one shown.

        `total` counts every event of the instance; those beyond the retention time are no longer shown.

        Raises:
            NotFound: no such instance that the caller may see.
            InvalidRequest: the cursor is none of ours.
        """
        instance = self.instances.load(instance_id)
        if not caller.sees(instance.project_id):
            raise NotFound(RESOURCE, instance_id)
        after = _number(page.cursor) + page.offset
        events = self.instances.history(instance, after=after, limit=page.limit)
        reached = min(after + page.limit, instance.sequence)
        more = reached < instance.sequence
        return Listing(items=events, total=instance.sequence, has_more=more, next_cursor=str(reached) if more else None)


def _number(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 9):  # noqa: PLR2004
        raise InvalidRequest("cursor", "is not a cursor of a previous page")
    return int(cursor)
