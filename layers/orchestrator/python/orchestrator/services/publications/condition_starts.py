"""Use case of conditions: instances of what holds for variables that a caller brings, at conditional start events.

Before an instance there are no variables that change; so somebody says what is the case (as Camunda 7 does it).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.start_event import StartCondition, Started, StartKind, StartSubscription
from orchestrator.ports.environment import Clock, Ids
from orchestrator.services.definitions.modelled_texts import is_true
from orchestrator.services.payloads import within_limit
from orchestrator.services.publications.event_starts import EventStarts, Trigger, project_of_started


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The body of an evaluation: what is the case, and what the instances that it starts get."""

    variables: JsonObject = field(default_factory=dict[str, Any])
    definition_id: str | None = None
    business_key: str | None = None
    project_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionStarts:
    """Evaluates the conditions of start events."""

    starts: EventStarts
    clock: Clock
    ids: Ids

    def evaluate(self, caller: Caller, given: Situation) -> tuple[Started, ...]:
        """Start an instance at each conditional start event, of one definition or all, whose condition holds.

        Raises:
            NotFound: no such definition.
            Forbidden: a project that the caller is not in.
            PayloadTooLarge: the variables exceed the limit.
        """
        if given.project_id is not None:
            caller.require_project(given.project_id)
        within_limit("variables", given.variables)
        if given.definition_id is not None:
            self.starts.definitions.load(given.definition_id)
        occurrence = f"condition-{self.ids.ulid()}"
        return tuple(self._begun(caller, given, occurrence))

    def _begun(self, caller: Caller, given: Situation, occurrence: str) -> Iterator[Started]:
        project_id = project_of_started(caller, given.project_id)
        if not caller.sees(project_id):
            return  # the caller could not see them
        for start, condition in self.starts.conditional():
            if given.definition_id not in {None, start.definition_id} or not self._holds(condition, given):
                continue
            trigger = Trigger(
                id=occurrence,
                kind=StartKind.CONDITIONAL,
                condition=condition,
                variables=given.variables,
                told={"condition": condition.text},
                cause=caller,
                project_id=project_id,
                business_key=given.business_key,
            )
            yield from self._started(start, trigger)

    def _holds(self, condition: StartCondition, given: Situation) -> bool:
        return is_true(condition.text, condition.language, given.variables, self.clock.now())

    def _started(self, start: StartSubscription, trigger: Trigger) -> Iterator[Started]:
        instance = self.starts.begin(start, trigger)
        if instance is not None:
            yield Started(instance_id=instance.id, definition_id=start.definition_id, element_id=start.element_id)
