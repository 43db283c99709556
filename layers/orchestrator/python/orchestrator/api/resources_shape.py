"""Bodies of the resource endpoints as the use cases take them."""

from typing import Any

from orchestrator.api.schemas.resources import (
    Hours,
    Knowledge,
    RegisterAgent,
    RegisterService,
    SetAllocation,
    UpdateAgent,
    UpdateService,
)
from orchestrator.domain.assignment import AgentType
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.resources.agent import AgentStatus, Expertise
from orchestrator.domain.resources.allocation import Beneficiary
from orchestrator.domain.resources.service import Delivery
from orchestrator.domain.resources.working_hours import WorkingHours, working_hours
from orchestrator.services.resources.agents import NewAgent
from orchestrator.services.resources.services import NewService
from orchestrator.services.slots.allocations import NewAllocation


def new_agent(body: RegisterAgent) -> NewAgent:
    """A registration."""
    return NewAgent(
        id=body.agent_id,
        agent_type=AgentType(body.agent_type),
        name=body.name,
        status=AgentStatus(body.status),
        capabilities=tuple(body.capabilities),
        groups=tuple(body.groups),
        expertise=_expertise(body.expertise),
        working_hours=_hours(body.working_hours),
        max_concurrent_tasks=body.max_concurrent_tasks,
        heartbeat_seconds=body.heartbeat_seconds,
        fallback_agents=tuple(body.fallback_agents),
    )


def agent_changes(body: UpdateAgent) -> dict[str, Any]:
    """The fields that an update gives.

    Raises:
        InvalidRequest: it takes the name away.
    """
    if "name" in body.model_fields_set and body.name is None:
        raise InvalidRequest("name", "must not be null")
    whole = {
        "name": body.name,
        "capabilities": tuple(body.capabilities),
        "groups": tuple(body.groups),
        "expertise": _expertise(body.expertise),
        "working_hours": _hours(body.working_hours),
        "max_concurrent_tasks": body.max_concurrent_tasks,
        "heartbeat_seconds": body.heartbeat_seconds,
        "fallback_agents": tuple(body.fallback_agents),
    }
    return {name: value for name, value in whole.items() if name in body.model_fields_set}


def new_service(body: RegisterService) -> NewService:
    """A registration."""
    return NewService(
        name=body.service_name,
        delivery=Delivery(body.delivery),
        endpoint=body.endpoint,
        queue=body.queue,
        health_endpoint=body.health_endpoint,
        description=body.description,
        auth_type=body.authentication.auth_type,
        credentials=body.authentication.credentials,
        max_concurrent_requests=body.max_concurrent_requests,
        timeout_seconds=body.timeout_seconds,
        callback_seconds=body.callback_seconds,
    )


def service_changes(body: UpdateService) -> dict[str, Any]:
    """The fields that an update gives."""
    whole = {
        "delivery": Delivery(body.delivery),
        "endpoint": body.endpoint,
        "queue": body.queue,
        "health_endpoint": body.health_endpoint,
        "description": body.description,
        "authentication": (body.authentication.auth_type, body.authentication.credentials),
        "max_concurrent_requests": body.max_concurrent_requests,
        "timeout_seconds": body.timeout_seconds,
        "callback_seconds": body.callback_seconds,
    }
    return {name: value for name, value in whole.items() if name in body.model_fields_set}


def new_allocation(body: SetAllocation) -> NewAllocation:
    """An allocation."""
    return NewAllocation(
        resource_type=Beneficiary(body.resource_type),
        resource_id=body.resource_id,
        reserved_workflows=body.reserved_workflows,
        duration_seconds=body.duration_seconds,
        reason=body.reason,
    )


def _expertise(body: Knowledge) -> Expertise:
    return Expertise(
        domains=tuple(body.domains),
        experience_level=body.experience_level,
        certifications=tuple(body.certifications),
    )


def _hours(body: Hours | None) -> WorkingHours | None:
    if body is None:
        return None
    return working_hours(timezone=body.timezone, schedule=body.schedule, days=tuple(body.days))
