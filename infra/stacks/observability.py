"""What only AWS offers: alarms, dashboard, event archive, groups. Not deployed to the local stack."""

# pyright: reportArgumentType=false
# jsii names the parameters of its protocols otherwise than those of the classes that implement them.

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_resourcegroups as resourcegroups
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_xray as xray
from constructs import Construct

from infra.config import StageConfig
from infra.constructs.messaging import OWN_SOURCE
from infra.stacks.dashboard import Dashboard
from infra.stacks.data import DataStack
from infra.stacks.service import ServiceStack

_PERIOD = Duration.minutes(5)
_LAG_LIMIT = Duration.minutes(1)
_STATISTICS_LAG_LIMIT = Duration.minutes(10)
#: rebuilt instances within a period that are no accident any more
_REBUILT_LIMIT = 3
#: a refused token counts as an error of the authorizer: so many in a period are a fault or an attack
_REFUSED_TOKENS = 50


class ObservabilityStack(Stack):
    """Stack `<prefix>-observability`; every alarm goes to one topic."""

    def __init__(self, scope: Construct, *, config: StageConfig, data: DataStack, service: ServiceStack) -> None:
        super().__init__(
            scope, f"{config.prefix}-observability", description=f"Task Orchestrator {config.name}: observability"
        )
        self._config, self._service = config, service
        self._topic = self._alarm_topic(data.key)
        self._queue_alarms()
        self._function_alarms()
        self._api_alarms()
        self._archive()
        self._command_accounts()
        self._groups()
        Dashboard(self, "Dashboard", prefix=config.prefix, data=data, service=service)

    def _alarm_topic(self, key: kms.Key | None) -> sns.Topic:
        if key:
            key.grant(iam.ServicePrincipal("cloudwatch.amazonaws.com"), "kms:Decrypt", "kms:GenerateDataKey*")
        topic = sns.Topic(self, "Alarms", topic_name=f"{self._config.prefix}-alarms", master_key=key, enforce_ssl=True)
        if self._config.alarm_email:
            topic.add_subscription(subscriptions.EmailSubscription(self._config.alarm_email))
        return topic

    def _queue_alarms(self) -> None:
        for queue in self.dead_letter_queues():
            name = queue.node.path.replace("/", "").replace(queue.stack.node.path, "")
            self._alarm(
                f"{name}Depth",
                queue.metric_approximate_number_of_messages_visible(period=_PERIOD, statistic="Maximum"),
                why="A message is dead: nobody could process it",
            )

    def dead_letter_queues(self) -> tuple[sqs.Queue, ...]:
        """All of the service."""
        service = self._service
        own = (service.outbox_dead_letters, service.projector_dead_letters)
        return (*own, *(queue.dead_letters for queue in service.work_queues))

    def _function_alarms(self) -> None:
        for folder, function in self._service.functions.all.items():
            name = folder.title().replace("_", "")
            self._alarm(
                f"{name}Errors",
                function.metric_errors(period=_PERIOD),
                why=f"{folder} failed",
                threshold=_REFUSED_TOKENS if folder == "authorizer" else 0,
            )
            self._alarm(f"{name}Throttles", function.metric_throttles(period=_PERIOD), why=f"{folder} was throttled")
        relay = self._service.functions.all["outbox_relay"]
        self._alarm(
            "OutboxLag",
            relay.metric("IteratorAge", period=_PERIOD, statistic="Maximum"),
            threshold=_LAG_LIMIT.to_milliseconds(),
            why="Events are published more than a minute late",
        )

        projector = self._service.functions.all["projector"]
        self._alarm(
            "StatisticsLag",
            projector.metric("IteratorAge", period=_PERIOD, statistic="Maximum"),
            threshold=_STATISTICS_LAG_LIMIT.to_milliseconds(),
            why="Monitoring and analytics are more than ten minutes behind",
        )
        self._alarm(
            "StuckInstances",
            cloudwatch.Metric(
                namespace=self._config.prefix,
                metric_name="WorkflowsRebuilt",
                dimensions_map={"service": "task-orchestrator"},
                period=_PERIOD,
                statistic="Sum",
            ),
            threshold=_REBUILT_LIMIT,
            why="Instances were stuck: their executions were lost or failed, and had to be run again",
        )

    def _api_alarms(self) -> None:
        rest = self._service.api.rest
        self._alarm("ApiServerErrors", rest.metric_server_error(period=_PERIOD), why="The API answered 5xx")

    def _alarm(self, construct_id: str, metric: cloudwatch.Metric, *, why: str, threshold: float = 0) -> None:
        alarm = cloudwatch.Alarm(
            self,
            construct_id,
            alarm_description=f"{why} (stage {self._config.name})",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._topic))

    def _archive(self) -> None:
        """Keeps what was on the bus, for replays."""
        events.Archive(
            self,
            "EventArchive",
            archive_name=self._config.prefix,
            source_event_bus=self._service.bus,
            event_pattern=events.EventPattern(account=[self.account]),
            retention=Duration.days(self._config.event_archive_days),
        )

    def _command_accounts(self) -> None:
        """Other accounts may put commands on the bus, but nothing that looks like an event of ours."""
        for account in self._config.command_accounts:
            statement = {
                "Sid": f"Commands{account}",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{self.partition}:iam::{account}:root"},
                "Action": "events:PutEvents",
                "Resource": self._service.bus.event_bus_arn,
                "Condition": {"StringNotEquals": {"events:source": OWN_SOURCE}},
            }
            events.CfnEventBusPolicy(
                self,
                f"Commands{account}",
                event_bus_name=self._service.bus.event_bus_name,
                statement_id=f"Commands{account}",
                statement=statement,
            )

    def _groups(self) -> None:
        tags = {"service": "task-orchestrator", "stage": self._config.name}
        query = resourcegroups.CfnGroup.QueryProperty(
            resource_type_filters=["AWS::AllSupported"],
            tag_filters=[
                resourcegroups.CfnGroup.TagFilterProperty(key=key, values=[value]) for key, value in tags.items()
            ],
        )
        resourcegroups.CfnGroup(
            self,
            "Resources",
            name=self._config.prefix,
            resource_query=resourcegroups.CfnGroup.ResourceQueryProperty(type="TAG_FILTERS_1_0", query=query),
        )
        xray.CfnGroup(
            self,
            "Traces",
            group_name=self._config.prefix[:32],
            filter_expression=f'annotation.stage = "{self._config.name}" OR service("{self._config.prefix}/v1")',
        )
