"""Warm workers per function, and a brake on starting too many at once."""

import os
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from infra.local.functions.worker import Program, Worker

#: beyond so many workers of one function, an invocation rather waits a little for one to become free
_SOFT_LIMIT = 3
_PATIENCE_SECONDS = 0.4
_IDLE_SECONDS = 300.0
#: A start takes a core for a second. If all who wait began one, none would be ready before those who wait give up,
#: and each of these is tried again: so at most one per core starts at a time, of all functions together.
_STARTS = os.cpu_count() or 1


class Pool:
    """Leases workers; workers of an older program of the same function are ended."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._free: dict[str, list[Worker]] = {}
        self._leased: dict[str, set[Worker]] = {}
        self._starting = 0

    @contextmanager
    def lease(self, program: Program) -> Generator[Worker]:
        """A worker for one invocation."""
        worker = self._take(program)
        try:
            if not worker.is_running:
                self._start(worker)
            yield worker
        finally:
            self._give_back(worker)

    def _start(self, worker: Worker) -> None:
        """Start a worker that `_take` has counted among those that start."""
        try:
            worker.start()
        finally:
            with self._changed:
                self._starting -= 1
                self._changed.notify_all()

    def _take(self, program: Program) -> Worker:
        """A worker that is free, or a new one, counted among those that start."""
        self._end(self._outdated(program))
        deadline = time.monotonic() + _PATIENCE_SECONDS
        with self._changed:
            leased = self._leased.setdefault(program.arn, set())
            while not (free := self._free.get(program.arn)):
                remaining = deadline - time.monotonic()
                if self._starting < _STARTS and (len(leased) < _SOFT_LIMIT or remaining <= 0):
                    self._starting += 1
                    free = [Worker(program)]
                    break
                self._changed.wait(remaining if remaining > 0 else None)
            worker = free.pop()
            leased.add(worker)
            return worker

    def _outdated(self, program: Program) -> list[Worker]:
        with self._changed:
            free = self._free.get(program.arn, [])
            idle_since = time.monotonic() - _IDLE_SECONDS
            old = [
                worker
                for index, worker in enumerate(free)
                if worker.program != program or (index > 0 and worker.last_used < idle_since)
            ]
            self._free[program.arn] = [worker for worker in free if worker not in old]
            return old

    def _give_back(self, worker: Worker) -> None:
        with self._changed:
            self._leased[worker.program.arn].discard(worker)
            if worker.is_running:
                self._free.setdefault(worker.program.arn, []).append(worker)
            self._changed.notify_all()

    def close(self) -> None:
        """End every worker, also those at work."""
        with self._changed:
            workers = [worker for kept in (self._free, self._leased) for some in kept.values() for worker in some]
            self._free.clear()
        self._end(workers)

    @staticmethod
    def _end(workers: list[Worker]) -> None:
        for worker in workers:
            worker.stop()
