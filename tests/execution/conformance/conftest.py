"""One interpreter per test, with functions written in Python."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.local.step_functions import Clock, Integrations, StepFunctions
from infra.local.step_functions.in_process import Handlers
from tests.execution.conformance.machines import handlers

Json = dict[str, Any]


@dataclass
class Rig:
    """The interpreter under test and what has been seen of it."""

    states: StepFunctions
    functions: Handlers
    #: payloads that functions were called with
    seen: list[Any]
    events: list[Json]
    #: payloads of `ask`, in the order of arrival
    asked: list[Json] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def create(self, definition: str, name: str = "machine") -> str:
        return self.states.request("CreateStateMachine", {"name": name, "definition": definition})["stateMachineArn"]

    def start(self, definition: str, given: Any = None, name: str = "run") -> str:
        body = {"stateMachineArn": self.create(definition), "name": name, "input": json.dumps(given)}
        return self.states.request("StartExecution", body)["executionArn"]

    def describe(self, execution: str) -> Json:
        return self.states.request("DescribeExecution", {"executionArn": execution})

    def ended(self, execution: str, *, seconds: float = 10) -> Json:
        return self.until(lambda: (d := self.describe(execution))["status"] != "RUNNING" and d, seconds=seconds)

    def run(self, definition: str, given: Any = None) -> Json:
        return self.ended(self.start(definition, given))

    def until(self, condition: Callable[[], Any], *, seconds: float = 10) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.002)
        return found

    def token(self, number: int = 0) -> str:
        """The token of the n-th call of `ask`."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.asked) > number, timeout=10), "nobody asked"
            return self.asked[number]["token"]

    def answer(self, token: str, output: Any = None) -> None:
        self.states.request("SendTaskSuccess", {"taskToken": token, "output": json.dumps(output)})

    def advance(self, seconds: float) -> None:
        self.states.on_loop(lambda: self.states.clock.advance(seconds))

    def ask(self, event: Json, _: object) -> None:
        with self.arrived:
            self.asked.append(event)
            self.arrived.notify_all()


@pytest.fixture
def rig() -> Iterator[Rig]:
    """Waits take a hundredth of their time."""
    seen: list[Any] = []
    events: list[Json] = []
    functions = Handlers(handlers(seen))
    states = StepFunctions(Integrations(functions), clock=Clock(scale=0.01), on_status_change=events.append)
    with states:
        rig = Rig(states, functions, seen, events)
        functions.handlers["ask"] = rig.ask
        yield rig
