"""Lambda functions: one per folder of functions/, all made alike."""

# pyright: reportArgumentType=false
# jsii names the parameters of its protocols otherwise than those of the classes that implement them.

from dataclasses import dataclass

from aws_cdk import Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import StageConfig
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.layers import BYTE_CODE, ROOT, RUNTIME, Layers, architecture
from orchestrator.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Memory in MB (CPU grows with it: one core at 1,769) and the time limit in seconds (API Gateway waits 29)."""

    memory: int = 512
    seconds: int = 29


DEFAULT_SIZE = Size()
ALIAS = "live"


class Functions(Construct):
    """Makes the functions of a stage; `all` holds those made so far by folder name."""

    def __init__(self, scope: Construct, construct_id: str, *, config: StageConfig) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._layers = Layers(self, "Layers", prefix=config.prefix, platform=config.platform)
        self.all: dict[str, lambda_.Function] = {}

    def add(self, folder: str, settings: Settings, *, size: Size = DEFAULT_SIZE) -> lambda_.Function:
        """The function of `functions/<folder>/handler.py`, with the environment that `settings` reads back.

        It starts with no permission but to write its own log and traces.
        """
        name = f"{self._config.prefix}-{folder.replace('_', '-')}"
        construct_id = folder.title().replace("_", "")
        log = self._log(construct_id, name)
        function = lambda_.Function(
            self,
            construct_id,
            function_name=name,
            runtime=RUNTIME,
            architecture=architecture(self._config.platform),
            handler="handler.handler",
            code=_code(folder),
            layers=self._layers.all,
            role=self._role(construct_id, log),
            log_group=log,
            memory_size=size.memory,
            timeout=Duration.seconds(size.seconds),
            environment={**settings.to_environment(), **self._powertools(folder)},
            tracing=lambda_.Tracing.ACTIVE,
        )
        acknowledge(function, "AwsSolutions-L1", "The wheels of the dependencies layer are built for python3.13")
        self.all[folder] = function
        return function

    def entrance(self, function: lambda_.Function) -> lambda_.Function | lambda_.Alias:
        """What callers who wait invoke: an alias of the snapshotted version, or in stages without snapshots itself."""
        resource = function.node.default_child
        if not (self._config.snap_start and isinstance(resource, lambda_.CfnFunction)):
            return function
        resource.snap_start = lambda_.CfnFunction.SnapStartProperty(apply_on="PublishedVersions")
        return function.add_alias(ALIAS)

    def _log(self, construct_id: str, name: str) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            f"{construct_id}Log",
            log_group_name=f"/aws/lambda/{name}",
            retention=logs.RetentionDays[self._config.log_retention],
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _role(self, construct_id: str, log: logs.LogGroup) -> iam.Role:
        role = iam.Role(self, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log.grant_write(role)
        acknowledge(
            role.node.find_child("DefaultPolicy"),
            "AwsSolutions-IAM5",
            "X-Ray's PutTraceSegments and PutTelemetryRecords know no resources",
            applies_to=["Resource::*"],
        )
        return role

    def _powertools(self, folder: str) -> dict[str, str]:
        return {
            "POWERTOOLS_SERVICE_NAME": folder,
            "POWERTOOLS_METRICS_NAMESPACE": self._config.prefix,
            "POWERTOOLS_LOG_LEVEL": self._config.log_level,
        }


def _code(folder: str) -> lambda_.Code:
    return lambda_.Code.from_asset(str(ROOT / "functions" / folder), exclude=BYTE_CODE, ignore_mode=IgnoreMode.GLOB)
