"""Concurrent branches: all results in order, or the first failure and none of the others runs on."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

Branch = Callable[[], Coroutine[Any, Any, Any]]


async def run_all(branches: Sequence[Branch], *, at_once: int) -> list[Any]:
    """Run the branches, at most so many at a time; the first failure is raised once the others have stopped."""
    gate = asyncio.Semaphore(at_once)

    async def gated(branch: Branch) -> Any:
        async with gate:
            return await branch()

    running = [asyncio.ensure_future(gated(branch)) for branch in branches]
    try:
        for finished in asyncio.as_completed(running):
            await finished
        return [task.result() for task in running]
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
