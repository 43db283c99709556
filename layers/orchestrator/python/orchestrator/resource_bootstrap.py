"""The composition root of the registry: agents and services."""

from functools import cache
from typing import TYPE_CHECKING

from orchestrator.adapters.dynamodb.agents import DynamoDBAgents
from orchestrator.adapters.dynamodb.services import DynamoDBServices
from orchestrator.adapters.http import SystemResolver
from orchestrator.adapters.kms import KmsSecretBox
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap import client, service_settings, table
from orchestrator.domain.webhooks.target import TargetRules, allowed_hosts
from orchestrator.services.agents import AgentService
from orchestrator.services.registration_rules import TargetCheck
from orchestrator.services.services import ServiceRegistry
from orchestrator.settings import ReceiverSettings

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

__all__ = ["agent_service", "service_registry"]


def _kms() -> "KMSClient":
    return client("kms")


@cache
def _settings() -> ReceiverSettings:
    return ReceiverSettings.from_environment()


@cache
def _rules() -> TargetRules:
    hosts = allowed_hosts(_settings().webhook_allowed_hosts)
    return TargetRules(allow_http=bool(_settings().webhook_allow_http), allowed_hosts=hosts)


@cache
def _services() -> DynamoDBServices:
    return DynamoDBServices(table(), service_settings().event_retention_days)


@cache
def _secrets() -> KmsSecretBox:
    return KmsSecretBox(_kms, _settings().webhook_key_id)


@cache
def agent_service() -> AgentService:
    """Use cases of agents."""
    return AgentService(
        agents=DynamoDBAgents(table(), service_settings().event_retention_days),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def service_registry() -> ServiceRegistry:
    """Use cases of services."""
    return ServiceRegistry(
        services=_services(),
        secrets=_secrets(),
        targets=TargetCheck(resolver=SystemResolver(), targets=_rules()),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )
