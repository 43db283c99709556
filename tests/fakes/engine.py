"""A workflow engine that notes what it is told, and a compiler that makes a machine of nothing but tasks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.compiler.catalogue import Catalogue, CatalogueElement, CatalogueStart
from orchestrator.diagnostics import Diagnostic
from orchestrator.ports.engine import ExecutionStatus


@dataclass
class FakeEngine:
    machines: dict[str, str] = field(default_factory=dict)
    executions: dict[str, ExecutionStatus] = field(default_factory=dict)
    inputs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    waiting: set[str] | None = None

    def publish(self, *, name, machine, tags):
        json.loads(machine)
        self.machines[f"arn:{name}"] = machine
        return f"arn:{name}"

    def retire(self, state_machine_arn):
        self.machines.pop(state_machine_arn, None)

    def start(self, *, state_machine_arn, name, token):
        assert state_machine_arn in self.machines
        if name not in self.executions:
            self.executions[name] = ExecutionStatus.RUNNING
            self.inputs[name] = json.loads(json.dumps(token))

    def status(self, *, state_machine_arn, name):
        return self.executions.get(name)

    def stop(self, *, state_machine_arn, name, cause):
        self.executions[name] = ExecutionStatus.ABORTED

    def succeed(self, token, output, *, task):
        self.answers.append((token, "succeed", json.loads(json.dumps(output))))
        return self.waiting is None or token in self.waiting

    def fail(self, token, *, error, cause, task=None):
        self.answers.append((token, error, json.loads(json.dumps(cause))))
        return self.waiting is None or token in self.waiting

    def answers_of(self, token):
        return [(how, what) for answered, how, what in self.answers if answered == token]


@dataclass
class Compilation:
    definition: str | None
    catalogue: Catalogue | None
    diagnostics: tuple[Diagnostic, ...] = ()
    regions: tuple[Any, ...] = ()
    transitions: Any = None


@dataclass
class FakeCompiler:
    """Reads `type:id` pairs, one a line; `!CODE` is a finding of this code, `>kind:id:text` a start event's event."""

    def __call__(self, content: str, process_id: str | None = None) -> Compilation:
        lines = [line.strip() for line in content.splitlines() if line.strip()]
        findings = tuple(Diagnostic(line[1:], "as asked", line=1) for line in lines if line.startswith("!"))
        if findings:
            return Compilation(None, None, findings)
        events = [line[1:].split(":", 2) for line in lines if line.startswith(">")]
        starts = tuple(_start(*event) for event in events)
        elements = {}
        for line in (line for line in lines if not line.startswith(">")):
            kind, _, identity = line.partition(":")
            identity, _, rest = identity.partition(" ")
            elements[identity] = CatalogueElement(id=identity, type=kind, **json.loads(rest or "{}"))
        planned = tuple(e.id for e in elements.values() if e.type.endswith("Task"))
        return Compilation(
            '{"StartAt": "x"}',
            Catalogue(
                process_id=process_id or "p",
                process_name="Process",
                elements=elements,
                planned_tasks=planned,
                starts=starts,
            ),
        )


def _start(kind: str, element: str, text: str | None = None) -> CatalogueStart:
    """The time of a timer comes after its kind, as in `cycle:R/PT1H`."""
    timer, _, time = (text or "").partition(":")
    return CatalogueStart(element, kind, time, timer) if kind == "timer" else CatalogueStart(element, kind, text)


@dataclass
class FakeJobs:
    """Work that was left to the admission worker."""

    jobs: list[Any] = field(default_factory=list)
    woken: int = 0
    launches: list[str] = field(default_factory=list)

    def launch(self, batch_id, **_):
        self.launches.append(batch_id)

    def wake(self):
        self.woken += 1

    def send(self, jobs):
        self.jobs += jobs


@dataclass
class NoPause:
    """Waits for nothing; `during` runs instead, once per wait."""

    during: Any = None
    waited: float = 0

    def wait(self, milliseconds):
        self.waited += milliseconds
        if self.during is not None:
            self.during()

    def jitter(self, milliseconds):
        self.waited += milliseconds


@dataclass
class MemoryPayloads:
    texts: dict[str, str] = field(default_factory=dict)

    def put(self, key, text):
        self.texts[key] = text

    def get(self, key):
        return self.texts[key]

    def find(self, key):
        return self.texts.get(key)
