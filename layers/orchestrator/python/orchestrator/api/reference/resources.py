"""Reference of the resource endpoints (spec section 7)."""

from typing import Final

from orchestrator.api.reference.derived import shape_of
from orchestrator.api.reference.operation import Operation, Operations, choice, text
from orchestrator.api.schemas.resources import (
    Heartbeat,
    RegisterAgent,
    RegisterService,
    SetAllocation,
    UpdateAgent,
    UpdateService,
)
from orchestrator.domain.assignment import AgentType
from orchestrator.domain.resources.agent import AgentStatus
from orchestrator.domain.resources.service import ServiceStatus
from orchestrator.services.resources.capacity import Capacity
from orchestrator.services.resources.resource_views import AgentList, AgentView
from orchestrator.services.resources.service_views import ServiceList, ServiceView
from orchestrator.services.slots.allocations import AllocationList, AllocationView

_AGENT: Final = shape_of(AgentView)
_ALLOCATION: Final = shape_of(AllocationView)
_SERVICE: Final = shape_of(ServiceView)

OPERATIONS: Final[Operations] = {
    ("GET", "/resources/agents"): Operation(
        description="Agents with their workload, by id; the summary counts all that are registered.",
        answer=shape_of(AgentList),
        query=(
            choice("agent_type", AgentType, "Only agents of this type"),
            choice("status", AgentStatus, "Only agents that stand so now"),
            text("capabilities", "Comma separated; only agents that have all of them"),
        ),
    ),
    ("POST", "/resources/agents"): Operation(
        description="Registers an agent: who has its id as the subject of a token acts as this agent.",
        body=RegisterAgent,
        answer=_AGENT,
        status=201,
        errors=(409,),
    ),
    ("GET", "/resources/agents/{id}"): Operation(description="One agent with its workload.", answer=_AGENT),
    ("PUT", "/resources/agents/{id}"): Operation(
        description="Changes an agent: what is not given stays.", body=UpdateAgent, answer=_AGENT
    ),
    ("DELETE", "/resources/agents/{id}"): Operation(
        description="Removes an agent; one with open tasks stays (409).", answer=None, status=204, errors=(409,)
    ),
    ("POST", "/resources/agents/{id}/heartbeat"): Operation(
        description="A sign of life, with the status that the agent gives itself.", body=Heartbeat, answer=_AGENT
    ),
    ("GET", "/resources/services"): Operation(
        description="Services with their load, by name; the summary counts all that are registered.",
        answer=shape_of(ServiceList),
        query=(choice("status", ServiceStatus, "Only services that stand so now"),),
    ),
    ("POST", "/resources/services"): Operation(
        description="Registers a service: tasks whose type is its name are done by it. Credentials are kept encrypted.",
        body=RegisterService,
        answer=_SERVICE,
        status=201,
        errors=(409,),
    ),
    ("GET", "/resources/services/{id}"): Operation(description="One service with its load.", answer=_SERVICE),
    ("PUT", "/resources/services/{id}"): Operation(
        description="Changes a service: what is not given stays.", body=UpdateService, answer=_SERVICE
    ),
    ("DELETE", "/resources/services/{id}"): Operation(
        description="Removes a service; one with open tasks stays (409).", answer=None, status=204, errors=(409,)
    ),
    ("GET", "/resources/capacity"): Operation(
        description="Slots for workflows, limits, what is measured of both, load of services, and what would help.",
        answer=shape_of(Capacity),
    ),
    ("GET", "/resources/allocation"): Operation(
        description="Every allocation that is kept, the most specific first.", answer=shape_of(AllocationList)
    ),
    ("POST", "/resources/allocation"): Operation(
        description="Keeps slots for a definition, a project or the callers of a service; what was kept for the same "
        "before is released. More than the others leave is a 409.",
        body=SetAllocation,
        answer=_ALLOCATION,
        status=201,
        errors=(409,),
    ),
    ("DELETE", "/resources/allocation/{id}"): Operation(
        description="Releases an allocation: instances in its slots go on.", answer=None, status=204
    ),
}
