"""The composition root of monitoring, analytics and health."""

from functools import cache, partial
from typing import Any

from botocore.config import Config

from orchestrator.adapters.dynamodb.census import DynamoDBCensus
from orchestrator.adapters.dynamodb.instances import DynamoDBInstances
from orchestrator.adapters.dynamodb.services import DynamoDBServices
from orchestrator.adapters.http import HttpWebhookSender, SystemResolver
from orchestrator.adapters.probes import CallProbe
from orchestrator.adapters.service_probes import HttpServiceProbes
from orchestrator.adapters.system import SystemClock
from orchestrator.bootstrap.aws import client, service_settings, table
from orchestrator.bootstrap.projection import statistics
from orchestrator.domain.webhooks.target import TargetRules, allowed_hosts
from orchestrator.observability import meter
from orchestrator.ports.insights import Part, Probe
from orchestrator.services.insights.activity import ActivityService
from orchestrator.services.insights.analytics import AnalyticsService
from orchestrator.services.insights.failures import FailureService
from orchestrator.services.insights.health import HealthService
from orchestrator.services.insights.metrics import MetricsService
from orchestrator.services.insights.performance import PerformanceService
from orchestrator.services.resources.external_services import ExternalServices
from orchestrator.settings import HealthSettings

#: for all probes of services together: they run at the same time
_PROBE_SECONDS = 3.0
_IMPATIENT = Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=3)


@cache
def _census() -> DynamoDBCensus:
    return DynamoDBCensus(table())


@cache
def activity() -> ActivityService:
    """What runs now."""
    return ActivityService(
        instances=DynamoDBInstances(table(), service_settings().event_retention_days),
        statistics=statistics(),
        present=_census(),
        clock=SystemClock(),
    )


@cache
def performance() -> PerformanceService:
    """What was done lately."""
    return PerformanceService(statistics=statistics(), clock=SystemClock())


@cache
def analytics() -> AnalyticsService:
    """How workflows perform."""
    return AnalyticsService(statistics=statistics(), present=_census(), clock=SystemClock())


@cache
def failures() -> FailureService:
    """What fails."""
    return FailureService(statistics=statistics(), clock=SystemClock())


@cache
def health() -> HealthService:
    """How the service is."""
    settings = HealthSettings.from_environment()
    return HealthService(
        statistics=statistics(),
        present=_census(),
        services=_external_services(settings),
        probes=_probes(settings),
        clock=SystemClock(),
        version=settings.service_version,
    )


@cache
def metrics() -> MetricsService:
    """What the service measures of itself."""
    return MetricsService(statistics=statistics(), present=_census(), clock=SystemClock())


def _external_services(settings: HealthSettings) -> ExternalServices:
    rules = TargetRules(
        allow_http=bool(settings.webhook_allow_http), allowed_hosts=allowed_hosts(settings.webhook_allowed_hosts)
    )
    sender = HttpWebhookSender(rules=rules, resolver=SystemResolver(), seconds=_PROBE_SECONDS)
    return ExternalServices(
        statistics=statistics(),
        registry=DynamoDBServices(table(), settings.event_retention_days),
        probes=HttpServiceProbes(sender),
    )


def uptime() -> float:
    """Seconds since this process began."""
    return meter.uptime


def _probes(settings: HealthSettings) -> dict[Part, Probe]:
    dynamodb, events, states = (_impatient(name) for name in ("dynamodb", "events", "stepfunctions"))
    nothing = {"pk": {"S": "PROBE"}, "sk": {"S": "PROBE"}}
    return {
        Part.DATABASE: CallProbe(partial(dynamodb.get_item, TableName=settings.table_name, Key=nothing)),
        Part.EVENT_MANAGER: CallProbe(partial(events.describe_event_bus, Name=settings.event_bus_name)),
        Part.WORKFLOW_ENGINE: CallProbe(
            partial(states.describe_state_machine, stateMachineArn=settings.probe_machine_arn),
            answers=frozenset({"StateMachineDoesNotExist"}),
        ),
    }


def _impatient(service: str) -> Any:
    """A client that fails rather than waits: a probe must answer."""
    return client(service, _IMPATIENT)
