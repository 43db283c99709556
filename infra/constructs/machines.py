"""What the state machines of published definitions have in common: their names and their role."""

# pyright: reportArgumentType=false
# jsii names the parameters of its protocols otherwise than those of the classes that implement them.

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge
from infra.constructs.functions import ALIAS


class Machines(Construct):
    """The machines themselves are made by publish, at run time.

    Attributes:
        role: what every machine runs as.
        prefix: how their names begin (docs/design-notes.md, section 1).
        machines_arn, executions_arn: patterns for all of this stage.
    """

    def __init__(self, scope: Construct, construct_id: str, *, prefix: str) -> None:
        super().__init__(scope, construct_id)
        self.prefix = prefix
        self.name_prefix = f"{prefix}-wf-def-"
        self.machines_arn = self._arn("stateMachine", f"{self.name_prefix}*")
        self.executions_arn = self._arn("execution", f"{self.name_prefix}*:*")
        self.role = iam.Role(
            self,
            "Role",
            role_name=f"{prefix}-machines",
            description="State machines of published definitions",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            ),
        )
        self._allow_tracing()

    @property
    def arn_prefix(self) -> str:
        """How the ARN of each of this stage's machines begins."""
        return self._arn("stateMachine", self.name_prefix)

    def may_call(self, function: lambda_.Function) -> None:
        """Let machines invoke a function, directly or by its alias: machines outlive a stage's change of mind."""
        arns = [function.function_arn, f"{function.function_arn}:{ALIAS}"]
        self.role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=arns))

    def _allow_tracing(self) -> None:
        actions = ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")
        self.role.add_to_policy(iam.PolicyStatement(actions=[f"xray:{action}" for action in actions], resources=["*"]))
        acknowledge(self.role, "AwsSolutions-IAM5", "X-Ray's actions know no resources", applies_to=["Resource::*"])

    def _arn(self, resource: str, name: str) -> str:
        return Stack.of(self).format_arn(
            service="states", resource=resource, resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
