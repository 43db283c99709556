"""The composition root of execution control: batches, the queue and its worker."""

from functools import cache

from orchestrator.adapters.admission_queue import AdmissionQueue, batch_in, job_in
from orchestrator.adapters.dynamodb.agents import DynamoDBAgents
from orchestrator.adapters.dynamodb.allocations import DynamoDBAllocations
from orchestrator.adapters.dynamodb.batches import DynamoDBBatches
from orchestrator.adapters.dynamodb.census import DynamoDBCensus
from orchestrator.adapters.dynamodb.queue import DynamoDBQueue
from orchestrator.adapters.dynamodb.slots import DynamoDBReservedSlots, DynamoDBSlots
from orchestrator.adapters.s3 import PayloadBucket
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap import stores
from orchestrator.bootstrap.aws import s3, service_settings, sqs, table
from orchestrator.bootstrap.instances import instance_control_service, slot_plan
from orchestrator.bootstrap.projection import statistics
from orchestrator.domain.admission import shared_pool
from orchestrator.services.queue.batch_launch import BatchLauncher
from orchestrator.services.queue.batches import BatchService
from orchestrator.services.queue.bulk import BulkService
from orchestrator.services.queue.queue_status import QueueStatusService
from orchestrator.services.queue.queue_worker import QueueWorker
from orchestrator.services.slots.reservations import Reservations
from orchestrator.services.slots.waiting_times import WaitingTimes
from orchestrator.settings import AdmissionSettings

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


@cache
def admission_queue() -> AdmissionQueue:
    """Messages to the admission worker."""
    return AdmissionQueue(sqs, AdmissionSettings.from_environment().admission_queue_url)


@cache
def queue_worker() -> QueueWorker:
    """Admission from the queue."""
    return QueueWorker(
        queue=DynamoDBQueue(table()),
        book=DynamoDBSlots(table()),
        plan=slot_plan(),
        instances=stores.instances(),
        engine=stores.engine(),
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
    return DynamoDBBatches(table(), PayloadBucket(s3, service_settings().payload_bucket))


@cache
def batch_launcher() -> BatchLauncher:
    """From batches to instances."""
    return BatchLauncher(
        batches=_batches(),
        instances=stores.instances(),
        definitions=stores.definitions(),
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
        instances=stores.instances(),
        definitions=stores.definitions(),
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
        control=instance_control_service(), instances=stores.instances(), queue=admission_queue(), clock=SystemClock()
    )


@cache
def _waiting_times() -> WaitingTimes:
    return WaitingTimes(
        queue=DynamoDBQueue(table()),
        book=DynamoDBSlots(table()),
        plan=slot_plan(),
        statistics=statistics(),
        clock=SystemClock(),
    )


@cache
def queue_status_service() -> QueueStatusService:
    """How the queue stands."""
    return QueueStatusService(
        times=_waiting_times(),
        statistics=statistics(),
        present=DynamoDBCensus(table()),
        definitions=stores.definitions(),
        agents=DynamoDBAgents(table(), service_settings().event_retention_days),
        clock=SystemClock(),
    )
