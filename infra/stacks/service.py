"""The service: API, functions, engine role, bus and queues. Everything here can be deleted and made again."""

from dataclasses import asdict
from typing import Any, TypedDict

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.config import StageConfig
from infra.constructs.api import Api
from infra.constructs.functions import Functions, Size
from infra.constructs.grants import Grants
from infra.constructs.machines import Machines
from infra.constructs.messaging import CALL_SECONDS, DELIVERY_SECONDS, Messaging
from infra.constructs.queues import DeadLetterQueue, WorkQueue
from infra.constructs.service_queues import ServiceQueues
from infra.constructs.sources import new_events, repair_schedule, status_changes, timer_schedule
from infra.stacks.data import DataStack
from orchestrator.api.endpoints import Group
from orchestrator.settings import (
    AdmissionSettings,
    AuthorizerSettings,
    DispatchSettings,
    EngineSettings,
    FanOutSettings,
    HealthSettings,
    InboundSettings,
    RelaySettings,
    ResourceSettings,
    ServiceCallSettings,
    ServiceSettings,
    WebhookSettings,
)

_WATCH_SECONDS = 120


class ServiceStack(Stack):
    """Stack `<prefix>-service`.

    To add a function: its folder in functions/, `self.functions.add(folder, settings)`, and its grants.
    """

    def __init__(self, scope: Construct, *, config: StageConfig, data: DataStack) -> None:
        super().__init__(scope, f"{config.prefix}-service", description=f"Task Orchestrator {config.name}: service")
        self._config, self._data = config, data
        self.machines = Machines(self, "Machines", prefix=config.prefix)
        self.messaging = Messaging(self, "Messaging", prefix=config.prefix)
        self.service_queues = ServiceQueues(self, "ServiceQueues", prefix=config.prefix, allowed=config.service_queues)
        self.bus = self.messaging.bus
        self.execution_changes = WorkQueue(
            self, "ExecutionChanges", name=f"{config.prefix}-execution-watch", handling=_WATCH_SECONDS
        )
        self.outbox_dead_letters = DeadLetterQueue(self, "OutboxDeadLetters", name=f"{config.prefix}-outbox-relay")
        self.projector_dead_letters = DeadLetterQueue(self, "ProjectorDeadLetters", name=f"{config.prefix}-projector")
        self.functions = Functions(self, "Functions", config=config)
        self._grants = Grants(table=data.table, payloads=data.payloads, key=data.key, machines=self.machines)
        self._dispatch = self._task_dispatch()
        self._outbox_relay()
        self._projector()
        admission = self._admission()
        repair_schedule(self, [self._execution_watch(), admission], prefix=config.prefix)
        timer_schedule(self, admission, prefix=config.prefix)
        self._webhooks()
        self._inbound_events()
        self.api = Api(
            self,
            "Api",
            config=config,
            authorizer=self.functions.entrance(self._authorizer()),
            groups={group: self.functions.entrance(function) for group, function in self._api_functions().items()},
        )
        self._service_call()
        CfnOutput(self, "ApiUrl", value=self.api.rest.url)
        CfnOutput(self, "EventBusName", value=self.bus.event_bus_name)

    @property
    def work_queues(self) -> tuple[WorkQueue, ...]:
        """Every queue that somebody works on; each has its dead-letter queue."""
        return (self.execution_changes, *self.messaging.queues, *self.service_queues.own)

    def _authorizer(self) -> lambda_.Function:
        identity, secret = self._config.identity, self._data.jwt_secret
        settings = AuthorizerSettings(
            jwt_algorithm=identity.algorithm,
            jwt_issuer=identity.issuer,
            jwt_audience=identity.audience,
            jwt_secret_arn=secret.secret_arn if secret else "",
            jwt_jwks_url=identity.jwks_url,
        )
        function = self.functions.add("authorizer", settings, size=Size(seconds=10))
        if secret:
            self._grants.read_secret(function, secret)
        return function

    def _api_functions(self) -> dict[Group, lambda_.Function]:
        """One function per resource group, each with what its endpoints do and no more."""
        record, engine, grants = ServiceSettings(**self._record()), self._engine(), self._grants
        definitions = self.functions.add(Group.DEFINITIONS, engine, size=Size(memory=1024))
        grants.change(definitions)
        grants.engine_publish(definitions)
        instances = self.functions.add(Group.INSTANCES, engine)
        grants.change(instances)
        grants.engine_start(instances)
        grants.engine_stop(instances)
        grants.engine_answer(instances)
        tasks = self.functions.add(Group.TASKS, engine)
        grants.change(tasks)
        grants.engine_answer(tasks)
        execution = self.functions.add(Group.EXECUTION, self._admission_settings(), size=Size(memory=1769))
        self.messaging.admission.queue.grant_send_messages(execution)
        grants.change(execution)
        grants.engine_start(execution)
        grants.engine_stop(execution)
        grants.engine_answer(execution)
        insights = self.functions.add(Group.INSIGHTS, record)
        grants.read(insights)
        grants.report_usage(insights)
        events_api = self.functions.add(Group.EVENTS, self._webhook_settings())
        grants.change(events_api)
        grants.use_webhook_secrets(events_api, self._data.webhook_key)
        self.messaging.deliveries.queue.grant_send_messages(events_api)
        resources = self.functions.add(Group.RESOURCES, self._resource_settings())
        self.messaging.admission.queue.grant_send_messages(resources)
        grants.change(resources)
        self.service_queues.may_count(resources)
        grants.measure(resources)
        grants.use_webhook_secrets(resources, self._data.webhook_key)
        self._health()
        return {group: self.functions.all[group] for group in Group}

    def _health(self) -> None:
        """It probes the bus and the engine, and verifies tokens itself: no authorizer stands before it."""
        identity, secret = self._config.identity, self._data.jwt_secret
        settings = HealthSettings(
            **self._record(),
            event_bus_name=self.bus.event_bus_name,
            probe_machine_arn=f"{self.machines.arn_prefix}probe",
            jwt_algorithm=identity.algorithm,
            jwt_issuer=identity.issuer,
            jwt_audience=identity.audience,
            jwt_secret_arn=secret.secret_arn if secret else "",
            jwt_jwks_url=identity.jwks_url,
            webhook_allow_http=int(self._config.webhook_allow_http),
            webhook_allowed_hosts=",".join(self._config.webhook_allowed_hosts),
        )
        function = self.functions.add(Group.HEALTH, settings)
        self._grants.read(function)
        self._grants.report_usage(function)
        self._grants.engine_probe(function)
        self._grants.bus_probe(function, self.bus)
        if secret:
            self._grants.read_secret(function, secret)

    def _task_dispatch(self) -> lambda_.Function | lambda_.Alias:
        settings = DispatchSettings(
            **self._record(),
            event_bus_name=self.bus.event_bus_name,
            max_concurrent_workflows=self._config.max_concurrent_workflows,
        )
        function = self.functions.add("task_dispatch", settings)
        self._grants.change(function)
        self._grants.engine_answer(function)
        self._grants.engine_start(function)
        self._grants.engine_stop(function)
        self.machines.may_call(function)
        return self.functions.entrance(function)

    def _outbox_relay(self) -> None:
        settings = RelaySettings(**self._record(), event_bus_name=self.bus.event_bus_name)
        function = self.functions.add("outbox_relay", settings, size=Size(seconds=60))
        function.add_event_source(new_events(self._data.table, dead_letters=self.outbox_dead_letters))
        self.bus.grant_put_events_to(function)
        self._grants.follow_stream(function)

    def _projector(self) -> None:
        function = self.functions.add("projector", ServiceSettings(**self._record()), size=Size(seconds=60))
        function.add_event_source(new_events(self._data.table, dead_letters=self.projector_dead_letters))
        self._grants.change(function)
        self._grants.follow_stream(function)

    def _execution_watch(self) -> lambda_.Function:
        function = self.functions.add("execution_watch", self._engine(), size=Size(seconds=_WATCH_SECONDS))
        function.add_event_source(
            sources.SqsEventSource(self.execution_changes.queue, batch_size=10, report_batch_item_failures=True)
        )
        status_changes(self, self.machines, to=self.execution_changes)
        self._grants.change(function)
        self._grants.engine_start(function)
        self._grants.engine_stop(function)
        self._grants.engine_observe(function)
        self._grants.engine_answer(function)
        return function

    def _admission(self) -> lambda_.Function:
        """Few at a time: rounds that overlap only get into each other's way."""
        queue = self.messaging.admission.queue
        function = self.functions.add("admission", self._admission_settings(), size=Size(seconds=DELIVERY_SECONDS))
        function.add_event_source(
            sources.SqsEventSource(queue, batch_size=10, max_concurrency=5, report_batch_item_failures=True)
        )
        queue.grant_send_messages(function)
        self._grants.change(function)
        self._grants.engine_start(function)
        self._grants.engine_stop(function)
        self._grants.engine_answer(function)
        return function

    def _webhooks(self) -> None:
        deliveries = self.messaging.deliveries
        settings = FanOutSettings(**self._record(), delivery_queue_url=deliveries.queue.queue_url)
        fan_out = self._consumer("webhook_fanout", settings, self.messaging.fan_out)
        deliveries.queue.grant_send_messages(fan_out)
        delivery = self._consumer("webhook_delivery", self._webhook_settings(), deliveries)
        deliveries.queue.grant_send_messages(delivery)
        self._grants.use_webhook_secrets(delivery, self._data.webhook_key)

    def _inbound_events(self) -> None:
        commands = self.messaging.commands
        nobody_waits = {"first_task_wait_ms": 0, "triggered_wait_ms": 0}
        fields: dict[str, Any] = asdict(self._engine()) | nobody_waits
        settings = InboundSettings(**fields, rejected_commands_queue_url=commands.dead_letters.queue_url)
        function = self._consumer("inbound_events", settings, commands)
        commands.dead_letters.grant_send_messages(function)
        self._grants.engine_start(function)
        self._grants.engine_answer(function)

    def _service_call(self) -> None:
        calls = self.messaging.service_calls
        nobody_waits = {"first_task_wait_ms": 0, "triggered_wait_ms": 0}
        fields: dict[str, Any] = asdict(self._engine()) | nobody_waits
        settings = ServiceCallSettings(
            **fields,
            **self._receivers(),
            service_call_queue_url=calls.queue.queue_url,
            api_url=self.api.rest.url,
            service_queue_urls=self.service_queues.settings,
        )
        function = self._consumer("service_call", settings, calls, seconds=CALL_SECONDS)
        calls.queue.grant_send_messages(function)
        self.service_queues.may_fill(function)
        self._grants.engine_answer(function)
        self._grants.use_webhook_secrets(function, self._data.webhook_key)

    def _consumer(
        self, folder: str, settings: ServiceSettings, queue: WorkQueue, *, seconds: int = DELIVERY_SECONDS
    ) -> lambda_.Function:
        """A function that changes the record as the messages of a queue say."""
        function = self.functions.add(folder, settings, size=Size(seconds=seconds))
        function.add_event_source(sources.SqsEventSource(queue.queue, batch_size=10, report_batch_item_failures=True))
        self._grants.change(function)
        return function

    def _admission_settings(self) -> AdmissionSettings:
        fields: dict[str, Any] = asdict(self._engine())
        return AdmissionSettings(**fields, admission_queue_url=self.messaging.admission.queue.queue_url)

    def _resource_settings(self) -> ResourceSettings:
        limits = self._config.limits
        return ResourceSettings(
            **self._record(),
            **self._receivers(),
            admission_queue_url=self.messaging.admission.queue.queue_url,
            service_queue_urls=self.service_queues.settings,
            max_concurrent_workflows=self._config.max_concurrent_workflows,
            cpu_cores=limits.cpu_cores,
            memory_gb=limits.memory_gb,
            storage_gb=limits.storage_gb,
            network_bandwidth_mbps=limits.network_bandwidth_mbps,
        )

    def _webhook_settings(self) -> WebhookSettings:
        return WebhookSettings(
            **self._record(), **self._receivers(), delivery_queue_url=self.messaging.deliveries.queue.queue_url
        )

    def _receivers(self) -> "_Receivers":
        return {
            "webhook_key_id": self._data.webhook_key.key_arn,
            "webhook_allow_http": int(self._config.webhook_allow_http),
            "webhook_allowed_hosts": ",".join(self._config.webhook_allowed_hosts),
        }

    def _record(self) -> "_Record":
        return {
            "stage": self._config.name,
            "table_name": self._data.table.table_name,
            "payload_bucket": self._data.payloads.bucket_name,
            "event_retention_days": self._config.event_retention_days,
            "allowed_origins": ",".join(self._config.allowed_origins),
        }

    def _engine(self) -> EngineSettings:
        return EngineSettings(
            **self._record(),
            state_machine_prefix=self.machines.prefix,
            state_machine_role_arn=self.machines.role.role_arn,
            task_dispatch_function_arn=self._dispatch.function_arn,
            max_concurrent_workflows=self._config.max_concurrent_workflows,
            usd_per_million_transitions=self._config.usd_per_million_transitions,
            wait_scale=self._config.wait_scale,
        )


class _Record(TypedDict):
    """The fields of `ServiceSettings`."""

    stage: str
    table_name: str
    payload_bucket: str
    event_retention_days: int
    allowed_origins: str


class _Receivers(TypedDict):
    """The fields of `ReceiverSettings` beside those of `ServiceSettings`."""

    webhook_key_id: str
    webhook_allow_http: int
    webhook_allowed_hosts: str
