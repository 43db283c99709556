"""A runtime for compiled machines: answers the dispatcher's operations at once and writes down what it is told.

It stands for the task dispatcher and its record where only the machine is under test.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from infra.local.step_functions import Clock, Integrations, StepFunctions
from infra.local.step_functions.in_process import Handlers
from orchestrator.compiler.catalogue import CompensableElement
from orchestrator.domain.compensation import Completion, Place, compensated, path_of
from orchestrator.domain.ids import TaskId
from orchestrator.domain.written import Written, kept
from orchestrator.services.machines.dispatch import Call
from orchestrator.workers.arrivals import telling
from tests.execution.machines.groups import Groups

Json = dict[str, Any]
NOW = datetime.fromtimestamp(0, UTC)
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:dispatch"


@dataclass(frozen=True)
class Completed:
    """An activity's answer."""

    result: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Happened:
    """One of the events that a wait is for."""

    event: str
    payload: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Caught:
    """An activity's failure, caught by a handler."""

    handler: str
    variables: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Open:
    """Nobody answers."""


@dataclass(frozen=True)
class CaughtLate:
    """An activity's failure, caught by a handler, of which the machine hears when its timer has run out."""

    handler: str
    variables: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Releases:
    """An activity's answer; the one that is named is completed with it."""

    element: str


#: thread, scope, element, occurrence
Key = tuple[str, str, str, int]
Answer = Completed | Releases | Happened | Caught | CaughtLate | Open
Perform = Callable[[Json], Answer]


def complete_all(_: Json) -> Answer:
    return Completed()


@dataclass
class Run:
    """What one run told its runtime."""

    status: str = "RUNNING"
    error: str | None = None
    cause: str | None = None
    output: Any = None
    #: flow nodes done, in the order in which the runtime heard of them
    done: list[str] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)
    variables: Json | None = None
    transitions: int = 0

    def of(self, operation: str) -> list[Json]:
        return [call for call in self.calls if call["operation"] == operation]


