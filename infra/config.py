"""What differs between stages, typed. Everything else is the same template."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from infra.packaging.platform import LayerPlatform
from infra.wait_scale import parse_wait_scale

#: Variables that change the template of a stage.
VARIABLES = (
    "LAYER_PLATFORM",
    "JWT_ALGORITHM",
    "JWT_ISSUER",
    "JWT_AUDIENCE",
    "JWT_JWKS_URL",
    "ALLOWED_ORIGINS",
    "WEBHOOK_ALLOWED_HOSTS",
    "COMMAND_ACCOUNTS",
    "SERVICE_QUEUES",
    "ALARM_EMAIL",
    "MAX_CONCURRENT_WORKFLOWS",
    "WAIT_SCALE",
)
_E = TypeVar("_E", bound=StrEnum)
_ACCOUNT_DIGITS = 12
#: a name that a queue may have behind the stage's prefix, or an ARN; FIFO queues end in `.fifo`
_QUEUE = re.compile(r"[a-z0-9-]{1,40}|arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}")


class ConfigurationError(Exception):
    """A stage cannot be deployed as it was asked for; the message names the variable."""


class JwtAlgorithm(StrEnum):
    """The signature algorithms that the authorizer knows; a stage pins exactly one."""

    HS256 = "HS256"
    RS256 = "RS256"
    ES256 = "ES256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who signs tokens. HS256 takes its secret from Secrets Manager, the others their keys from `jwks_url`."""

    algorithm: JwtAlgorithm = JwtAlgorithm.HS256
    issuer: str
    audience: str = "task-orchestrator"
    jwks_url: str = ""
    #: Seconds for which a verified token is not verified again. A token may outlive its `exp` by this much.
    cache_seconds: int = 60

    @property
    def uses_secret(self) -> bool:
        """Whether the stage has a signing secret of its own."""
        return self.algorithm is JwtAlgorithm.HS256


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttling:
    """Limits of the whole API: steady requests per second, and the bucket above it."""

    rate: int
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityLimits:
    """What operators have agreed that a stage may use, shown by `GET /resources/capacity`; 0: no limit is agreed."""

    cpu_cores: int = 0
    memory_gb: int = 0
    storage_gb: int = 0
    network_bandwidth_mbps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StageConfig:
    """One stage.

    `log_retention` is a name of CDK's `RetentionDays`. `keeps_data` retains table, bucket, keys and secret when the
    stack goes, protects them from deletion and encrypts them with a key of the account's own.
    """

    name: str
    identity: Identity
    keeps_data: bool
    snap_start: bool
    log_retention: str
    log_level: str
    throttling: Throttling
    #: Origins of web pages that may call the API; none: no CORS headers at all.
    allowed_origins: tuple[str, ...] = ()
    event_archive_days: int = 30
    event_retention_days: int = 365
    max_concurrent_workflows: int = 1000
    limits: CapacityLimits = CapacityLimits()
    #: list price of Step Functions Standard in us-east-1 (November 2026); regions differ
    usd_per_million_transitions: int = 25
    #: How much of its time a timer that starts instances waits; less than 1 on local stacks that shorten waits.
    wait_scale: float = 1.0
    #: Receivers of webhooks may be called by plain http.
    webhook_allow_http: bool = False
    #: Hosts of receivers that may have private addresses.
    webhook_allowed_hosts: tuple[str, ...] = ()
    #: AWS accounts beside our own that may put commands on the bus.
    command_accounts: tuple[str, ...] = ()
    #: Queues that services may pull their tasks from: names (queues of the stage) or ARNs (queues that there are).
    service_queues: tuple[str, ...] = ()
    #: Where alarms are sent; none: the topic has no subscriber yet.
    alarm_email: str = ""
    platform: LayerPlatform = LayerPlatform.AWS

    @property
    def prefix(self) -> str:
        """Begins the name of every resource of the stage."""
        return f"task-orchestrator-{self.name}"


_DEV = StageConfig(
    name="dev",
    identity=Identity(issuer="task-orchestrator-local"),
    keeps_data=False,
    snap_start=False,
    log_retention="ONE_WEEK",
    log_level="INFO",
    throttling=Throttling(rate=500, burst=1000),
    allowed_origins=("http://localhost:3000", "http://localhost:5173"),
    webhook_allow_http=True,
    webhook_allowed_hosts=("localhost", "127.0.0.1", "::1"),
    service_queues=("work",),
)
_PROD = StageConfig(
    name="prod",
    identity=Identity(issuer="task-orchestrator-prod"),
    keeps_data=True,
    snap_start=True,
    log_retention="THREE_MONTHS",
    log_level="INFO",
    throttling=Throttling(rate=1000, burst=2000),
    event_archive_days=90,
    max_concurrent_workflows=10_000,
)
STAGES: Mapping[str, StageConfig] = {stage.name: stage for stage in (_DEV, _PROD)}


