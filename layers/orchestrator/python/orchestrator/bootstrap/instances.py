"""Instances: their services, and who may run."""

from datetime import datetime
from functools import cache

from orchestrator.adapters.dynamodb.allocations import DynamoDBAllocations
from orchestrator.adapters.dynamodb.called import DynamoDBCallLinks
from orchestrator.adapters.dynamodb.compensations import DynamoDBCompensations
from orchestrator.adapters.dynamodb.slots import DynamoDBSlots
from orchestrator.adapters.dynamodb.written import DynamoDBWrittenVariables
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap import stores
from orchestrator.bootstrap.aws import engine_settings, service_settings, table
from orchestrator.domain.admission import shared_pool
from orchestrator.ports.admission import SlotPlan
from orchestrator.services.instances.cancellations import Cancellations
from orchestrator.services.instances.history import HistoryService
from orchestrator.services.instances.instance_control import InstanceControlService
from orchestrator.services.instances.instances import InstanceService
from orchestrator.services.machines.call_returns import CallReturns
from orchestrator.services.slots.admission import Door
from orchestrator.services.slots.slot_plan import ReservingPlan
from orchestrator.services.tokens.scope_endings import ScopeEndings
from orchestrator.settings import SlotSettings


@cache
def slot_plan() -> SlotPlan:
    """Who may take which slots."""
    return ReservingPlan(
        shared=shared_pool(SlotSettings.from_environment().max_concurrent_workflows),
        allocations=DynamoDBAllocations(table(), service_settings().event_retention_days),
        definitions=stores.definitions(),
        clock=SystemClock(),
    )


@cache
def door() -> Door:
    """Where instances come in, or queue."""
    return Door(book=DynamoDBSlots(table()), plan=slot_plan())


@cache
def instance_service() -> InstanceService:
    """Use cases of instances."""
    return InstanceService(
        instances=stores.instances(),
        definitions=stores.definitions(),
        engine=stores.engine(),
        door=door(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
        first_task_wait_ms=engine_settings().first_task_wait_ms,
    )


@cache
def scope_endings() -> ScopeEndings:
    """What ends scopes before their time."""
    return ScopeEndings(
        instances=stores.instances(),
        threads=stores.threads(),
        engine=stores.engine(),
        clock=SystemClock(),
        ids=RandomIds(),
    )


@cache
def instance_control_service() -> InstanceControlService:
    """Pause, resume, cancel, terminate."""
    return InstanceControlService(
        instances=stores.instances(),
        threads=stores.threads(),
        engine=stores.engine(),
        relatives=relatives(),
        cancellations=Cancellations(
            endings=scope_endings(),
            definitions=stores.definitions(),
            compensations=DynamoDBCompensations(table()),
            written=DynamoDBWrittenVariables(table()),
        ),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def history_service() -> HistoryService:
    """What happened in instances."""
    return HistoryService(instances=stores.instances())


@cache
def relatives() -> CallReturns:
    """What instances have to do with those that they called, and with the one that called them."""
    return CallReturns(
        instances=stores.instances(),
        tasks=stores.tasks(),
        definitions=stores.definitions(),
        links=DynamoDBCallLinks(table()),
        engine=stores.engine(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


def now() -> datetime:
    """The time, UTC."""
    return SystemClock().now()