class Runtime:
    """Lambda function and record in one; one instance per run."""

    def __init__(self, states: StepFunctions, perform: Perform, arn: str, name: str) -> None:
        self.states = states
        self.arn, self.name = arn, name
        self.groups = Groups(self._start, self._stop, self._succeed)
        self.perform = perform
        self.run = Run()
        self._lock = threading.Lock()
        self._rounds: dict[str, Json] = {}
        self._closed: set[str] = set()
        self._open: dict[Key, str] = {}
        self._keys: set[Key] = set()
        self._late: dict[Key, CaughtLate] = {}
        self._completed: list[Completion] = []
        self._undone: set[str] = set()
        self._released: list[str] = []
        self._told: list[Written] = []
        #: thread and path of scopes whose body is done: what arrives there later is let go
        self._over: set[tuple[str, str]] = set()
        self.compensables: Mapping[str, CompensableElement] = {}

    def __call__(self, event: Json, _: object) -> Json:
        with self._lock:
            self.run.calls.append(event)
            if event["thread"] != "root" and event["thread"] not in self.groups.live:
                return {"go": False}
            self.run.done.extend(event["trail"])
            self._tell(event)
            operation = event["operation"]
            answer = getattr(self.groups, operation, None) or getattr(self, f"_{operation}")
            return answer(event)

    def _start(self, thread: str, token: Json) -> None:
        body = {"stateMachineArn": self.arn, "name": f"{self.name}.{thread}", "input": json.dumps(token)}
        self.states.submit("StartExecution", body)

    def _stop(self, threads: set[str]) -> None:
        for key in [key for key in self._open if key[0] in threads]:
            del self._open[key]

    def _activate(self, event: Json) -> Json:
        key = (event["thread"], event["scope"], event["element_id"], event["occurrence"])
        assert key not in self._keys, f"{key} is entered twice"
        self._keys.add(key)
        match self.perform(event):
            case Completed(result):
                self.run.done.append(event["element_id"])
                if "snapshot" in event:
                    self._complete_activity(event, event["snapshot"])
                self._succeed(event["token"], {"result": result, "clock": event["clock"] + 1})
            case Releases(element):
                self._complete_open(key, event["token"], event["clock"])
                self._released.append(element)
            case Happened(event_id, payload):
                answer = {"result": payload, "clock": event["clock"] + 1, "event": event_id}
                self._succeed(event["token"], answer)
            case Caught(handler, variables):
                cause = json.dumps({"variables": variables, "clock": event["clock"] + 1})
                body = {"taskToken": event["token"], "error": f"catch.{handler}", "cause": cause}
                self.states.submit("SendTaskFailure", body)
            case CaughtLate() as late:
                self._late[key] = late
            case Open() if key[:2] in self._over:
                self._succeed(event["token"], {"result": {}, "clock": event["clock"]})
            case Open():
                self._open[key] = event["token"]
        for open_ in [open_ for open_ in self._open if open_[2] in self._released]:
            self._released.remove(open_[2])
            self._complete_open(open_, self._open.pop(open_), event["clock"])
        return {}

    def _complete_open(self, key: Key, token: str, clock: int) -> None:
        self.run.done.append(key[2])
        self._succeed(token, {"result": {}, "clock": clock + 1})

    def _call(self, event: Json) -> Json:
        return self._activate(event)

    def _incident(self, event: Json) -> Json:
        return self._activate(event)

    def _interrupt(self, event: Json) -> Json:
        target = event["target"]
        if "element_id" not in target:
            below = [key for key in self._open if key[0] == event["thread"] and key[1].startswith(target["scope"])]
            self.groups.cut(event["thread"], target["scope"])
            if event["reason"] == "completed":
                self._over.add((event["thread"], target["scope"]))
            for key in below:
                self._succeed(self._open.pop(key), {"result": {}, "clock": event["clock"]})
        elif late := self._late.get((event["thread"], target["scope"], target["element_id"], target["occurrence"])):
            cause = {"variables": late.variables, "clock": event["clock"] + 1}
            caught = {"error": f"catch.{late.handler}", "cause": cause}
            return {"interrupted": False, "caught": caught, "clock": event["clock"] + 1}
        answer = {"interrupted": True, "clock": event["clock"] + 1}
        if "element_id" in target:
            return answer
        return answer | {"kept": kept(self._told, thread=event["thread"], scope=target["scope"], until=NOW)}

    def _tell(self, event: Json) -> Json:
        """Note what a token wrote, as the record does."""
        call = Call(
            clock=0, trail=(), **{name: event[name] for name in ("instance_id", "thread", "execution", "scope")}
        )
        told = telling(event, call)
        if told is not None:
            noted = {"values": told.values, "group": told.group, "inside": told.inside}
            self._told.append(Written(thread=call.thread, scope=call.scope, at=NOW, **noted))
        return {}

    def _round(self, event: Json) -> Json:
        scope = event["scope"].rpartition("[")[0]
        if scope in self._closed:
            return {"completed": None, "closed": True}
        rounds = self._rounds.setdefault(scope, {})
        rounds[event["scope"]] = event["result"]
        changes = {name: value for one in rounds.values() for name, value in one["changes"].items()}
        return {"completed": len(rounds), "closed": False, **({"changes": changes} if event.get("merge") else {})}

    def _conclude(self, event: Json) -> Json:
        self._closed.add(event["scope"])
        return {"rounds": [result for _, result in sorted(self._rounds[event["scope"]].items())]}

    def _settle(self, event: Json) -> Json:
        self._complete_activity(event, event["snapshot"])
        return {}

    def _complete_activity(self, event: Json, snapshot: Json) -> None:
        """Note what can be compensated, as the record does."""
        key = json.dumps([event[name] for name in ("thread", "scope", "element_id", "occurrence")])
        done = Completion(
            key=TaskId(key),
            thread=event["thread"],
            scope=event["scope"],
            element_id=event["element_id"],
            at=datetime.fromtimestamp(0, UTC),
            sequence=len(self._completed),
            snapshot=snapshot,
        )
        self._completed.append(done)

    def _compensate(self, event: Json) -> Json:
        asked = event["compensated"]
        within = asked["within"] or {"thread": event["thread"], "scope": path_of(event["scope"], asked["scope"])}
        place = Place(element_id=asked["scope"], activity=asked["activity"], **within)
        due, undone = compensated(place, self._completed, self._undone, self.compensables, lambda _: None)
        self._undone.update(undone)
        return {"handlers": [asdict(one) for one in due], "clock": event["clock"] + 1}

    def _changed(self, _: Json) -> Json:
        return {}

    def _throw(self, _: Json) -> Json:
        return {}

    def _complete(self, event: Json) -> Json:
        self.run.variables = event["variables"]
        return {}

    def _fail(self, event: Json) -> Json:
        """The instance has failed: what runs of it beside the caller is stopped."""
        if event["thread"] != "root":
            root = f"{self.arn.replace(':stateMachine:', ':execution:')}:{self.name}"
            self.states.submit("StopExecution", {"executionArn": root, "error": event["code"]})
        return {}

    def _succeed(self, token: str, output: Json) -> None:
        self.states.submit("SendTaskSuccess", {"taskToken": token, "output": json.dumps(output)})


