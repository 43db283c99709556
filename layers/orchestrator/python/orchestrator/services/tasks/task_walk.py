"""Long walks over lists of tasks: page by page, as far as time allows; the next walk goes on there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from orchestrator.domain.caller import Caller
from orchestrator.domain.task import Task
from orchestrator.ports.environment import Bookmarks
from orchestrator.ports.paging import Page
from orchestrator.ports.tasks import TaskQuery
from orchestrator.services.tasks.tasks import TaskService

SYSTEM: Final = Caller(subject="assignment")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWalk:
    """Newest first. Pages are read by position, so tasks that leave the list meanwhile shift nothing."""

    tasks: TaskService
    bookmarks: Bookmarks
    page: int = 100

    def open(
        self, name: str, query: TaskQuery, has_time: Callable[[], bool], *, most: int | None = None
    ) -> Iterator[Task]:
        """Open tasks of a list from where the walk of this name was left, or from the newest.

        `most` is how many there are, where that is known: a walk that has met them all from the newest on is over.
        """
        begun = cursor = self.bookmarks.load(name)
        seen = 0
        while has_time():
            listing = self.tasks.list(SYSTEM, query, Page(limit=self.page, cursor=cursor))
            for task in filter(lambda one: one.is_open, listing.items):
                if not has_time():
                    self._leave(name, begun, cursor)
                    return
                seen += 1
                yield task
            is_whole = begun is None and most is not None and seen >= most
            cursor = None if is_whole else listing.next_cursor
            if cursor is None:
                break
        self._leave(name, begun, cursor)

    def _leave(self, name: str, begun: str | None, cursor: str | None) -> None:
        if cursor != begun:
            self.bookmarks.save(name, cursor)
