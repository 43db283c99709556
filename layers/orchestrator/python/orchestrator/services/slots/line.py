"""The queue and the lanes of batches as one line, in the order of rank."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from orchestrator.ports.admission import Lane, Queue, Waiting

_Place = tuple[datetime, str, Waiting, str | None]


@dataclass(slots=True)
class Line:
    """Iterates once over everybody who waits; lanes can be left early. `was_walked`: to the end of all."""

    queue: Queue
    lanes: tuple[Lane, ...]
    was_walked: bool = True
    _rows: dict[str | None, Iterator[Waiting]] = field(default_factory=dict[str | None, Iterator[Waiting]])
    _empty: list[Lane] = field(default_factory=list[Lane])

    @classmethod
    def of(cls, queue: Queue) -> "Line":
        """The line as it begins now."""
        return cls(queue, queue.lanes())

    def __iter__(self) -> Iterator[Waiting]:
        """Everybody, the earliest rank first."""
        self._rows = {None: self.queue.waiting(), **{lane.batch_id: self.queue.waiting(lane) for lane in self.lanes}}
        places: list[_Place] = []
        for lane in (None, *self.lanes):
            if not self._next(lane.batch_id if lane else None, places) and lane:
                self._empty.append(lane)
        heapq.heapify(places)
        while places:
            _, _, waiting, lane_id = heapq.heappop(places)
            yield waiting
            self._next(lane_id, places)

    def _next(self, lane_id: str | None, places: list[_Place]) -> bool:
        waiting = next(self._rows.get(lane_id, iter(())), None)
        if waiting is not None:
            heapq.heappush(places, (waiting.rank, waiting.instance_id, waiting, lane_id))
        return waiting is not None

    def leave(self, lane_id: str | None) -> None:
        """Nobody of a lane can be helped now."""
        self._rows.pop(lane_id, None)

    def leave_all(self) -> None:
        """Nobody can be helped now."""
        self._rows.clear()
        self.was_walked = False

    def close_empty(self) -> None:
        """Lanes in which nobody was found are no more, unless somebody has come since."""
        for lane in self._empty:
            self.queue.close_lane(lane)