class Machines:
    """Runs machines, one after another, on one interpreter."""

    def __init__(self, states: StepFunctions, functions: Handlers) -> None:
        self._states = states
        self._functions = functions
        self._count = 0

    def run(
        self,
        definition: str,
        perform: Perform = complete_all,
        variables: Json | None = None,
        *,
        now: int | None = None,
        entry: str | None = None,
        seconds: float = 20,
        compensables: Mapping[str, CompensableElement] | None = None,
    ) -> Run:
        """Run a compiled definition to its end and return what happened; `now` is the clock that the token starts with."""
        self._count += 1
        name = f"m{self._count}"
        text = definition.replace("${TaskDispatchFunctionArn}", FUNCTION)
        arn = self._states.request("CreateStateMachine", {"name": name, "definition": text})["stateMachineArn"]
        runtime = Runtime(self._states, perform, arn, name)
        runtime.compensables = compensables or {}
        self._functions.handlers["dispatch"] = runtime
        token = {
            "variables": variables or {}, "clock": int(time.time() * 1000) if now is None else now, "scope": "", "visits": {}, "trail": [],
            "instance_id": "wf-inst-1", "thread": "root", "initiator": "ada",
        } | ({} if entry is None else {"entry": entry})  # fmt: skip
        body = {"stateMachineArn": arn, "name": name, "input": json.dumps(token)}
        execution = self._states.request("StartExecution", body)["executionArn"]
        return self._ended(execution, runtime.run, seconds)

    def _ended(self, execution: str, run: Run, seconds: float) -> Run:
        deadline = time.monotonic() + seconds
        while (found := self._states.request("DescribeExecution", {"executionArn": execution}))["status"] == "RUNNING":
            if time.monotonic() > deadline:
                self._states.request("StopExecution", {"executionArn": execution})
                run.status = "STUCK"
                return run
            time.sleep(0.001)
        run.status, run.error, run.cause = found["status"], found.get("error"), found.get("cause")
        run.output = json.loads(found["output"]) if found.get("output") else None
        history = self._states.request("GetExecutionHistory", {"executionArn": execution, "maxResults": 1000})
        run.transitions = sum(event["type"].endswith("StateEntered") for event in history["events"])
        return run


@contextmanager
def machines(scale: float = 0.001) -> Iterator[Machines]:
    """An interpreter whose waits take a fraction of their time."""
    functions = Handlers({})
    with StepFunctions(Integrations(functions), clock=Clock(scale=scale)) as states:
        yield Machines(states, functions)
