"""Permissions by intention. Nothing else in the stacks names a DynamoDB, S3 or Step Functions action."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from infra.constructs.acknowledgements import acknowledge, finding
from infra.constructs.machines import Machines

#: TransactWriteItems and TransactGetItems are allowed by the actions of their items. No Scan, no BatchWriteItem.
_READ = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
_CHANGE = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem")
_KEY_USE = "The variants of one action, on the one key of the record"


class Grants:
    """Grants on the record (table and payloads) and on the engine (the state machines of this stage)."""

    def __init__(self, *, table: dynamodb.Table, payloads: s3.Bucket, key: kms.Key | None, machines: Machines) -> None:
        self._table, self._payloads, self._key, self._machines = table, payloads, key, machines

    def read(self, function: lambda_.Function) -> None:
        """Read the record."""
        self._allow(function, _READ, [self._table.table_arn, *self._indexes(function)])
        self._allow(function, ("s3:GetObject",), [self._objects(function)])
        if self._key:
            self._key.grant_decrypt(function)

    def change(self, function: lambda_.Function) -> None:
        """Read the record, and write it item by item or in transactions."""
        self.read(function)
        self._allow(function, _CHANGE, [self._table.table_arn])
        self._allow(function, ("s3:PutObject",), [self._objects(function)])
        if self._key:
            self._key.grant_encrypt_decrypt(function)
            for actions in ("kms:ReEncrypt*", "kms:GenerateDataKey*"):
                acknowledge(_policy_of(function), "AwsSolutions-IAM5", _KEY_USE, applies_to=[f"Action::{actions}"])

    def measure(self, function: lambda_.Function) -> None:
        """Ask how large the table is."""
        self._allow(function, ("dynamodb:DescribeTable",), [self._table.table_arn])

    def report_usage(self, function: lambda_.Function) -> None:
        """Add to what functions measure of themselves, and to nothing else in the table."""
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["dynamodb:UpdateItem"],
                resources=[self._table.table_arn],
                conditions={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["STAT#usage#*"]}},
            )
        )
        if self._key:
            self._key.grant_encrypt_decrypt(function)
            for actions in ("kms:ReEncrypt*", "kms:GenerateDataKey*"):
                acknowledge(_policy_of(function), "AwsSolutions-IAM5", _KEY_USE, applies_to=[f"Action::{actions}"])

    def read_secret(self, function: lambda_.Function, secret: secretsmanager.Secret) -> None:
        """Read the signing secret; by identity policy, since the secret's own policies live in the data stack."""
        self._allow(function, ("secretsmanager:GetSecretValue",), [secret.secret_arn])
        if self._key:
            self._key.grant_decrypt(function)

    def use_webhook_secrets(self, function: lambda_.Function, key: kms.Key) -> None:
        """Seal and open the secrets of webhooks; by identity policy, since the key lives in the data stack."""
        self._allow(function, ("kms:Encrypt", "kms:Decrypt"), [key.key_arn])

    def follow_stream(self, function: lambda_.Function) -> None:
        """Take what the event source mapping delivers; the mapping itself has granted reading the stream."""
        if self._key:
            self._key.grant_decrypt(function)
        self._accept(function, "*", "ListStreams knows no resources; X-Ray neither")

    def engine_publish(self, function: lambda_.Function) -> None:
        """Create and remove this stage's state machines, under their one role."""
        actions = ("CreateStateMachine", "UpdateStateMachine", "DeleteStateMachine", "DescribeStateMachine")
        self._on_engine(function, (*actions, "TagResource"), self._machines.machines_arn)
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[self._machines.role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "states.amazonaws.com"}},
            )
        )

    def engine_start(self, function: lambda_.Function) -> None:
        """Start executions."""
        self._on_engine(function, ("StartExecution",), self._machines.machines_arn)

    def engine_stop(self, function: lambda_.Function) -> None:
        """Stop executions."""
        self._on_engine(function, ("StopExecution",), self._machines.executions_arn)

    def engine_observe(self, function: lambda_.Function) -> None:
        """Ask how an execution is: for repair only, never on the way of a request."""
        self._on_engine(function, ("DescribeExecution",), self._machines.executions_arn)

    def engine_probe(self, function: lambda_.Function) -> None:
        """Ask for a state machine that does not exist: the answer tells that the engine works."""
        self._on_engine(function, ("DescribeStateMachine",), self._machines.machines_arn)

    def bus_probe(self, function: lambda_.Function, bus: events.EventBus) -> None:
        """Ask for the bus."""
        self._allow(function, ("events:DescribeEventBus",), [bus.event_bus_arn])

    def engine_answer(self, function: lambda_.Function) -> None:
        """Answer the task tokens that executions wait for; checked against the state machine of the token."""
        actions = ("SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat")
        self._on_engine(function, actions, self._machines.machines_arn)

    def _on_engine(self, function: lambda_.Function, actions: tuple[str, ...], arn: str) -> None:
        reason = "State machines come and go with published definitions: their common name prefix is the narrowest"
        self._allow(function, tuple(f"states:{action}" for action in actions), [arn])
        self._accept(function, arn, reason)

    def _indexes(self, function: lambda_.Function) -> list[str]:
        arn = f"{self._table.table_arn}/index/*"
        self._accept(function, arn, "All indexes of the one table")
        return [arn]

    def _objects(self, function: lambda_.Function) -> str:
        arn = self._payloads.arn_for_objects("*")
        self._accept(function, arn, "Payload objects are named by what they belong to")
        return arn

    @staticmethod
    def _allow(function: lambda_.Function, actions: tuple[str, ...], resources: list[str]) -> None:
        function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=resources))

    @staticmethod
    def _accept(function: lambda_.Function, arn: str, reason: str) -> None:
        acknowledge(_policy_of(function), "AwsSolutions-IAM5", reason, applies_to=[finding(function, arn)])


def _policy_of(function: lambda_.Function) -> iam.Policy:
    role = function.role
    if role is None:
        raise ValueError(f"{function.node.path} has no role")
    policy = role.node.find_child("DefaultPolicy")
    if not isinstance(policy, iam.Policy):
        raise TypeError(f"{policy.node.path} is not a policy")
    return policy
