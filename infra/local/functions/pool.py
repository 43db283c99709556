"""Warm workers per function, and a brake on starting too many at once."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from infra.local.functions.worker import Program, Worker

#: beyond so many workers of one function, an invocation rather waits a little for one to become free
_SOFT_LIMIT = 3
_PATIENCE_SECONDS = 0.4
_IDLE_SECONDS = 300.0


class Pool:
    """Leases workers; workers of an older program of the same function are ended."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._free: dict[str, list[Worker]] = {}
        self._leased: dict[str, set[Worker]] = {}

    @contextmanager
    def lease(self, program: Program) -> Generator[Worker]:
        """A worker for one invocation."""
        worker = self._take(program)
        try:
            yield worker
        finally:
            self._give_back(worker)

    def _take(self, program: Program) -> Worker:
        self._end(self._outdated(program))
        deadline = time.monotonic() + _PATIENCE_SECONDS
        with self._changed:
            while True:
                free = self._free.setdefault(program.arn, [])
                leased = self._leased.setdefault(program.arn, set())
                remaining = deadline - time.monotonic()
                if free or len(leased) < _SOFT_LIMIT or remaining <= 0:
                    worker = free.pop() if free else Worker(program)
                    leased.add(worker)
                    return worker
                self._changed.wait(remaining)

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
            self._free[worker.program.arn].append(worker)
            self._changed.notify()

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
