"""The composition root of execution control: batches, the queue and its worker."""

from functools import cache
from typing import TYPE_CHECKING

from orchestrator.adapters.admission_queue import AdmissionQueue, batch_in, job_in
from orchestrator.adapters.dynamodb.agents import DynamoDBAgents
from orchestrator.adapters.dynamodb.allocations import DynamoDBAllocations
from orchestrator.adapters.dynamodb.batches import DynamoDBBatches
from orchestrator.adapters.dynamodb.census import DynamoDBCensus
from orchestrator.adapters.dynamodb.definitions import DynamoDBDefinitions
from orchestrator.adapters.dynamodb.instances import DynamoDBInstances
from orchestrator.adapters.dynamodb.queue import DynamoDBQueue
from orchestrator.adapters.dynamodb.slots import DynamoDBReservedSlots, DynamoDBSlots
from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics
from orchestrator.adapters.dynamodb.texts import Texts
from orchestrator.adapters.s3 import PayloadBucket
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap.core import client, engine, instance_control_service, service_settings, slot_plan, table
from orchestrator.domain.admission import shared_pool
from orchestrator.services.queue.batch_launch import BatchLauncher
from orchestrator.services.queue.batches import BatchService
from orchestrator.services.queue.bulk import BulkService
from orchestrator.services.queue.queue_status import QueueStatusService
from orchestrator.services.queue.queue_worker import QueueWorker
from orchestrator.services.slots.reservations import Reservations
from orchestrator.services.slots.waiting_times import WaitingTimes
from orchestrator.settings import AdmissionSettings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

__all__ = [
    "admission_queue",
    "batch_in",
    "batch_launcher",
    "batch_service",
    "bulk_service",
    "job_in",
    "queue_status_service",
    "queue_worker",
    "reservations",
]


def _sqs() -> "SQSClient":
    return client("sqs")


def _s3() -> "S3Client":
    return client("s3")


@cache
def _instances() -> DynamoDBInstances:
    return DynamoDBInstances(table(), service_settings().event_retention_days)


@cache
def _definitions() -> DynamoDBDefinitions:
    texts = Texts(PayloadBucket(_s3, service_settings().payload_bucket))
    return DynamoDBDefinitions(table(), texts, service_settings().event_retention_days)


@cache
def _statistics() -> DynamoDBStatistics:
    return DynamoDBStatistics(table(), service_settings().event_retention_days)


@cache
def admission_queue() -> AdmissionQueue:
    """Messages to the admission worker."""
    return AdmissionQueue(_sqs, AdmissionSettings.from_environment().admission_queue_url)


@cache
def queue_worker() -> QueueWorker:
    """Admission from the queue."""
    return QueueWorker(
        queue=DynamoDBQueue(table()),
        book=DynamoDBSlots(table()),
        plan=slot_plan(),
        instances=_instances(),
        engine=engine(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def reservations() -> Reservations:
    """Slots that are kept."""
    return Reservations(
        shared=shared_pool(AdmissionSettings.from_environment().max_concurrent_workflows),
        allocations=DynamoDBAllocations(table(), service_settings().event_retention_days),
        book=DynamoDBSlots(table()),
        moves=DynamoDBReservedSlots(table()),
        clock=SystemClock(),
        pause=SystemPause(),
    )


@cache
def _batches() -> DynamoDBBatches:
    return DynamoDBBatches(table(), PayloadBucket(_s3, service_settings().payload_bucket))


@cache
def batch_launcher() -> BatchLauncher:
    """From batches to instances."""
    return BatchLauncher(
        batches=_batches(),
        instances=_instances(),
        definitions=_definitions(),
        queue=admission_queue(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def batch_service() -> BatchService:
    """Use cases of batches."""
    return BatchService(
        batches=_batches(),
        launcher=batch_launcher(),
        instances=_instances(),
        definitions=_definitions(),
        worker=queue_worker(),
        times=_waiting_times(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def bulk_service() -> BulkService:
    """The same for many instances."""
    return BulkService(
        control=instance_control_service(), instances=_instances(), queue=admission_queue(), clock=SystemClock()
    )


@cache
def _waiting_times() -> WaitingTimes:
    return WaitingTimes(
        queue=DynamoDBQueue(table()),
        book=DynamoDBSlots(table()),
        plan=slot_plan(),
        statistics=_statistics(),
        clock=SystemClock(),
    )


@cache
def queue_status_service() -> QueueStatusService:
    """How the queue stands."""
    return QueueStatusService(
        times=_waiting_times(),
        statistics=_statistics(),
        present=DynamoDBCensus(table()),
        definitions=_definitions(),
        agents=DynamoDBAgents(table(), service_settings().event_retention_days),
        clock=SystemClock(),
    )
