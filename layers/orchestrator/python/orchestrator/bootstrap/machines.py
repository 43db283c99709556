"""What machines ask for, and the watch over their executions."""

from functools import cache

from orchestrator.adapters.dynamodb.bookmarks import DynamoDBBookmarks
from orchestrator.adapters.dynamodb.called import DynamoDBCalledDefinitions, DynamoDBCallLinks
from orchestrator.adapters.dynamodb.compensations import DynamoDBCompensations
from orchestrator.adapters.dynamodb.directory import DynamoDBDirectory
from orchestrator.adapters.dynamodb.rounds import DynamoDBRounds
from orchestrator.adapters.dynamodb.watched import DynamoDBWatchedVariables
from orchestrator.adapters.dynamodb.written import DynamoDBWrittenVariables
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.bootstrap import instances, publications, stores, tasks
from orchestrator.bootstrap.aws import table
from orchestrator.services.definitions.modelled_texts import value_of
from orchestrator.services.machines.activation import TaskFactory
from orchestrator.services.machines.ad_hoc import AdHocActivities
from orchestrator.services.machines.call_following import CallFollower
from orchestrator.services.machines.calls import CallService
from orchestrator.services.machines.compensation import Compensator
from orchestrator.services.machines.conditions import Conditions
from orchestrator.services.machines.dispatch import TaskDispatcher
from orchestrator.services.machines.escalation import Escalator
from orchestrator.services.machines.execution_watch import ExecutionWatch
from orchestrator.services.machines.interruption import Interrupter
from orchestrator.services.machines.keeping import Keeper
from orchestrator.services.machines.rounds import RoundCounter
from orchestrator.services.machines.thread_joins import ThreadJoins
from orchestrator.services.machines.threads import Threads
from orchestrator.services.machines.throwing import Thrower
from orchestrator.services.machines.watches import Watches


@cache
def task_dispatcher() -> TaskDispatcher:
    """What machines call."""
    return TaskDispatcher(
        instances=stores.instances(),
        tasks=stores.tasks(),
        threads=stores.threads(),
        definitions=stores.definitions(),
        engine=stores.engine(),
        factory=TaskFactory(directory=DynamoDBDirectory(table()), expressions=value_of, choice=tasks.agent_choice()),
        correlation=publications.correlation(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )


@cache
def thrower() -> Thrower:
    """What machines throw."""
    return Thrower(
        dispatcher=task_dispatcher(), messages=publications.message_service(), signals=publications.signal_service()
    )


@cache
def conditions() -> Conditions:
    """What happens when variables change that conditional events read."""
    return Conditions(
        instances=stores.instances(),
        tasks=stores.tasks(),
        watched=DynamoDBWatchedVariables(table()),
        correlation=publications.correlation(),
        clock=SystemClock(),
        ids=RandomIds(),
    )


@cache
def threads() -> Threads:
    """Groups of side threads, as machines ask for them."""
    return Threads(dispatcher=task_dispatcher())


@cache
def ad_hoc_activities() -> AdHocActivities:
    """Ad-hoc sub-processes, as callers of the API steer them."""
    return AdHocActivities(threads=threads())


@cache
def thread_joins() -> ThreadJoins:
    """Joins of groups of side threads."""
    return ThreadJoins(threads=threads())


@cache
def watches() -> Watches:
    """Events that happen beside activities and scopes."""
    return Watches(threads=threads(), keeper=keeper())


@cache
def escalator() -> Escalator:
    """Escalations, as machines raise them."""
    return Escalator(threads=threads(), activities=tasks.task_escalation_service())


@cache
def keeper() -> Keeper:
    """What interrupted scopes keep."""
    return Keeper(record=DynamoDBWrittenVariables(table()), clock=SystemClock())


@cache
def interrupter() -> Interrupter:
    """Interruptions, as machines ask for them."""
    return Interrupter(dispatcher=task_dispatcher(), keeper=keeper())


@cache
def call_service() -> CallService:
    """Call activities."""
    return CallService(
        dispatcher=task_dispatcher(),
        definitions=DynamoDBCalledDefinitions(table()),
        links=DynamoDBCallLinks(table()),
        relatives=instances.relatives(),
    )


@cache
def call_follower() -> CallFollower:
    """Called instances whose call activity was left."""
    return CallFollower(
        instances=stores.instances(),
        tasks=stores.tasks(),
        links=DynamoDBCallLinks(table()),
        relatives=instances.relatives(),
        control=instances.instance_control_service(),
    )


@cache
def round_counter() -> RoundCounter:
    """Rounds of repeated activities, as machines report them."""
    return RoundCounter(dispatcher=task_dispatcher(), rounds=DynamoDBRounds(table()))


@cache
def compensator() -> Compensator:
    """Compensation, as machines ask for it."""
    return Compensator(dispatcher=task_dispatcher(), record=DynamoDBCompensations(table()))


@cache
def execution_watch() -> ExecutionWatch:
    """Repairs of what a crash left out."""
    return ExecutionWatch(
        instances=stores.instances(),
        tasks=stores.tasks(),
        threads=stores.threads(),
        engine=stores.engine(),
        bookmarks=DynamoDBBookmarks(table()),
        calls=call_follower(),
        clock=SystemClock(),
        ids=RandomIds(),
        pause=SystemPause(),
    )