def stage_config(environment: Mapping[str, str] | None = None, *, stage: str | None = None) -> StageConfig:
    """The stage to synthesize, from `STAGE` (default dev), with what the environment changes of it.

    Variables: `LAYER_PLATFORM` (aws, local), `JWT_ALGORITHM`, `JWT_ISSUER`, `JWT_AUDIENCE`, `JWT_JWKS_URL`,
    `ALLOWED_ORIGINS`, `WEBHOOK_ALLOWED_HOSTS`, `COMMAND_ACCOUNTS`, `SERVICE_QUEUES` (comma separated),
    `ALARM_EMAIL`, `MAX_CONCURRENT_WORKFLOWS`, `WAIT_SCALE`.

    Raises:
        ConfigurationError: an unknown stage or value, or an asymmetric algorithm without `JWT_JWKS_URL`.
    """
    source = os.environ if environment is None else environment
    base = STAGES.get(stage or source.get("STAGE") or _DEV.name)
    if base is None:
        raise ConfigurationError(f"STAGE: {stage or source.get('STAGE')!r} is none of {', '.join(STAGES)}")
    return replace(
        base,
        identity=_identity(base.identity, source),
        platform=_member(LayerPlatform, "LAYER_PLATFORM", source, base.platform),
        allowed_origins=_listed("ALLOWED_ORIGINS", source, base.allowed_origins),
        webhook_allowed_hosts=_listed("WEBHOOK_ALLOWED_HOSTS", source, base.webhook_allowed_hosts),
        command_accounts=_accounts(source, base.command_accounts),
        service_queues=_queues(source, base.service_queues),
        alarm_email=source.get("ALARM_EMAIL", base.alarm_email),
        max_concurrent_workflows=_count("MAX_CONCURRENT_WORKFLOWS", source, base.max_concurrent_workflows),
        wait_scale=_scale(source, base.wait_scale),
    )


def _identity(base: Identity, source: Mapping[str, str]) -> Identity:
    identity = replace(
        base,
        algorithm=_member(JwtAlgorithm, "JWT_ALGORITHM", source, base.algorithm),
        issuer=source.get("JWT_ISSUER") or base.issuer,
        audience=source.get("JWT_AUDIENCE") or base.audience,
        jwks_url=source.get("JWT_JWKS_URL") or base.jwks_url,
    )
    if not identity.uses_secret and not identity.jwks_url.startswith("https://"):
        raise ConfigurationError(f"JWT_JWKS_URL: {identity.algorithm} needs the https address of the issuer's keys")
    return identity


def _listed(variable: str, source: Mapping[str, str], default: tuple[str, ...]) -> tuple[str, ...]:
    text = source.get(variable)
    return default if text is None else tuple(part.strip() for part in text.split(",") if part.strip())


def _accounts(source: Mapping[str, str], default: tuple[str, ...]) -> tuple[str, ...]:
    accounts = _listed("COMMAND_ACCOUNTS", source, default)
    for account in accounts:
        if not (account.isascii() and account.isdigit() and len(account) == _ACCOUNT_DIGITS):
            raise ConfigurationError(f"COMMAND_ACCOUNTS: {account!r} is no AWS account id")
    return accounts


def _queues(source: Mapping[str, str], default: tuple[str, ...]) -> tuple[str, ...]:
    queues = _listed("SERVICE_QUEUES", source, default)
    for queue in queues:
        if not _QUEUE.fullmatch(queue):
            raise ConfigurationError(f"SERVICE_QUEUES: {queue!r} is neither a name nor the ARN of a standard queue")
    return tuple(dict.fromkeys(queues))


def _count(variable: str, source: Mapping[str, str], default: int) -> int:
    text = source.get(variable)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ConfigurationError(f"{variable}: {text!r} is no positive number")
    return int(text)


def _scale(source: Mapping[str, str], default: float) -> float:
    text = source.get("WAIT_SCALE")
    if not text:
        return default
    try:
        return parse_wait_scale(text)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None


def _member(kind: type[_E], variable: str, source: Mapping[str, str], default: _E) -> _E:
    value = source.get(variable)
    try:
        return kind(value) if value else default
    except ValueError:
        raise ConfigurationError(f"{variable}: {value!r} is none of {', '.join(kind)}") from None
