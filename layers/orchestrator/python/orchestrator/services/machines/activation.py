"""From an entry of an element to a task: what the catalogue, the instance and the element's input say of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from orchestrator.compiler.catalogue import CatalogueElement
from orchestrator.domain.assignment import AgentType, Assignee, Assignment, AssignmentMethod
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import TaskId
from orchestrator.domain.instance import Instance
from orchestrator.domain.priority import Priority
from orchestrator.domain.resources.choice import Requirements
from orchestrator.domain.resources.service import assignee_of
from orchestrator.domain.retry import RetryPolicy
from orchestrator.domain.subscription import Subscription
from orchestrator.domain.task import SEND_TASK, Entry, Task, TaskStatus, task_type
from orchestrator.ports.compilation import Expressions
from orchestrator.ports.directory import Directory
from orchestrator.services.definitions.validation import service_of
from orchestrator.services.tasks.assignment import AgentChoice

#: modelled numbers (Camunda's 0 to 100, 50 by default) at and above which a priority applies
_PRIORITY_FLOORS: Final = ((90, Priority.CRITICAL), (75, Priority.HIGH), (25, Priority.MEDIUM), (0, Priority.LOW))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFactory:
    """Makes tasks of entries."""

    directory: Directory
    expressions: Expressions
    choice: AgentChoice

    def task(
        self,
        identity: TaskId,
        instance: Instance,
        element: CatalogueElement,
        entry: Entry,
        *,
        variables: JsonObject,
        deadline: datetime | None,
        subscriptions: tuple[Subscription, ...],
        trace_id: str | None,
        at: datetime,
    ) -> Task:
        """The task of an entry, with its assignment where one is known, not yet assigned."""
        evaluate = _Texts(self.expressions, variables, at)
        return Task(
            id=identity,
            instance_id=instance.id,
            definition_id=instance.definition_id,
            entry=entry,
            type=SEND_TASK if element.properties.get("sent") else task_type(element.type),
            element_type=element.type,
            name=" ".join((element.name or element.id).split()),
            description=element.documentation,
            status=TaskStatus.PENDING,
            created_at=at,
            updated_at=at,
            lane=element.lane,
            assignment=self._assignment(instance, element, evaluate, at),
            candidate_users=evaluate.names(element.candidate_users),
            candidate_groups=evaluate.names(element.candidate_groups) or _lane_group(element),
            capabilities=element.capabilities,
            headers=evaluate.texts(element.headers) if service_of(element) else {},
            form=element.form,
            priority=evaluate.priority(element.priority) or instance.priority,
            due_date=evaluate.moment(element.due_date),
            deadline=deadline,
            subscriptions=subscriptions,
            context={**instance.context, "correlation_id": instance.correlation_id, "trace_id": trace_id},
            retry_policy=_retry_policy(instance, evaluate.number(element.retries)),
        )

    def _assignment(
        self, instance: Instance, element: CatalogueElement, evaluate: "_Texts", at: datetime
    ) -> Assignment | None:
        initial = instance.initial_assignments.get(element.id)
        if initial is not None:
            return self.choice.instead_of(initial, AssignmentMethod.INITIAL, at)
        named = self._service(element) or evaluate.person(element.assignee)
        if named is not None:
            return self.choice.instead_of(named, AssignmentMethod.AUTOMATIC, at)
        if not element.capabilities:
            return None
        return self.choice.by_capability(_requirements(element, evaluate), at)

    def _service(self, element: CatalogueElement) -> Assignee | None:
        """The registered service that performs the element; an unregistered one leaves the task to anybody."""
        name = service_of(element)
        service = self.directory.service(name) if name else None
        return service and assignee_of(service)


def _requirements(element: CatalogueElement, evaluate: "_Texts") -> Requirements:
    """A lane is where a task is shown; whom it may be given to is said by modelled groups and users only."""
    return Requirements(
        capabilities=element.capabilities,
        groups=evaluate.names(element.candidate_groups),
        users=evaluate.names(element.candidate_users),
    )


def _lane_group(element: CatalogueElement) -> tuple[str, ...]:
    return (element.lane,) if element.lane else ()


def _retry_policy(instance: Instance, modelled_retries: int | None) -> RetryPolicy:
    policy = instance.configuration.retry_policy
    if policy is not None:
        return policy
    return RetryPolicy() if modelled_retries is None else replace(RetryPolicy(), max_retries=max(0, modelled_retries))


@dataclass(frozen=True, slots=True)
class _Texts:
    """Modelled texts, evaluated against an element's input."""

    expressions: Expressions
    variables: JsonObject
    now: datetime

    def value(self, text: str | None) -> Any:
        return None if not text else self.expressions(text, self.variables, self.now)

    def person(self, text: str | None) -> Assignee | None:
        value = self.value(text)
        return Assignee(agent_type=AgentType.HUMAN, agent_id=value) if isinstance(value, str) and value else None

    def names(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        names: list[Any] = []
        for text in texts:
            value = self.value(text)
            names += value if isinstance(value, list) else [value]
        return tuple(name for name in names if isinstance(name, str) and name)

    def texts(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Values as text, what is no text as JSON; those without a value are left out."""
        values = {name: self.value(text) for name, text in texts.items()}
        return {
            name: value if isinstance(value, str) else json.dumps(value, default=str)
            for name, value in values.items()
            if value is not None
        }

    def number(self, text: str | None) -> int | None:
        value = self.value(text)
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            return None

    def priority(self, text: str | None) -> Priority | None:
        value = self.value(text)
        if isinstance(value, str) and value.lower() in set(Priority):
            return Priority(value.lower())
        number = self.number(text)
        if number is None:
            return None
        return next((priority for floor, priority in _PRIORITY_FLOORS if number >= floor), Priority.LOW)

    def moment(self, text: str | None) -> datetime | None:
        value = self.value(text)
        if isinstance(value, timedelta):
            return self.now + value
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=self.now.tzinfo)
        try:
            parsed = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return None
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=self.now.tzinfo)
