"""The composition root of the registry: agents and services."""

from functools import cache

from orchestrator.adapters.admission_queue import AdmissionQueue
from orchestrator.adapters.chance import SystemChance
from orchestrator.adapters.dynamodb.allocations import DynamoDBAllocations
from orchestrator.adapters.dynamodb.census import DynamoDBCensus
from orchestrator.adapters.dynamodb.services import DynamoDBServices
from orchestrator.adapters.dynamodb.slots import DynamoDBSlots
from orchestrator.adapters.dynamodb.storage import stored_bytes
from orchestrator.adapters.http import HttpWebhookSender, SystemResolver
from orchestrator.adapters.kms import KmsSecretBox
from orchestrator.adapters.service_queues import SqsServiceQueues, urls_in
from orchestrator.adapters.sqs import ServiceCallQueue
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap.aws import client, kms, service_settings, sqs, table
from orchestrator.bootstrap.projection import statistics
from orchestrator.bootstrap.tasks import task_failure_service, task_service
from orchestrator.domain.admission import shared_pool
from orchestrator.domain.service_call import LONGEST_RESPONSE
from orchestrator.domain.webhooks.target import TargetRules, allowed_hosts
from orchestrator.services.events.registration_rules import TargetCheck
from orchestrator.services.resources.capacity import CapacityService, ResourceLimits
from orchestrator.services.resources.services import ServiceRegistry
from orchestrator.services.slots.allocations import AllocationService
from orchestrator.services.tasks.service_calls import ServiceCaller
from orchestrator.services.tasks.service_requests import ServiceRequests
from orchestrator.settings import ReceiverSettings, ResourceSettings, ServiceCallSettings


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
    return KmsSecretBox(kms, _settings().webhook_key_id)


@cache
def service_registry() -> ServiceRegistry:
    """Use cases of services."""
    return ServiceRegistry(
        services=_services(),
        secrets=_secrets(),
        targets=TargetCheck(resolver=SystemResolver(), targets=_rules()),
        queues=SqsServiceQueues(sqs, urls_in(_resource_settings().service_queue_urls)),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def service_caller() -> ServiceCaller:
    """Steps of service tasks."""
    settings = ServiceCallSettings.from_environment()
    return ServiceCaller(
        services=_services(),
        book=_services(),
        tasks=task_service(),
        failures=task_failure_service(),
        queue=ServiceCallQueue(sqs, settings.service_call_queue_url),
        requests=ServiceRequests(
            sender=_sender,
            queues=SqsServiceQueues(sqs, urls_in(settings.service_queue_urls)),
            secrets=_secrets(),
            clock=SystemClock(),
            api_url=settings.api_url,
        ),
        clock=SystemClock(),
        chance=SystemChance(),
        pause=SystemPause(),
    )


def _allocations() -> DynamoDBAllocations:
    return DynamoDBAllocations(table(), service_settings().event_retention_days)


@cache
def _resource_settings() -> ResourceSettings:
    return ResourceSettings.from_environment()


@cache
def allocation_service() -> AllocationService:
    """Use cases of allocations."""
    settings = _resource_settings()
    return AllocationService(
        allocations=_allocations(),
        book=DynamoDBSlots(table()),
        worker=AdmissionQueue(sqs, settings.admission_queue_url),
        max_concurrent_workflows=settings.max_concurrent_workflows,
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def capacity_service() -> CapacityService:
    """How much there is, and in use."""
    settings = _resource_settings()
    return CapacityService(
        shared=shared_pool(settings.max_concurrent_workflows),
        allocations=_allocations(),
        book=DynamoDBSlots(table()),
        present=DynamoDBCensus(table()),
        services=_services(),
        statistics=statistics(),
        storage_bytes=lambda: stored_bytes(client("dynamodb"), service_settings().table_name),
        limits=ResourceLimits(
            cpu_cores=settings.cpu_cores or None,
            memory_gb=settings.memory_gb or None,
            storage_gb=settings.storage_gb or None,
            network_bandwidth_mbps=settings.network_bandwidth_mbps or None,
        ),
        clock=SystemClock(),
    )


def _sender(seconds: float) -> HttpWebhookSender:
    """One byte more than a response may have is read, so that a longer one is known."""
    return HttpWebhookSender(rules=_rules(), resolver=SystemResolver(), seconds=seconds, body_kept=LONGEST_RESPONSE + 1)
