"""What the creation of an instance asks for."""

from dataclasses import dataclass, field
from typing import Any

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import Configuration
from orchestrator.domain.priority import Priority
from orchestrator.domain.start_event import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInstance:
    """The body of a creation. `context` is the execution context (project_id, user_id, team_id, environment).

    `id` is chosen beforehand by callers who may repeat themselves; they look whether it exists.
    `origin` is the start event that asks for it, where an event does.
    """

    definition_id: str
    id: InstanceId | None = None
    name: str | None = None
    input_variables: JsonObject = field(default_factory=dict[str, Any])
    context: JsonObject = field(default_factory=dict[str, Any])
    configuration: Configuration = field(default_factory=Configuration)
    priority: Priority | None = None
    business_key: str | None = None
    origin: Origin | None = None
