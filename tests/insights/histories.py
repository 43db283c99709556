"""Event logs as the service writes them, made directly: many instances, tasks of several kinds, failures, retries."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from orchestrator.domain.events import Event, EventType, Subject
from orchestrator.domain.ids import DefinitionId, EventId, InstanceId, TaskId
from orchestrator.domain.priority import Priority

WORK = (("collect", "Data Collection", "user_task"), ("run", "Model # Execution", "service_task"), ("mail", "Größe", "send_task"))  # fmt: skip
PERFORMERS = (("human", "ada"), ("human", "grace"), ("service", "model/manager"), ("ai", "agent#7"), ("", ""))
CODES = ("TIMEOUT", "NO_MATCHING_FLOW", "BAD:DATA", "OUT OF STOCK")


@dataclass
class History:
    """Reproducible from its seed; times lie between `begin` and `end`, in no particular order across instances."""

    seed: int
    begin: datetime
    end: datetime
    instances: int
    definitions: int = 3
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def events(self) -> list[Event]:
        chance = random.Random(self.seed)
        return [event for _ in range(self.instances) for event in self._instance(chance)]

    def _instance(self, chance: random.Random) -> Iterator[Event]:
        moment = self.begin + (self.end - self.begin) * chance.random() * 0.9
        at = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        subject = Subject(
            definition_id=DefinitionId(f"wf-def-{chance.randrange(self.definitions)}"),
            instance_id=InstanceId(f"wf-inst-{next(self.numbers):06}"),
            priority=chance.choice(list(Priority)),
        )
        story = _Story(chance, subject, at, self.end, self.numbers)
        return iter(story.told())


@dataclass
class _Story:
    chance: random.Random
    subject: Subject
    at: datetime
    end: datetime
    numbers: Iterator[int]
    events: list[Event] = field(default_factory=list)

    def told(self) -> list[Event]:
        self.tell(EventType.WORKFLOW_CREATED, {"instance_name": "x"})
        if self.chance.random() < 0.05:
            return self.events
        started = self.at
        self.tell(EventType.WORKFLOW_STARTED, {"instance_name": "x"})
        for element, name, kind in self.chance.sample(WORK, self.chance.randint(0, len(WORK))):
            if not self.task(element, name, kind):
                return self.events
        self.pass_time()
        seconds = round((self.at - started).total_seconds(), 3)
        how = self.chance.choices(
            [EventType.WORKFLOW_COMPLETED, EventType.WORKFLOW_CANCELLED, EventType.WORKFLOW_TERMINATED, None],
            [8, 1, 1, 1],
        )[0]
        if how is EventType.WORKFLOW_COMPLETED:
            self.tell(how, {"execution_time": seconds})
        elif how:
            self.tell(how, {})
        return self.events

    def task(self, element: str, name: str, kind: str) -> bool:
        """False: the instance ends with it."""
        agent, who = self.chance.choice(PERFORMERS)
        work: dict[str, Any] = {
            "task_name": name,
            "task_type": kind,
            "priority": str(self.chance.choice(list(Priority))),
        }
        place = {"element_id": element, "task_id": TaskId(f"task-{next(self.numbers)}")}
        self.tell(EventType.TASK_CREATED, work, **place)
        if who:
            work |= {"assigned_to": who, "agent_type": agent}
            self.tell(EventType.TASK_ASSIGNED, work, **place)
        begun = self.at
        if self.chance.random() < 0.8:
            waited = self.pass_time()
            begun = self.at
            self.tell(EventType.TASK_STARTED, {**work, "waiting_time": waited}, **place)
        self.pass_time()
        if self.chance.random() < 0.2 and not self.failed(work, place):
            return False
        if self.chance.random() < 0.1:
            self.tell(EventType.TASK_CANCELLED, work, **place)
            return True
        seconds = round((self.at - begun).total_seconds(), 3)
        self.tell(EventType.TASK_COMPLETED, {**work, "execution_time": seconds}, **place)
        return True

    def failed(self, work: dict[str, Any], place: dict[str, Any]) -> bool:
        code = self.chance.choice(CODES)
        self.tell(EventType.TASK_FAILED, {**work, "error_code": code}, **place)
        details = {"error_details": {"error_code": code}, "failed_task_name": work["task_name"]}
        self.tell(EventType.WORKFLOW_FAILED, details, element_id=place["element_id"])
        self.pass_time()
        if self.chance.random() < 0.5:
            return False
        self.tell(EventType.TASK_RETRIED, work, **place)
        return True

    def pass_time(self) -> float:
        step = min(self.chance.expovariate(1 / 600), max(0.0, (self.end - self.at).total_seconds() * 0.5))
        step = round(step, 3)
        self.at += timedelta(seconds=step)
        return step

    def tell(self, kind: EventType, data: dict[str, Any], **place: Any) -> None:
        number = next(self.numbers)
        self.events.append(
            Event(
                id=EventId(f"event-{number:026}"), type=kind, timestamp=self.at, sequence=number,
                subject=self.subject, data=data, **place,
            )
        )  # fmt: skip
