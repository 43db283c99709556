"""Runs states: every state type is one function (state, input, frame) -> (output, name of the next state)."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from infra.local.step_functions.branches import run_all
from infra.local.step_functions.failures import ErrorName, StateFailure, handler_of, limited
from infra.local.step_functions.frame import Frame
from infra.local.step_functions.history import text
from infra.local.step_functions.jsonata import Scope, evaluate
from infra.local.step_functions.tasks import run_task
from infra.local.step_functions.values import is_array

Json = dict[str, Any]
#: output and the name of the next state, None at an end
Step = tuple[Any, str | None]

_UNLIMITED = 40  # "may run up to 40 concurrent iterations" (Map state, Inline mode)


async def run_states(machine: Json, data: Any, frame: Frame) -> Any:
    """Run a machine, a branch or an item processor from its start to an end; its output.

    Raises:
        StateFailure: a state failed and nothing inside caught it.
    """
    name: str | None = machine["StartAt"]
    while name is not None:
        await asyncio.sleep(0)  # a loop of Pass and Choice states must not starve the others
        state = machine["States"][name]
        kind = state["Type"]
        frame.enter(name)
        frame.trail.add(f"{kind}StateEntered", name=name, input=text(data))
        data, following = await STATES[kind](state, data, frame)
        limited(data, what=name)
        frame.trail.add(f"{kind}StateExited", name=name, output=text(data))
        name = following
    return data


def leave(state: Json, scope: Scope, frame: Frame, *, default: Any) -> Any:
    """Evaluate Output and Assign, both with the variables as they are on entry; the state's output."""
    output = evaluate(state["Output"], scope) if "Output" in state else default
    frame.assign(state.get("Assign"), scope)
    return output


async def _pass(state: Json, data: Any, frame: Frame) -> Step:
    return leave(state, frame.scope(data), frame, default=data), state.get("Next")


async def _succeed(state: Json, data: Any, frame: Frame) -> Step:
    return leave(state, frame.scope(data), frame, default=data), None


async def _fail(state: Json, data: Any, frame: Frame) -> Step:
    scope = frame.scope(data)
    error, cause = (evaluate(state.get(field), scope) for field in ("Error", "Cause"))
    for value in (error, cause):
        if value is not None and not isinstance(value, str):
            raise StateFailure(ErrorName.QUERY_EVALUATION_ERROR, f"Error and Cause must be strings, not {value!r}")
    raise StateFailure(error, cause)


async def _choice(state: Json, data: Any, frame: Frame) -> Step:
    scope = frame.scope(data)
    for rule in state["Choices"]:
        holds = evaluate(rule["Condition"], scope)
        if not isinstance(holds, bool):
            raise StateFailure(ErrorName.QUERY_EVALUATION_ERROR, f"a Condition must be a boolean, not {holds!r}")
        if holds:
            return leave(rule, scope, frame, default=data), rule["Next"]
    if "Default" not in state:
        raise StateFailure(ErrorName.NO_CHOICE_MATCHED, "no Choice rule matches and there is no Default")
    return leave(state, scope, frame, default=data), state["Default"]


async def _wait(state: Json, data: Any, frame: Frame) -> Step:
    scope = frame.scope(data)
    clock = frame.services.clock
    if "Seconds" in state:
        await clock.sleep(_number(evaluate(state["Seconds"], scope), "Seconds"))
    else:
        await clock.sleep(_timestamp(evaluate(state["Timestamp"], scope)) - clock.now())
    return leave(state, scope, frame, default=data), state.get("Next")


