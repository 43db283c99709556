"""The Task state's work: one call of its resource, its token if it waits for one, its timeouts."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any

from infra.local.step_functions.clock import Clock
from infra.local.step_functions.failures import ErrorName, StateFailure
from infra.local.step_functions.frame import Frame
from infra.local.step_functions.history import text
from infra.local.step_functions.integrations import Resource
from infra.local.step_functions.jsonata import Scope, evaluate
from infra.local.step_functions.tokens import WaitingTask

Json = dict[str, Any]
_LONGEST_TIMEOUT = 99_999_999


async def run_task(state: Json, data: Any, frame: Frame) -> Any:
    """The result of the task; raises StateFailure, also for what its timeouts say."""
    resource = Resource.parse(state["Resource"])
    if not resource.waits_for_token:
        scope = frame.scope(data)
        return await _watched(state, scope, frame, _call(resource, state, scope, frame))
    task = frame.services.tokens.issue(frame.execution_arn)
    try:
        scope = frame.scope(data, context={"Task": {"Token": task.token}})
        work = _call_and_wait(resource, state, scope, frame, task)
        return await _watched(state, scope, frame, work, task)
    finally:
        frame.services.tokens.close(task)


async def _call(resource: Resource, state: Json, scope: Scope, frame: Frame) -> Any:
    arguments = evaluate(state["Arguments"], scope) if "Arguments" in state else scope.states["input"]
    kind = {"resource": resource.action, "resourceType": resource.service}
    frame.trail.add("TaskScheduled", **kind, parameters=text(arguments))
    frame.trail.add("TaskStarted", **kind)
    return await asyncio.to_thread(frame.services.integrations.call, resource, arguments)


async def _call_and_wait(resource: Resource, state: Json, scope: Scope, frame: Frame, task: WaitingTask) -> Any:
    """The token's answer, which may come before the call has returned; a call that fails fails the task."""
    call = asyncio.ensure_future(_call(resource, state, scope, frame))
    try:
        await asyncio.wait({call, task.answer}, return_when=asyncio.FIRST_COMPLETED)
        if not task.answer.done():
            submitted = call.result()
            frame.trail.add(
                "TaskSubmitted", resource=resource.action, resourceType=resource.service, output=text(submitted)
            )
        return await task.answer
    finally:
        call.add_done_callback(_ignore)
        call.cancel()


def _ignore(call: asyncio.Future[Any]) -> None:
    """The token was answered first: what the call reports later is of no interest."""
    if not call.cancelled():
        call.exception()


async def _watched(
    state: Json, scope: Scope, frame: Frame, work: Coroutine[Any, Any, Any], task: WaitingTask | None = None
) -> Any:
    """The work's result, unless TimeoutSeconds or HeartbeatSeconds are over before."""
    clock = frame.services.clock
    watchers: list[Awaitable[Any]] = []
    try:
        timeout, heartbeat = (_seconds(state, name, scope) for name in ("TimeoutSeconds", "HeartbeatSeconds"))
        if timeout is not None:
            watchers.append(_expire(clock, timeout, ErrorName.TIMEOUT))
        if heartbeat is not None:
            watchers.append(_expect_heartbeats(clock, heartbeat, task))
    except StateFailure:
        work.close()
        raise
    return await first_of(work, watchers) if watchers else await work


def _seconds(state: Json, field: str, scope: Scope) -> int | None:
    if field not in state:
        return None
    value = evaluate(state[field], scope)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _LONGEST_TIMEOUT:
        raise StateFailure(ErrorName.QUERY_EVALUATION_ERROR, f"{field} must be a positive integer, not {value!r}")
    return value


async def _expire(clock: Clock, seconds: float, error: ErrorName) -> Any:
    await clock.sleep(seconds)
    raise StateFailure(error, f"{seconds} seconds are over")


async def _expect_heartbeats(clock: Clock, seconds: float, task: WaitingTask | None) -> Any:
    while task is not None:
        task.beaten.clear()
        await first_of(task.beaten.wait(), [_expire(clock, seconds, ErrorName.HEARTBEAT_TIMEOUT)])
    await _expire(clock, seconds, ErrorName.HEARTBEAT_TIMEOUT)


async def first_of(work: Awaitable[Any], watchers: list[Awaitable[Any]]) -> Any:
    """Whatever ends first decides; the work, if it ends in the same moment as a watcher."""
    first = asyncio.ensure_future(work)
    futures = [first, *map(asyncio.ensure_future, watchers)]
    try:
        done, _ = await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
        return (first if first in done else done.pop()).result()
    finally:
        for future in futures:
            future.cancel()
        await asyncio.gather(*futures, return_exceptions=True)
