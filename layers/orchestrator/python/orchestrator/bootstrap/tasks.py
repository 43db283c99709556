"""Tasks, and the agents that perform them."""

from functools import cache

from orchestrator.adapters.dynamodb.agents import DynamoDBAgents
from orchestrator.adapters.dynamodb.bookmarks import DynamoDBBookmarks
from orchestrator.adapters.dynamodb.directory import DynamoDBDirectory
from orchestrator.adapters.dynamodb.webhooks import DynamoDBWebhooks
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap import stores
from orchestrator.bootstrap.aws import engine_settings, service_settings, table
from orchestrator.services.resources.agents import AgentService
from orchestrator.services.tasks.assignment import AgentChoice
from orchestrator.services.tasks.assignment_sweep import AssignmentSweep
from orchestrator.services.tasks.callbacks import CallbackService
from orchestrator.services.tasks.claims import ClaimService
from orchestrator.services.tasks.reassignment import ReassignmentService
from orchestrator.services.tasks.task_escalations import TaskEscalationService
from orchestrator.services.tasks.task_failures import TaskFailureService
from orchestrator.services.tasks.task_walk import TaskWalk
from orchestrator.services.tasks.tasks import TaskService


@cache
def task_service() -> TaskService:
    """Use cases of tasks."""
    return TaskService(
        tasks=stores.tasks(),
        instances=stores.instances(),
        engine=stores.engine(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
        triggered_wait_ms=engine_settings().triggered_wait_ms,
    )


@cache
def task_failure_service() -> TaskFailureService:
    """Use cases of tasks that go wrong."""
    return TaskFailureService(tasks=task_service(), definitions=stores.definitions())


@cache
def task_escalation_service() -> TaskEscalationService:
    """Escalations that come out of activities."""
    return TaskEscalationService(tasks=task_service(), threads=stores.threads(), definitions=stores.definitions())


@cache
def claim_service() -> ClaimService:
    """Workers that fetch their tasks."""
    return ClaimService(tasks=task_service(), directory=DynamoDBDirectory(table()))


@cache
def callback_service() -> CallbackService:
    """Services that answer later."""
    return CallbackService(tasks=task_service(), failures=task_failure_service())


@cache
def reassignment_service() -> ReassignmentService:
    """Tasks that change hands."""
    webhooks = DynamoDBWebhooks(table(), service_settings().event_retention_days)
    return ReassignmentService(tasks=task_service(), directory=DynamoDBDirectory(table()), webhooks=webhooks)


@cache
def _agents() -> DynamoDBAgents:
    return DynamoDBAgents(table(), service_settings().event_retention_days)


@cache
def agent_choice() -> AgentChoice:
    """Who gets a task."""
    return AgentChoice(agents=_agents())


@cache
def agent_service() -> AgentService:
    """Use cases of agents."""
    return AgentService(agents=_agents(), clock=SystemClock(), ids=RandomIds(), pause=SystemPause())


@cache
def assignment_sweep() -> AssignmentSweep:
    """Tasks of agents that are away, and tasks of nobody."""
    walk = TaskWalk(tasks=task_service(), bookmarks=DynamoDBBookmarks(table()))
    return AssignmentSweep(agents=agent_service(), tasks=task_service(), choice=agent_choice(), walk=walk)