def _number(value: Any, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise StateFailure(ErrorName.QUERY_EVALUATION_ERROR, f"{field} must be an integer >= 0, not {value!r}")
    return value


def _timestamp(value: Any) -> float:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise StateFailure(ErrorName.QUERY_EVALUATION_ERROR, f"{value!r} is no RFC 3339 timestamp") from error
    if moment.tzinfo is None:
        raise StateFailure(ErrorName.QUERY_EVALUATION_ERROR, f"{value!r} has no offset from UTC")
    return moment.timestamp()


async def _task(state: Json, data: Any, frame: Frame) -> Step:
    async def work() -> Any:
        result = await run_task(state, data, frame)
        limited(result, what=frame.context["State"]["Name"])
        frame.trail.add("TaskSucceeded", output=text(result))
        return result

    return await _guarded(state, data, frame, work)


async def _parallel(state: Json, data: Any, frame: Frame) -> Step:
    async def work() -> Any:
        scope = frame.scope(data)
        given = evaluate(state["Arguments"], scope) if "Arguments" in state else data
        frame.trail.add("ParallelStateStarted")
        branches = [partial(run_states, branch, given, frame.fork()) for branch in state["Branches"]]
        results = await run_all(branches, at_once=len(branches))
        frame.trail.add("ParallelStateSucceeded")
        return results

    return await _guarded(state, data, frame, work)


async def _map(state: Json, data: Any, frame: Frame) -> Step:
    async def work() -> Any:
        scope = frame.scope(data)
        items = evaluate(state["Items"], scope) if "Items" in state else data
        if not is_array(items):
            raise StateFailure(ErrorName.QUERY_EVALUATION_ERROR, f"Items must be an array, not {type(items).__name__}")
        at_once = _number(evaluate(state.get("MaxConcurrency", 0), scope), "MaxConcurrency")
        frame.trail.add("MapStateStarted", length=len(items))
        iterations = [partial(_iterate, state, data, frame, index, item) for index, item in enumerate(items)]
        results = await run_all(iterations, at_once=at_once or _UNLIMITED)
        frame.trail.add("MapStateSucceeded")
        return results

    return await _guarded(state, data, frame, work)


async def _iterate(state: Json, data: Any, frame: Frame, index: int, value: Any) -> Any:
    own = frame.fork(Map={"Item": {"Index": index, "Value": value}})
    name = frame.context["State"]["Name"]
    own.trail.add("MapIterationStarted", name=name, index=index)
    given = evaluate(state["ItemSelector"], own.scope(data)) if "ItemSelector" in state else value
    result = await run_states(state["ItemProcessor"], given, own)
    own.trail.add("MapIterationSucceeded", name=name, index=index)
    return result


async def _guarded(state: Json, data: Any, frame: Frame, work: Callable[[], Awaitable[Any]]) -> Step:
    """Do the work of a Task, Parallel or Map state under its Retry and Catch."""
    attempts: dict[int, int] = {}
    while True:
        try:
            result = await work()
            return leave(state, frame.scope(data, result=result), frame, default=result), state.get("Next")
        except StateFailure as failure:
            frame.trail.add(_failed_event(state, failure), error=failure.error, cause=failure.cause)
            if (delay := _delay_before_retry(state, failure, attempts)) is not None:
                await frame.services.clock.sleep(delay)
                frame.count_retry()
                continue
            catcher = handler_of(failure.error, state.get("Catch", ()))
            if catcher is None:
                raise
            scope = frame.scope(data, errorOutput=failure.output())
            return leave(dict(catcher), scope, frame, default=failure.output()), catcher["Next"]


def _failed_event(state: Json, failure: StateFailure) -> str:
    if state["Type"] != "Task":
        return f"{state['Type']}StateFailed"
    timed_out = failure.error in (ErrorName.TIMEOUT, ErrorName.HEARTBEAT_TIMEOUT)
    return "TaskTimedOut" if timed_out else "TaskFailed"


def _delay_before_retry(state: Json, failure: StateFailure, attempts: dict[int, int]) -> float | None:
    """Seconds until the next attempt; None when there is none."""
    retrier = handler_of(failure.error, state.get("Retry", ()))
    if retrier is None:
        return None
    done = attempts.get(id(retrier), 0)
    if done >= retrier.get("MaxAttempts", 3):
        return None
    attempts[id(retrier)] = done + 1
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** done
    delay = min(delay, retrier.get("MaxDelaySeconds", delay))
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay  # noqa: S311 - no secret


STATES: Mapping[str, Callable[[Json, Any, Frame], Awaitable[Step]]] = {
    "Pass": _pass,
    "Task": _task,
    "Choice": _choice,
    "Wait": _wait,
    "Succeed": _succeed,
    "Fail": _fail,
    "Parallel": _parallel,
    "Map": _map,
}
