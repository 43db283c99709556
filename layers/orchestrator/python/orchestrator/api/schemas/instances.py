"""Bodies of the instance endpoints (spec section 2)."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from orchestrator.api.schemas import Shape

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Priority = Literal["low", "medium", "high", "critical"]


class ExecutionContext(Shape):
    """Whom an instance runs for."""

    project_id: Id | None = None
    user_id: Id | None = None
    team_id: Id | None = None
    environment: Id | None = None


class Retry(Shape):
    """How often and how soon failed tasks are tried again."""

    max_retries: Annotated[int, Field(ge=0, le=100)] = 3
    backoff_strategy: Literal["fixed", "linear", "exponential", "fibonacci"] = "exponential"


class RunConfiguration(Shape):
    """How an instance runs."""

    auto_start: bool = False
    parallel_execution: bool = True
    retry_policy: Retry | None = None


class CreateInstance(Shape):
    """POST /workflow-instances."""

    workflow_definition_id: Id
    instance_name: Name | None = None
    input_variables: dict[str, Any] = {}
    execution_context: ExecutionContext = ExecutionContext()
    configuration: RunConfiguration = RunConfiguration()
    priority: Priority | None = None
    business_key: Id | None = None


class Performer(Shape):
    """An agent (`agent_id`) or a service (`service_name`)."""

    agent_id: Id | None = None
    service_name: Id | None = None
    agent_type: Literal["human", "ai", "service"]

    @model_validator(mode="after")
    def _named(self) -> "Performer":
        if self.agent_id is None and self.service_name is None:
            raise ValueError("agent_id or service_name is required")
        return self


Recipients = Annotated[list[Id], Field(max_length=100)]


class Notifications(Shape):
    """Who is told when the instance ends: ids of agents, people or teams, which webhooks name as `recipients`."""

    on_completion: Recipients = []
    on_failure: Recipients = []


class Start(Shape):
    """Options of a start; assignments are by BPMN element id."""

    initial_assignments: dict[str, Performer] = {}
    priority: Priority | None = None
    notifications: Notifications | None = None


class StartInstance(Shape):
    """POST /workflow-instances/{id}/start."""

    start_options: Start = Start()


class SteerInstance(Shape):
    """POST /workflow-instances/{id}/pause, resume, cancel and terminate: why."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=2_000)] | None = None
