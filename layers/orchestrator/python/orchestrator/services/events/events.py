"""Use cases of the event log."""

from dataclasses import dataclass, replace

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.events import Event
from orchestrator.ports.events import EventLog, EventQuery
from orchestrator.ports.paging import Listing, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EventService:
    """Reads the log."""

    log: EventLog

    def list(self, caller: Caller, query: EventQuery, page: Page) -> Listing[Event]:
        """One page of the events that the caller may see, newest first.

        Raises:
            InvalidRequest: the time range ends before it begins.
        """
        if query.after and query.before and query.before < query.after:
            raise InvalidRequest("end_time", "must not be before start_time")
        return self.log.list(replace(query, visible_projects=caller.project_ids), page)
