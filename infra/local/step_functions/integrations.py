"""What a Task state calls: Lambda functions, and any AWS API operation through boto3.

Source: Step Functions developer guide, "Integrating services" (optimized integrations and AWS SDK integrations).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import ListShape, MapShape, Shape, StructureShape

from infra.local.step_functions.failures import ErrorName, StateFailure
from infra.local.step_functions.values import is_array, is_object

_TOKEN_SUFFIX = ".waitForTaskToken"  # noqa: S105 - a suffix of resource names
_PREFIX = "arn:aws:states:::"
#: names that differ between Step Functions and the SDK for Python
_SERVICES = {"sfn": "stepfunctions", "states": "stepfunctions", "cloudwatchlogs": "logs", "eventbridge": "events"}
#: error prefixes of optimized integrations
_ERROR_PREFIXES = {"dynamodb": "DynamoDB", "sqs": "Sqs", "events": "Events", "states": "StepFunctions"}


class FunctionError(Exception):
    """A Lambda function raised; `type` is the name of its exception, `payload` what Lambda reports about it."""

    def __init__(self, error_type: str, payload: Mapping[str, Any]) -> None:
        super().__init__(error_type)
        self.type = error_type
        self.payload = payload


class Functions(Protocol):
    """Lambda, as the interpreter sees it."""

    def invoke(self, function: str, payload: Any) -> Any:
        """Run the function (a name or an ARN) and return its result.

        Raises:
            FunctionError: the function raised.
            LookupError: there is no such function.
        """
        ...


@dataclass(frozen=True, slots=True)
class Resource:
    """A parsed `Resource` of a Task state."""

    service: str
    action: str
    waits_for_token: bool
    is_sdk: bool = False
    function: str | None = None

    @classmethod
    def parse(cls, arn: str) -> "Resource":
        """Raises StateFailure States.Runtime for a resource that is not run locally."""
        if ":function:" in arn:
            return cls("lambda", "invoke", waits_for_token=False, function=arn)
        if not arn.startswith(_PREFIX):
            raise StateFailure(ErrorName.RUNTIME, f"The resource {arn} is not run locally.")
        name = arn.removeprefix(_PREFIX).removesuffix(_TOKEN_SUFFIX)
        *sdk, service, action = name.split(":")
        if sdk not in ([], ["aws-sdk"]) or "." in action:
            raise StateFailure(ErrorName.RUNTIME, f"The integration {name} is not run locally.")
        return cls(service, action, waits_for_token=arn.endswith(_TOKEN_SUFFIX), is_sdk=bool(sdk))


class Integrations:
    """Runs the resources of Task states; blocking, called off the interpreter's loop."""

    def __init__(self, functions: Functions, client: Callable[[str], Any] | None = None) -> None:
        """`client` makes a boto3 client by service name; None runs Lambda functions only."""
        self._functions = functions
        self._client = client

    def call(self, resource: Resource, arguments: Any) -> Any:
        """The result of the call.

        Raises:
            StateFailure: the call failed, with the error name that Step Functions reports.
        """
        if resource.function is not None:
            return self._invoke(resource.function, arguments)
        if (resource.service, resource.action) == ("lambda", "invoke"):
            payload = self._invoke(arguments["FunctionName"], arguments.get("Payload", {}))
            return {"ExecutedVersion": "$LATEST", "Payload": payload, "StatusCode": 200}
        if self._client is None:
            raise StateFailure(ErrorName.RUNTIME, f"The integration {resource.service}:{resource.action} is not run.")
        return SdkCall(self._client, resource).run(arguments)

    def _invoke(self, function: str, payload: Any) -> Any:
        try:
            return self._functions.invoke(function, payload)
        except FunctionError as error:
            raise StateFailure(error.type, json.dumps(error.payload)) from error
        except LookupError as error:
            raise StateFailure("Lambda.ResourceNotFoundException", f"Function not found: {function}") from error


@dataclass
class SdkCall:
    """One operation of one AWS service, with the parameter casing of Step Functions."""

    client_of: Callable[[str], Any]
    resource: Resource

    @cached_property
    def client(self) -> Any:
        """The boto3 client of the service."""
        return self.client_of(_SERVICES.get(self.resource.service, self.resource.service))

    def run(self, arguments: Any) -> Any:
        """Raises StateFailure named `<Service>.<ErrorCode>`."""
        method = xform_name(self.resource.action)
        operation = self.client.meta.method_to_api_mapping.get(method)
        if operation is None:
            name = f"{self.resource.service}:{self.resource.action}"
            raise StateFailure(ErrorName.RUNTIME, f"The integration {name} does not exist.")
        model = self.client.meta.service_model.operation_model(operation)
        try:
            response = getattr(self.client, method)(**_to_sdk(arguments, model.input_shape))
        except ClientError as error:
            raise self._failure(error) from error
        except BotoCoreError as error:
            raise StateFailure(ErrorName.RUNTIME, str(error)) from error
        response.pop("ResponseMetadata", None)
        return json.loads(json.dumps(_from_sdk(response, model.output_shape), default=str))

    def _failure(self, error: ClientError) -> StateFailure:
        reported = error.response.get("Error", {})
        code = reported.get("Code", "Unknown").removesuffix("Exception")
        prefix = _ERROR_PREFIXES.get(self.resource.service, self.resource.service.capitalize())
        return StateFailure(f"{prefix}.{code}Exception", reported.get("Message"))


def _to_sdk(value: Any, shape: Shape | None) -> Any:
    """PascalCase members become the members of the service's model; objects for strings become JSON text."""
    if isinstance(shape, StructureShape) and is_object(value):
        members = {member.lower(): (member, inner) for member, inner in shape.members.items()}
        if unknown := [key for key in value if key.lower() not in members]:
            raise StateFailure(ErrorName.RUNTIME, f"The fields {unknown} are not supported by {shape.name}.")
        return {members[key.lower()][0]: _to_sdk(item, members[key.lower()][1]) for key, item in value.items()}
    if isinstance(shape, ListShape) and is_array(value):
        return [_to_sdk(item, shape.member) for item in value]
    if isinstance(shape, MapShape) and is_object(value):
        return {key: _to_sdk(item, shape.value) for key, item in value.items()}
    if shape is not None and shape.type_name == "string" and isinstance(value, (dict, list)):
        return json.dumps(value)
    return value


def _from_sdk(value: Any, shape: Shape | None) -> Any:
    if isinstance(shape, StructureShape) and is_object(value):
        return {key[:1].upper() + key[1:]: _from_sdk(item, shape.members.get(key)) for key, item in value.items()}
    if isinstance(shape, ListShape) and is_array(value):
        return [_from_sdk(item, shape.member) for item in value]
    if isinstance(shape, MapShape) and is_object(value):
        return {key: _from_sdk(item, shape.value) for key, item in value.items()}
    return value.read().decode() if hasattr(value, "read") else value
