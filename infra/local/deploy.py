"""Deploys the data and service stacks of a CDK assembly to the AWS endpoint, as CloudFormation would."""

import json
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.assets import assets_of, upload
from infra.local.identity import signing_secret
from infra.local.logs import LOG
from infra.local.settings import LocalSettings

Json = dict[str, Any]

_STACKS = ("data", "service")
_BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_POLL_SECONDS = 0.05
_TIMEOUT_SECONDS = 120.0


class DeployError(Exception):
    """A stack could not be deployed; the message lists the resources that failed."""


class Deployment:
    """The clients of one endpoint and what is deployed with them."""

    def __init__(self, settings: LocalSettings, assembly: Path) -> None:
        self._settings = settings
        self._assembly = assembly
        config = Config(retries={"max_attempts": 1}, read_timeout=_TIMEOUT_SECONDS)
        session: Any = boto3.Session()

        def client(name: Any) -> Any:
            return session.client(name, endpoint_url=settings.aws_endpoint, config=config)

        self._s3, self._ssm, self._formation = client("s3"), client("ssm"), client("cloudformation")
        self._secrets, self._dynamodb = client("secretsmanager"), client("dynamodb")

    def deploy(self) -> None:
        """Bring both stacks to what the templates say; the same again changes nothing.

        Raises:
            DeployError: with the resources that failed and the reasons.
        """
        self._ssm.put_parameter(Name=_BOOTSTRAP, Value="30", Type="String", Overwrite=True)
        for name in _STACKS:
            started = time.monotonic()
            stack = f"{self._settings.prefix}-{name}"
            outcome = self._deploy_stack(stack)
            LOG.info("stack %s: %s in %.1f s", stack, outcome, time.monotonic() - started)
            if name == "data":
                self._put_signing_secret()
                self._set_time_to_live(stack)

    def _deploy_stack(self, stack: str) -> str:
        url = ""
        for asset in assets_of(self._assembly, stack):
            upload(self._s3, asset)
            if asset.source.name.endswith(".template.json"):
                url = f"{self._settings.aws_endpoint}/{asset.bucket}/{asset.key}"
        wanted = {"StackName": stack, "TemplateURL": url, "Capabilities": _CAPABILITIES}
        status = self._status(stack)
        if status is not None and (status.startswith("ROLLBACK") or status in ("CREATE_FAILED", "DELETE_COMPLETE")):
            self._formation.delete_stack(StackName=stack)
            status = self._settled(stack)
        try:
            if status in (None, "DELETE_COMPLETE"):
                self._formation.create_stack(**wanted)
            else:
                self._formation.update_stack(**wanted)
        except ClientError as error:
            if "No updates are to be performed" in str(error):
                return "unchanged"
            raise DeployError(f"{stack}: {error.response.get('Error', {}).get('Message')}") from error
        return self._finished(stack)

    def _status(self, stack: str) -> str | None:
        try:
            return self._formation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        except ClientError:
            return None

    def _settled(self, stack: str) -> str | None:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while (status := self._status(stack)) is not None and status.endswith("IN_PROGRESS"):
            if time.monotonic() > deadline:
                raise DeployError(f"{stack}: still {status} after {_TIMEOUT_SECONDS:.0f} s")
            time.sleep(_POLL_SECONDS)
        return status

    def _finished(self, stack: str) -> str:
        status = self._settled(stack)
        if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return "created" if status == "CREATE_COMPLETE" else "updated"
        events = self._formation.describe_stack_events(StackName=stack)["StackEvents"]
        failures = [
            f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason')}"
            for event in events
            if "FAILED" in event["ResourceStatus"]
        ]
        raise DeployError("\n".join([f"{stack}: {status}", *dict.fromkeys(failures)]))

    def _put_signing_secret(self) -> None:
        """The stack draws a secret of its own; local tokens are signed with that of the checkout."""
        name, secret = f"{self._settings.prefix}/jwt-secret", signing_secret(self._settings)
        try:
            if self._secrets.get_secret_value(SecretId=name)["SecretString"] != secret:
                self._secrets.put_secret_value(SecretId=name, SecretString=secret)
        except self._secrets.exceptions.ResourceNotFoundException:
            LOG.warning("the stack has no secret %s: tokens of infra.local.token are of no use", name)

    def _set_time_to_live(self, stack: str) -> None:
        """The endpoint ignores the table's TimeToLiveSpecification in templates."""
        for table, attribute in self._times_to_live(stack):
            found = self._dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
            if found["TimeToLiveStatus"] == "DISABLED":
                wanted = {"Enabled": True, "AttributeName": attribute}
                self._dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)

    def _times_to_live(self, stack: str) -> Generator[tuple[str, str]]:
        template: Json = json.loads((self._assembly / f"{stack}.template.json").read_text())
        for logical_id, resource in template["Resources"].items():
            setting = resource.get("Properties", {}).get("TimeToLiveSpecification")
            if resource["Type"] == "AWS::DynamoDB::Table" and setting:
                found = self._formation.describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)
                yield found["StackResourceDetail"]["PhysicalResourceId"], setting["AttributeName"]
