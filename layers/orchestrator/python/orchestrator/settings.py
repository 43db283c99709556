"""What each function is told by its environment: one class per role, field name = variable name in lower case."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

_NUMBERS: Mapping[Any, Callable[[str], Any]] = {int: int, "int": int, float: float, "float": float}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Base: reads its fields from the environment and writes them for CDK. All values travel as text."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Build from environment variables.

        Raises:
            KeyError: a variable without default is missing: a deployment fault, not a caller's.
        """
        source = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for field in fields(cls):
            name = field.name.upper()
            if name in source:
                values[field.name] = _NUMBERS.get(field.type, str)(source[name])
            elif field.default is field.default_factory:  # both MISSING: no default
                raise KeyError(name)
        return cls(**values)

    def to_environment(self) -> dict[str, str]:
        """The environment variables that `from_environment` reads back."""
        return {name.upper(): str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings(Settings):
    """What every function that touches the record knows."""

    stage: str
    table_name: str
    payload_bucket: str
    service_version: str = "1.0.0"
    #: web pages of these origins may read answers, comma separated
    allowed_origins: str = ""
    #: how long a published instance list entry, event or idempotency key is kept, in days; 0 keeps for ever
    event_retention_days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSettings(ServiceSettings):
    """Functions that start instances: how many may run at the same time."""

    max_concurrent_workflows: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings(SlotSettings):
    """Functions that create or talk to state machines."""

    state_machine_prefix: str
    state_machine_role_arn: str
    task_dispatch_function_arn: str
    #: how long `start` waits for the first tasks to appear, in milliseconds
    first_task_wait_ms: int = 2000
    #: how long `complete` waits for what it triggered to appear, in milliseconds
    triggered_wait_ms: int = 280
    #: price of a million state transitions of Step Functions Standard in the stage's region, for estimates
    usd_per_million_transitions: int = 25
    #: how much of its time a timer that starts instances waits: less than 1 where a stage shortens waits
    wait_scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionSettings(EngineSettings):
    """Functions that admit from the queue, or leave work to the one that does."""

    admission_queue_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizerSettings(Settings):
    """How bearer tokens are verified: exactly one algorithm, pinned."""

    jwt_algorithm: str
    jwt_issuer: str
    jwt_audience: str
    jwt_secret_arn: str = ""
    jwt_jwks_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySettings(ServiceSettings):
    """The outbox relay: where events go."""

    event_bus_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSettings(RelaySettings):
    """Health: what is probed, and (as `AuthorizerSettings`) who may see details without passing the authorizer."""

    #: no machine has this ARN: an engine that says so works
    probe_machine_arn: str
    jwt_algorithm: str
    jwt_issuer: str
    jwt_audience: str
    jwt_secret_arn: str = ""
    jwt_jwks_url: str = ""
    #: which health endpoints of services may be asked, as for `ReceiverSettings`
    webhook_allow_http: int = 0
    webhook_allowed_hosts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchSettings(SlotSettings):
    """The task dispatcher; what machines throw starts instances."""

    event_bus_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOutSettings(ServiceSettings):
    """The webhook fan-out, and all who queue steps of deliveries."""

    delivery_queue_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverSettings(ServiceSettings):
    """Functions that know where others are called (webhooks, services), and their secrets."""

    webhook_key_id: str
    #: 1: plain http is allowed beside https
    webhook_allow_http: int = 0
    #: hosts that may be called although their addresses are not public, comma separated
    webhook_allowed_hosts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSettings(ReceiverSettings):
    """The registry, and capacity: what there is for workflows, and the limits that a stage has set; 0: none."""

    admission_queue_url: str
    #: queues that services may pull their tasks from, `name=url` comma separated
    service_queue_urls: str = ""
    max_concurrent_workflows: int = 1000
    cpu_cores: int = 0
    memory_gb: int = 0
    storage_gb: int = 0
    network_bandwidth_mbps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings(ReceiverSettings):
    """Functions that call receivers of webhooks, and queue steps of deliveries."""

    delivery_queue_url: str
    #: the longest that one attempt may take, in milliseconds
    webhook_timeout_ms: int = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundSettings(EngineSettings):
    """Commands from other services: where those go that cannot be carried out."""

    rejected_commands_queue_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCallSettings(EngineSettings):
    """Calls of services: where those wait that are made later, where services call back; and `ReceiverSettings`."""

    service_call_queue_url: str
    api_url: str
    #: as for `ResourceSettings`
    service_queue_urls: str = ""
    webhook_key_id: str
    webhook_allow_http: int = 0
    webhook_allowed_hosts: str = ""
