"""Bodies of the resource endpoints (spec section 7)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.events import Description, Url, WebhookAuthentication

#: also the `sub` of the agent's token
Identity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Names = Annotated[list[Name], Field(max_length=100)]
AgentKind = Literal["human", "ai", "service"]
Reported = Literal["available", "busy", "offline"]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Capacity = Annotated[int, Field(ge=1, le=100_000)]
Silence = Annotated[int, Field(ge=10, le=86_400)]


class Hours(Shape):
    """A shift `HH:MM-HH:MM` in local time, and the days on which it begins."""

    timezone: Name = "UTC"
    schedule: Name = "09:00-17:00"
    days: Annotated[list[Day], Field(min_length=1, max_length=7)] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
    ]


class Knowledge(Shape):
    """What an agent knows."""

    domains: Names = []
    experience_level: Name | None = None
    certifications: Names = []


class RegisterAgent(Shape):
    """POST /resources/agents. Without working hours it works always; without `heartbeat_seconds` it may be silent."""

    agent_id: Identity | None = None
    agent_type: AgentKind
    name: Name
    status: Reported = "available"
    capabilities: Names = []
    groups: Names = []
    expertise: Knowledge = Knowledge()
    working_hours: Hours | None = None
    max_concurrent_tasks: Capacity = 10
    heartbeat_seconds: Silence | None = None
    fallback_agents: Annotated[list[Identity], Field(max_length=20)] = []


class UpdateAgent(Shape):
    """PUT /resources/agents/{id}: what is not given stays; null takes working hours or heartbeats away."""

    name: Name | None = None
    capabilities: Names = []
    groups: Names = []
    expertise: Knowledge = Knowledge()
    working_hours: Hours | None = None
    max_concurrent_tasks: Capacity = 10
    heartbeat_seconds: Silence | None = None
    fallback_agents: Annotated[list[Identity], Field(max_length=20)] = []


class RegisterService(Shape):
    """POST /resources/services: `http` services have an endpoint, `sqs` services a queue; workers `claim` of others."""

    service_name: Identity
    delivery: Literal["http", "sqs", "claim"] = "http"
    endpoint: Url | None = None
    queue: Name | None = None
    health_endpoint: Url | None = None
    description: Description | None = None
    authentication: WebhookAuthentication = WebhookAuthentication(auth_type="none")
    max_concurrent_requests: Annotated[int, Field(ge=1, le=1000)] = 10
    timeout_seconds: Annotated[int, Field(ge=1, le=25)] = 10
    callback_seconds: Annotated[int, Field(ge=1, le=2_592_000)] = 3600


class UpdateService(Shape):
    """PUT /resources/services/{id}: what is not given stays."""

    delivery: Literal["http", "sqs", "claim"] = "http"
    endpoint: Url | None = None
    queue: Name | None = None
    health_endpoint: Url | None = None
    description: Description | None = None
    authentication: WebhookAuthentication = WebhookAuthentication(auth_type="none")
    max_concurrent_requests: Annotated[int, Field(ge=1, le=1000)] = 10
    timeout_seconds: Annotated[int, Field(ge=1, le=25)] = 10
    callback_seconds: Annotated[int, Field(ge=1, le=2_592_000)] = 3600


class Heartbeat(Shape):
    """POST /resources/agents/{id}/heartbeat: null leaves the status, but brings an agent back from offline."""

    status: Reported | None = None


class SetAllocation(Shape):
    """POST /resources/allocation: in place of what was kept for the same resource; without duration until released."""

    resource_type: Literal["workflow_definition", "project", "service"]
    resource_id: Name
    reserved_workflows: Annotated[int, Field(ge=1, le=100_000)]
    duration_seconds: Annotated[int, Field(ge=60, le=31_536_000)] | None = None
    reason: Description | None = None
