"""Commands on the bus, as their senders write them: the `detail` of each detail-type. docs/events.md shows them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from orchestrator.domain.command import CommandType
from orchestrator.domain.priority import Priority

Name = Annotated[str, Field(min_length=1, max_length=256)]
Text = Annotated[str, Field(max_length=4000)]
Json = dict[str, Any]


class Command(BaseModel):
    """What all commands may carry.

    `command_id` is the sender's id for the command: it is carried out once, however often it is sent. Without
    one the id of the bus entry stands, which is another one each time the sender repeats itself.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    command_id: Name | None = None
    correlation_id: Name | None = None


class ExecutionContext(BaseModel):
    """As in `POST /workflow-instances`."""

    model_config = ConfigDict(extra="allow", strict=True)

    project_id: Name | None = None
    user_id: Name | None = None
    team_id: Name | None = None
    environment: Name | None = None


class StartWorkflow(Command):
    """Create an instance of a published definition, and start it."""

    workflow_definition_id: Name
    instance_name: Name | None = None
    input_variables: Json = {}
    execution_context: ExecutionContext = ExecutionContext()
    priority: Annotated[Priority, Field(strict=False)] | None = None
    business_key: Name | None = None


class CompleteTask(Command):
    """Complete an open task with its result."""

    task_id: Name
    result_data: Json = {}
    completion_notes: Text | None = None


class FailTask(Command):
    """Report that a task could not be done; as `bpmn_error`, it takes the way that the model has for its code."""

    task_id: Name
    error_code: Name = "TASK_FAILED"
    error_message: Text
    error_type: Literal["technical", "bpmn_error"] = "technical"
    error_details: Json = {}
    retryable: bool = True
    variables: Json = {}


class PublishMessage(Command):
    """Hand a BPMN message to whoever waits for it, else keep it for `time_to_live` seconds."""

    message_name: Name
    correlation_key: Annotated[str, Field(min_length=1, max_length=500)] | int | None = None
    variables: Json = {}
    time_to_live: Annotated[int, Field(ge=0, le=30 * 24 * 3_600)] = 3_600


class PublishSignal(Command):
    """Broadcast a BPMN signal."""

    signal_name: Name
    variables: Json = {}


class AgentHeartbeat(Command):
    """Tell that an agent is alive, and how it is."""

    agent_id: Name
    status: Literal["available", "busy", "offline"] | None = None


SCHEMAS: Mapping[CommandType, type[Command]] = {
    CommandType.START_WORKFLOW: StartWorkflow,
    CommandType.COMPLETE_TASK: CompleteTask,
    CommandType.FAIL_TASK: FailTask,
    CommandType.PUBLISH_MESSAGE: PublishMessage,
    CommandType.PUBLISH_SIGNAL: PublishSignal,
    CommandType.AGENT_HEARTBEAT: AgentHeartbeat,
}
