"""The record as services see it, and the engine."""

from functools import cache

from orchestrator.adapters.claims import Claims
from orchestrator.adapters.dynamodb.definitions import DynamoDBDefinitions
from orchestrator.adapters.dynamodb.instances import DynamoDBInstances
from orchestrator.adapters.dynamodb.tasks import DynamoDBTasks
from orchestrator.adapters.dynamodb.texts import Texts
from orchestrator.adapters.dynamodb.threads import DynamoDBThreads
from orchestrator.adapters.s3 import PayloadBucket
from orchestrator.adapters.stepfunctions import StepFunctions
from orchestrator.bootstrap.aws import client, s3, service_settings, table
from orchestrator.compiler.catalogue import Catalogue


@cache
def definitions() -> DynamoDBDefinitions:
    """Definitions and what is compiled of them."""
    texts = Texts(PayloadBucket(s3, service_settings().payload_bucket))
    return DynamoDBDefinitions(table(), texts, service_settings().event_retention_days)


@cache
def _claims() -> Claims:
    return Claims(PayloadBucket(s3, service_settings().payload_bucket), _catalogue_of)


def _catalogue_of(instance_id: str) -> Catalogue:
    instance = instances().load(instance_id)
    return definitions().load_catalogue(instance.definition_id, instance.definition_version)


@cache
def instances() -> DynamoDBInstances:
    """Instances with their events."""
    return DynamoDBInstances(table(), service_settings().event_retention_days, _claims().redeem)


@cache
def tasks() -> DynamoDBTasks:
    """Tasks with their logs."""
    return DynamoDBTasks(table(), _claims().redeem)


@cache
def threads() -> DynamoDBThreads:
    """Side threads of instances."""
    return DynamoDBThreads(table())


@cache
def engine() -> StepFunctions:
    """Executions and their tokens."""
    return StepFunctions(client=client("stepfunctions"), claims=_claims())
