"""The composition root: cached factories. Nobody else names an adapter, and nothing is made before it is needed."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from orchestrator.adapters.claims import Claims
from orchestrator.adapters.dynamodb.agents import DynamoDBAgents
from orchestrator.adapters.dynamodb.allocations import DynamoDBAllocations
from orchestrator.adapters.dynamodb.bookmarks import DynamoDBBookmarks
from orchestrator.adapters.dynamodb.called import DynamoDBCalledDefinitions, DynamoDBCallLinks
from orchestrator.adapters.dynamodb.channels import DynamoDBSubscriptions
from orchestrator.adapters.dynamodb.compensations import DynamoDBCompensations
from orchestrator.adapters.dynamodb.definitions import DynamoDBDefinitions
from orchestrator.adapters.dynamodb.directory import DynamoDBDirectory
from orchestrator.adapters.dynamodb.instances import DynamoDBInstances
from orchestrator.adapters.dynamodb.kept_answers import DynamoDBKeptAnswers
from orchestrator.adapters.dynamodb.messages import DynamoDBMessages
from orchestrator.adapters.dynamodb.rounds import DynamoDBRounds
from orchestrator.adapters.dynamodb.schedules import DynamoDBSchedules
from orchestrator.adapters.dynamodb.slots import DynamoDBSlots
from orchestrator.adapters.dynamodb.starts import DynamoDBStarts
from orchestrator.adapters.dynamodb.stream import event_in, is_new_event
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.tasks import DynamoDBTasks
from orchestrator.adapters.dynamodb.texts import Texts
from orchestrator.adapters.dynamodb.threads import DynamoDBThreads
from orchestrator.adapters.dynamodb.watched import DynamoDBWatchedVariables
from orchestrator.adapters.dynamodb.webhooks import DynamoDBWebhooks
from orchestrator.adapters.eventbridge import CustomBus
from orchestrator.adapters.s3 import PayloadBucket
from orchestrator.adapters.secrets import Secret
from orchestrator.adapters.stepfunctions import StepFunctions
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.compiler.catalogue import Catalogue
from orchestrator.domain.admission import shared_pool
from orchestrator.observability import logger, meter
from orchestrator.ports.admission import SlotPlan
from orchestrator.services.definitions.definitions import DefinitionService
from orchestrator.services.definitions.modelled_texts import value_of
from orchestrator.services.events.relay import OutboxRelay
from orchestrator.services.instances.history import HistoryService
from orchestrator.services.instances.instance_control import InstanceControlService
from orchestrator.services.instances.instances import InstanceService
from orchestrator.services.machines.activation import TaskFactory
from orchestrator.services.machines.call_following import CallFollower
from orchestrator.services.machines.call_returns import CallReturns
from orchestrator.services.machines.calls import CallService
from orchestrator.services.machines.compensation import Compensator
from orchestrator.services.machines.conditions import Conditions
from orchestrator.services.machines.dispatch import TaskDispatcher
from orchestrator.services.machines.escalation import Escalator
from orchestrator.services.machines.execution_watch import ExecutionWatch
from orchestrator.services.machines.interruption import Interrupter
from orchestrator.services.machines.rounds import RoundCounter
from orchestrator.services.machines.thread_joins import ThreadJoins
from orchestrator.services.machines.threads import Threads
from orchestrator.services.machines.throwing import Thrower
from orchestrator.services.machines.watches import Watches
from orchestrator.services.publications.correlation import Correlation
from orchestrator.services.publications.event_starts import EventStarts
from orchestrator.services.publications.messages import MessageService
from orchestrator.services.publications.signals import SignalService
from orchestrator.services.publications.start_timers import StartTimers
from orchestrator.services.repeated_requests import RepeatedRequests
from orchestrator.services.resources.agents import AgentService
from orchestrator.services.slots.admission import Door
from orchestrator.services.slots.slot_plan import ReservingPlan
from orchestrator.services.tasks.assignment import AgentChoice
from orchestrator.services.tasks.assignment_sweep import AssignmentSweep
from orchestrator.services.tasks.callbacks import CallbackService
from orchestrator.services.tasks.claims import ClaimService
from orchestrator.services.tasks.reassignment import ReassignmentService
from orchestrator.services.tasks.task_failures import TaskFailureService
from orchestrator.services.tasks.task_walk import TaskWalk
from orchestrator.services.tasks.tasks import TaskService
from orchestrator.services.tokens.scope_endings import ScopeEndings
from orchestrator.settings import (
    AuthorizerSettings,
    EngineSettings,
    RelaySettings,
    ServiceSettings,
    SlotSettings,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from orchestrator.adapters.tokens import TokenVerifier

__all__ = [
    "agent_service",
    "assignment_sweep",
    "callback_service",
    "definition_service",
    "event_in",
    "execution_watch",
    "history_service",
    "instance_control_service",
    "instance_service",
    "interrupter",
    "is_new_event",
    "message_service",
    "outbox_relay",
    "reassignment_service",
    "repeated_requests",
    "signal_service",
    "task_dispatcher",
    "task_failure_service",
    "task_service",
    "thread_joins",
    "threads",
    "thrower",
]


@cache
def _session() -> boto3.Session:
    return boto3.Session()


@cache
def client(service: str, config: Config | None = None) -> Any:
    """The one client of an AWS service in this process (or of a service and configuration)."""
    retries = config or Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=2, read_timeout=20)
    session: Any = _session()  # the stubs know services by literal names only
    made = session.client(service, config=retries)
    if service == "dynamodb":
        meter.follow(made)
    return made


def _s3() -> "S3Client":
    return client("s3")


@cache
def service_settings() -> ServiceSettings:
    """What every function knows."""
    return ServiceSettings.from_environment()


@cache
def _engine_settings() -> EngineSettings:
    return EngineSettings.from_environment()


@cache
def table() -> Table:
    """The record."""
    return Table(client("dynamodb"), service_settings().table_name)


@cache
def _texts() -> Texts:
    return Texts(PayloadBucket(_s3, service_settings().payload_bucket))


@cache
def repeated_requests() -> RepeatedRequests:
    """Requests that bear an idempotency key."""
    return RepeatedRequests(answers=DynamoDBKeptAnswers(table(), _texts()), clock=SystemClock())


@cache
def _definitions() -> DynamoDBDefinitions:
    return DynamoDBDefinitions(table(), _texts(), service_settings().event_retention_days)


@cache
def _claims() -> Claims:
    return Claims(PayloadBucket(_s3, service_settings().payload_bucket), _catalogue_of)


def _catalogue_of(instance_id: str) -> Catalogue:
    instance = _instances().load(instance_id)
    return _definitions().load_catalogue(instance.definition_id, instance.definition_version)


@cache
def _instances() -> DynamoDBInstances:
    return DynamoDBInstances(table(), service_settings().event_retention_days, _claims().redeem)


@cache
def _tasks() -> DynamoDBTasks:
    return DynamoDBTasks(table(), _claims().redeem)


@cache
def _threads() -> DynamoDBThreads:
    return DynamoDBThreads(table())


@cache
def _publishing_engine() -> StepFunctions:
    settings = _engine_settings()
    return StepFunctions(
        client=client("stepfunctions"),
        role_arn=settings.state_machine_role_arn,
        dispatcher_arn=settings.task_dispatch_function_arn,
    )


@cache
def engine() -> StepFunctions:
    """Executions and their tokens."""
    return StepFunctions(client=client("stepfunctions"), claims=_claims())


@cache
def definition_service() -> DefinitionService:
    """Use cases of definitions. The compiler is loaded here, and only here."""
    from orchestrator.compiler.pipeline import compile_process  # noqa: PLC0415 - lxml and lark are slow to import

    return DefinitionService(
        store=_definitions(),
        directory=DynamoDBDirectory(table()),
        called=DynamoDBCalledDefinitions(table()),
        engine=_publishing_engine(),
        compiler=compile_process,
        expressions=value_of,
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
        state_machine_prefix=_engine_settings().state_machine_prefix,
        usd_per_million=_engine_settings().usd_per_million_transitions,
        timer_scale=_engine_settings().wait_scale,
    )


@cache
def slot_plan() -> SlotPlan:
    """Who may take which slots."""
    return ReservingPlan(
        shared=shared_pool(SlotSettings.from_environment().max_concurrent_workflows),
        allocations=DynamoDBAllocations(table(), service_settings().event_retention_days),
        definitions=_definitions(),
        clock=SystemClock(),
    )


@cache
def _door() -> Door:
    return Door(book=DynamoDBSlots(table()), plan=slot_plan())


@cache
def instance_service() -> InstanceService:
    """Use cases of instances."""
    return InstanceService(
        instances=_instances(),
        definitions=_definitions(),
        engine=engine(),
        door=_door(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
        first_task_wait_ms=_engine_settings().first_task_wait_ms,
    )


@cache
def instance_control_service() -> InstanceControlService:
    """Pause, resume, cancel, terminate."""
    return InstanceControlService(
        instances=_instances(),
        threads=_threads(),
        engine=engine(),
        relatives=relatives(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def history_service() -> HistoryService:
    """What happened in instances."""
    return HistoryService(instances=_instances())


@cache
def task_service() -> TaskService:
    """Use cases of tasks."""
    return TaskService(
        tasks=_tasks(),
        instances=_instances(),
        engine=engine(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
        triggered_wait_ms=_engine_settings().triggered_wait_ms,
    )


@cache
def task_failure_service() -> TaskFailureService:
    """Use cases of tasks that go wrong."""
    return TaskFailureService(tasks=task_service(), definitions=_definitions())


@cache
def claim_service() -> ClaimService:
    """Workers that fetch their tasks."""
    return ClaimService(tasks=task_service(), directory=DynamoDBDirectory(table()))


@cache
def callback_service() -> CallbackService:
    """Services that answer later."""
    return CallbackService(tasks=task_service(), failures=task_failure_service())


@cache
def reassignment_service() -> ReassignmentService:
    """Tasks that change hands."""
    webhooks = DynamoDBWebhooks(table(), service_settings().event_retention_days)
    return ReassignmentService(tasks=task_service(), directory=DynamoDBDirectory(table()), webhooks=webhooks)


@cache
def _messages() -> DynamoDBMessages:
    return DynamoDBMessages(table(), service_settings().event_retention_days)


@cache
def message_service() -> MessageService:
    """Use cases of messages."""
    return MessageService(
        messages=_messages(),
        subscriptions=DynamoDBSubscriptions(table()),
        correlation=correlation(),
        starts=event_starts(),
        clock=SystemClock(),
        ids=RandomIds(),
    )


@cache
def start_timers() -> StartTimers:
    """Timers that start instances."""
    return StartTimers(
        schedules=DynamoDBSchedules(table()),
        starts=event_starts(),
        definitions=_definitions(),
        clock=SystemClock(),
        scale=_engine_settings().wait_scale,
    )


@cache
def event_starts() -> EventStarts:
    """Instances that events start."""
    return EventStarts(
        starts=DynamoDBStarts(table()),
        messages=_messages(),
        instances=_instances(),
        definitions=_definitions(),
        engine=engine(),
        door=_door(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def signal_service() -> SignalService:
    """Use cases of signals."""
    return SignalService(
        subscriptions=DynamoDBSubscriptions(table()),
        correlation=correlation(),
        starts=event_starts(),
        ids=RandomIds(),
    )


@cache
def correlation() -> Correlation:
    """What happens to waits when messages and signals meet them."""
    return Correlation(
        instances=_instances(),
        tasks=_tasks(),
        definitions=_definitions(),
        messages=_messages(),
        subscriptions=DynamoDBSubscriptions(table()),
        endings=ScopeEndings(
            instances=_instances(), threads=_threads(), engine=engine(), clock=SystemClock(), ids=RandomIds()
        ),
        engine=engine(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def _agents() -> DynamoDBAgents:
    return DynamoDBAgents(table(), service_settings().event_retention_days)


@cache
def _agent_choice() -> AgentChoice:
    return AgentChoice(agents=_agents())


@cache
def agent_service() -> AgentService:
    """Use cases of agents."""
    return AgentService(agents=_agents(), clock=SystemClock(), ids=RandomIds(), pause=SystemPause())


@cache
def assignment_sweep() -> AssignmentSweep:
    """Tasks of agents that are away, and tasks of nobody."""
    walk = TaskWalk(tasks=task_service(), bookmarks=DynamoDBBookmarks(table()))
    return AssignmentSweep(agents=agent_service(), tasks=task_service(), choice=_agent_choice(), walk=walk)


@cache
def task_dispatcher() -> TaskDispatcher:
    """What machines call."""
    return TaskDispatcher(
        instances=_instances(),
        tasks=_tasks(),
        threads=_threads(),
        definitions=_definitions(),
        engine=engine(),
        factory=TaskFactory(directory=DynamoDBDirectory(table()), expressions=value_of, choice=_agent_choice()),
        correlation=correlation(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def thrower() -> Thrower:
    """What machines throw."""
    return Thrower(dispatcher=task_dispatcher(), messages=message_service(), signals=signal_service())


@cache
def conditions() -> Conditions:
    """What happens when variables change that conditional events read."""
    return Conditions(
        instances=_instances(),
        watched=DynamoDBWatchedVariables(table()),
        correlation=correlation(),
        clock=SystemClock(),
    )


@cache
def threads() -> Threads:
    """Groups of side threads, as machines ask for them."""
    return Threads(dispatcher=task_dispatcher())


@cache
def thread_joins() -> ThreadJoins:
    """Joins of groups of side threads."""
    return ThreadJoins(threads=threads())


@cache
def watches() -> Watches:
    """Events that happen beside activities and scopes."""
    return Watches(threads=threads())


@cache
def escalator() -> Escalator:
    """Escalations, as machines raise them."""
    return Escalator(threads=threads())


@cache
def interrupter() -> Interrupter:
    """Interruptions, as machines ask for them."""
    return Interrupter(dispatcher=task_dispatcher())


@cache
def relatives() -> CallReturns:
    """What instances have to do with those that they called, and with the one that called them."""
    return CallReturns(
        instances=_instances(),
        tasks=_tasks(),
        definitions=_definitions(),
        links=DynamoDBCallLinks(table()),
        engine=engine(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def call_service() -> CallService:
    """Call activities."""
    return CallService(
        dispatcher=task_dispatcher(),
        definitions=DynamoDBCalledDefinitions(table()),
        links=DynamoDBCallLinks(table()),
        relatives=relatives(),
    )


@cache
def call_follower() -> CallFollower:
    """Called instances whose call activity was left."""
    return CallFollower(
        instances=_instances(),
        tasks=_tasks(),
        links=DynamoDBCallLinks(table()),
        relatives=relatives(),
        control=instance_control_service(),
    )


@cache
def round_counter() -> RoundCounter:
    """Rounds of repeated activities, as machines report them."""
    return RoundCounter(dispatcher=task_dispatcher(), rounds=DynamoDBRounds(table()))


@cache
def compensator() -> Compensator:
    """Compensation, as machines ask for it."""
    return Compensator(dispatcher=task_dispatcher(), record=DynamoDBCompensations(table()))


@cache
def execution_watch() -> ExecutionWatch:
    """Repairs of what a crash left out."""
    return ExecutionWatch(
        instances=_instances(),
        tasks=_tasks(),
        threads=_threads(),
        engine=engine(),
        bookmarks=DynamoDBBookmarks(table()),
        calls=call_follower(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def outbox_relay() -> OutboxRelay:
    """From the stream to the bus."""
    return OutboxRelay(CustomBus(client("events"), RelaySettings.from_environment().event_bus_name))


def _no_secret() -> str:
    raise KeyError("JWT_SECRET_ARN")


@cache
def token_verifier() -> "TokenVerifier":
    """Who may come in."""
    from orchestrator.adapters.tokens import TokenVerifier  # noqa: PLC0415 - cryptography is slow to import

    settings = AuthorizerSettings.from_environment()
    return TokenVerifier(
        algorithm=settings.jwt_algorithm,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        secret=Secret(client("secretsmanager"), settings.jwt_secret_arn) if settings.jwt_secret_arn else _no_secret,
        jwks_url=settings.jwt_jwks_url,
    )


@contextmanager
def observed() -> Generator[None]:
    """Measure an invocation; from time to time the measurements of this process go to the statistics.

    A measurement that cannot be written is lost, never the answer.
    """
    with meter.invocation():
        yield
    if meter.is_due:
        try:
            _report_usage()
        except Exception:  # noqa: BLE001 - see above
            logger.warning("usage was not reported", exc_info=True)
        meter.reset()


def _report_usage() -> None:
    from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics  # noqa: PLC0415 - seldom needed
    from orchestrator.domain.measurement.usage import Usage  # noqa: PLC0415

    limit = meter.memory_limit_mb()
    if meter.function is None or limit is None:
        return
    usage = Usage(
        function=meter.function,
        wall=meter.wall,
        cpu=meter.cpu,
        invocations=meter.invocations,
        peak_memory_mb=meter.peak_memory_mb(),
        memory_limit_mb=limit,
        requests=tuple(meter.requests),
        queries=tuple(meter.queries),
    )
    DynamoDBStatistics(table(), service_settings().event_retention_days).write(now(), usage)
    meter.emit()


def now() -> datetime:
    """The time, UTC."""
    return SystemClock().now()
