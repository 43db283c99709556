"""The composition root of the registry: agents and services."""

from functools import cache

from orchestrator.adapters.dynamodb.agents import DynamoDBAgents
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap import service_settings, table
from orchestrator.services.agents import AgentService

__all__ = ["agent_service"]


@cache
def agent_service() -> AgentService:
    """Use cases of agents."""
    return AgentService(
        agents=DynamoDBAgents(table(), service_settings().event_retention_days),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )
