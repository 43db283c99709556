"""Agents, services and capacity (spec section 7)."""

from orchestrator.api.app import App
from orchestrator.api.endpoints import Group
from orchestrator.api.insights_shape import shaped
from orchestrator.api.parameters import Parameters
from orchestrator.api.request import Request
from orchestrator.api.resources_shape import agent_changes, new_agent, new_allocation, new_service, service_changes
from orchestrator.api.responses import Response, created, no_content, ok
from orchestrator.api.schemas.resources import (
    Heartbeat,
    RegisterAgent,
    RegisterService,
    SetAllocation,
    UpdateAgent,
    UpdateService,
)
from orchestrator.bootstrap.resources import allocation_service, capacity_service, service_registry
from orchestrator.bootstrap.tasks import agent_service
from orchestrator.domain.assignment import AgentType
from orchestrator.domain.resources.agent import AgentStatus
from orchestrator.domain.resources.service import ServiceStatus
from orchestrator.services.resources.agents import AgentQuery

handler = App(Group.RESOURCES)


@handler.route("GET", "/resources/agents")
def list_agents(request: Request) -> Response:
    """Agents with their workload, by id."""
    parameters = Parameters(request.query())
    query = AgentQuery(
        agent_type=parameters.choice("agent_type", AgentType),
        status=parameters.choice("status", AgentStatus),
        capabilities=parameters.texts("capabilities"),
    )
    parameters.done()
    return ok(shaped(agent_service().list(query)))


@handler.route("POST", "/resources/agents")
def register_agent(request: Request) -> Response:
    """A new agent."""
    view = agent_service().register(request.caller, new_agent(request.body(RegisterAgent)))
    return created(shaped(view), location=f"/resources/agents/{view.agent_id}")


@handler.route("GET", "/resources/agents/{id}")
def get_agent(request: Request) -> Response:
    """One agent with its workload."""
    Parameters(request.query()).done()
    agent = agent_service().get(request.id)
    return ok(shaped(agent.value), version=agent.version)


@handler.route("PUT", "/resources/agents/{id}")
def update_agent(request: Request) -> Response:
    """Change what is given."""
    changes = agent_changes(request.body(UpdateAgent))
    return ok(shaped(agent_service().update(request.caller, request.id, changes)))


@handler.route("DELETE", "/resources/agents/{id}")
def remove_agent(request: Request) -> Response:
    """Remove an agent without open tasks."""
    agent_service().remove(request.caller, request.id)
    return no_content()


@handler.route("POST", "/resources/agents/{id}/heartbeat")
def heartbeat(request: Request) -> Response:
    """A sign of life."""
    body = request.body(Heartbeat)
    status = AgentStatus(body.status) if body.status else None
    return ok(shaped(agent_service().heartbeat(request.caller, request.id, status)))


@handler.route("GET", "/resources/services")
def list_services(request: Request) -> Response:
    """Services with their load, by name."""
    parameters = Parameters(request.query())
    status = parameters.choice("status", ServiceStatus)
    parameters.done()
    return ok(shaped(service_registry().list(status)))


@handler.route("POST", "/resources/services")
def register_service(request: Request) -> Response:
    """A new service."""
    view = service_registry().register(request.caller, new_service(request.body(RegisterService)))
    return created(shaped(view), location=f"/resources/services/{view.service_name}")


@handler.route("GET", "/resources/services/{id}")
def get_service(request: Request) -> Response:
    """One service with its load."""
    Parameters(request.query()).done()
    service = service_registry().get(request.id)
    return ok(shaped(service.value), version=service.version)


@handler.route("PUT", "/resources/services/{id}")
def update_service(request: Request) -> Response:
    """Change what is given."""
    changes = service_changes(request.body(UpdateService))
    return ok(shaped(service_registry().update(request.caller, request.id, changes)))


@handler.route("DELETE", "/resources/services/{id}")
def remove_service(request: Request) -> Response:
    """Remove a service without open tasks."""
    service_registry().remove(request.caller, request.id)
    return no_content()


@handler.route("GET", "/resources/capacity")
def get_capacity(request: Request) -> Response:
    """What there is, what is in use, what would help."""
    Parameters(request.query()).done()
    return ok(shaped(capacity_service().capacity()))


@handler.route("GET", "/resources/allocation")
def list_allocations(request: Request) -> Response:
    """Allocations, the most specific first."""
    Parameters(request.query()).done()
    return ok(shaped(allocation_service().list()))


@handler.route("POST", "/resources/allocation")
def set_allocation(request: Request) -> Response:
    """Keep slots for somebody."""
    view = allocation_service().set(request.caller, new_allocation(request.body(SetAllocation)))
    return created(shaped(view), location=f"/resources/allocation/{view.allocation_id}")


@handler.route("DELETE", "/resources/allocation/{id}")
def release_allocation(request: Request) -> Response:
    """Keep its slots no more."""
    allocation_service().release(request.caller, request.id)
    return no_content()
