"""The whole runtime over one table, with a fake engine and compiler, and shortcuts to build things in it."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from orchestrator.adapters.claims import Claims
from orchestrator.adapters.dynamodb.agents import DynamoDBAgents
from orchestrator.adapters.dynamodb.allocations import DynamoDBAllocations
from orchestrator.adapters.dynamodb.batches import DynamoDBBatches
from orchestrator.adapters.dynamodb.bookmarks import DynamoDBBookmarks
from orchestrator.adapters.dynamodb.called import DynamoDBCalledDefinitions, DynamoDBCallLinks
from orchestrator.adapters.dynamodb.channels import DynamoDBSubscriptions
from orchestrator.adapters.dynamodb.compensations import DynamoDBCompensations
from orchestrator.adapters.dynamodb.definitions import DynamoDBDefinitions
from orchestrator.adapters.dynamodb.directory import DynamoDBDirectory
from orchestrator.adapters.dynamodb.instances import DynamoDBInstances
from orchestrator.adapters.dynamodb.messages import DynamoDBMessages
from orchestrator.adapters.dynamodb.queue import DynamoDBQueue
from orchestrator.adapters.dynamodb.rounds import DynamoDBRounds
from orchestrator.adapters.dynamodb.schedules import DynamoDBSchedules
from orchestrator.adapters.dynamodb.slots import DynamoDBSlots
from orchestrator.adapters.dynamodb.starts import DynamoDBStarts
from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.tasks import DynamoDBTasks
from orchestrator.adapters.dynamodb.texts import Texts
from orchestrator.adapters.dynamodb.threads import DynamoDBThreads
from orchestrator.adapters.dynamodb.watched import DynamoDBWatchedVariables
from orchestrator.adapters.dynamodb.written import DynamoDBWrittenVariables
from orchestrator.domain.admission import shared_pool
from orchestrator.domain.caller import Caller
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.subscription import Subscription
from orchestrator.services.definitions.definitions import DefinitionService, NewDefinition
from orchestrator.services.definitions.modelled_texts import value_of
from orchestrator.services.instances.cancellations import Cancellations
from orchestrator.services.instances.instance_control import InstanceControlService
from orchestrator.services.instances.instances import InstanceService, NewInstance, StartOptions
from orchestrator.services.machines.activation import TaskFactory
from orchestrator.services.machines.ad_hoc import AdHocActivities
from orchestrator.services.machines.call_following import CallFollower
from orchestrator.services.machines.call_returns import CallReturns
from orchestrator.services.machines.calls import CallService
from orchestrator.services.machines.compensation import Compensator
from orchestrator.services.machines.conditions import Conditions
from orchestrator.services.machines.dispatch import Arrival, Call, TaskDispatcher
from orchestrator.services.machines.escalation import Escalator
from orchestrator.services.machines.execution_watch import ExecutionWatch
from orchestrator.services.machines.interruption import Interrupter
from orchestrator.services.machines.keeping import Keeper
from orchestrator.services.machines.rounds import RoundCounter
from orchestrator.services.machines.thread_joins import ThreadJoins
from orchestrator.services.machines.threads import Threads
from orchestrator.services.machines.throwing import Thrower
from orchestrator.services.machines.watches import Watches
from orchestrator.services.publications.correlation import Correlation
from orchestrator.services.publications.event_starts import EventStarts
from orchestrator.services.publications.messages import MessageService, NewMessage
from orchestrator.services.publications.signals import SignalService
from orchestrator.services.publications.start_timers import StartTimers
from orchestrator.services.queue.batch_launch import BatchLauncher
from orchestrator.services.queue.batches import BatchService
from orchestrator.services.queue.bulk import BulkService
from orchestrator.services.queue.queue_worker import QueueWorker
from orchestrator.services.resources.agents import AgentService
from orchestrator.services.slots.admission import Door
from orchestrator.services.slots.slot_plan import ReservingPlan
from orchestrator.services.slots.waiting_times import WaitingTimes
from orchestrator.services.tasks.assignment import AgentChoice
from orchestrator.services.tasks.assignment_sweep import AssignmentSweep
from orchestrator.services.tasks.task_escalations import TaskEscalationService
from orchestrator.services.tasks.task_failures import TaskFailureService
from orchestrator.services.tasks.task_walk import TaskWalk
from orchestrator.services.tasks.tasks import Completion, TaskService
from orchestrator.services.tokens.scope_endings import ScopeEndings
from tests.fakes.clock import RisingIds, StillClock
from tests.fakes.engine import FakeCompiler, FakeEngine, FakeJobs, MemoryPayloads, NoPause

ADA = Caller(subject="ada", correlation_id="corr-1")
MODEL = """
startEvent:start
userTask:first {"name": "First"}
exclusiveGateway:gate
userTask:second {"name": "Second"}
endEvent:end
"""


@dataclass
class Runtime:
    table: Table
    calls: Counter
    clock: StillClock = field(default_factory=StillClock)
    ids: RisingIds = field(default_factory=RisingIds)
    engine: Any = field(default_factory=FakeEngine)
    compiler: Any = field(default_factory=FakeCompiler)
    pause: NoPause = field(default_factory=NoPause)
    payloads: MemoryPayloads = field(default_factory=MemoryPayloads)
    first_task_wait_ms: int = 0
    triggered_wait_ms: int = 0
    max_concurrent_workflows: int = 1000

    def __post_init__(self) -> None:
        around = {"clock": self.clock, "ids": self.ids, "pause": self.pause}
        self.definition_store = DynamoDBDefinitions(self.table, Texts(self.payloads), 365)
        self.claims = Claims(self.payloads, self.catalogue_of)
        self.instance_store = DynamoDBInstances(self.table, 365, self.claims.redeem)
        self.task_store = DynamoDBTasks(self.table, self.claims.redeem)
        self.thread_store = DynamoDBThreads(self.table)
        self.slots = DynamoDBSlots(self.table)
        self.allocation_store = DynamoDBAllocations(self.table, 365)
        self.plan = ReservingPlan(
            shared=shared_pool(self.max_concurrent_workflows),
            allocations=self.allocation_store,
            definitions=self.definition_store,
            clock=self.clock,
        )
        self.directory = DynamoDBDirectory(self.table)
        self.definitions = DefinitionService(
            store=self.definition_store,
            directory=self.directory,
            called=DynamoDBCalledDefinitions(self.table),
            engine=self.engine,
            compiler=self.compiler,
            expressions=value_of,
            state_machine_prefix="task-orchestrator-test",
            usd_per_million=25,
            **around,
        )
        self.instances = InstanceService(
            instances=self.instance_store,
            definitions=self.definition_store,
            engine=self.engine,
            door=Door(book=self.slots, plan=self.plan),
            first_task_wait_ms=self.first_task_wait_ms,
            **around,
        )
        self.worker = QueueWorker(
            queue=DynamoDBQueue(self.table),
            book=self.slots,
            plan=self.plan,
            instances=self.instance_store,
            engine=self.engine,
            **around,
        )
        self.times = WaitingTimes(
            queue=DynamoDBQueue(self.table),
            book=self.slots,
            plan=self.plan,
            statistics=DynamoDBStatistics(self.table, 365),
            clock=self.clock,
        )
        self.jobs = FakeJobs()
        self.batch_store = DynamoDBBatches(self.table, self.payloads)
        self.launcher = BatchLauncher(
            batches=self.batch_store,
            instances=self.instance_store,
            definitions=self.definition_store,
            queue=self.jobs,
            ids=self.ids,
            pause=self.pause,
        )
        self.batches = BatchService(
            batches=self.batch_store,
            launcher=self.launcher,
            instances=self.instance_store,
            definitions=self.definition_store,
            worker=self.worker,
            times=self.times,
            **around,
        )
        self.tasks = TaskService(
            tasks=self.task_store,
            instances=self.instance_store,
            engine=self.engine,
            triggered_wait_ms=self.triggered_wait_ms,
            **around,
        )
        self.failures = TaskFailureService(tasks=self.tasks, definitions=self.definition_store)
        links = DynamoDBCallLinks(self.table)
        self.relatives = CallReturns(
            instances=self.instance_store,
            tasks=self.task_store,
            definitions=self.definition_store,
            links=links,
            engine=self.engine,
            **around,
        )
        self.control = InstanceControlService(
            instances=self.instance_store,
            threads=self.thread_store,
            engine=self.engine,
            relatives=self.relatives,
            cancellations=self._cancellations(),
            **around,
        )
        self.call_follower = CallFollower(
            instances=self.instance_store,
            tasks=self.task_store,
            links=links,
            relatives=self.relatives,
            control=self.control,
        )
        self.bulk = BulkService(control=self.control, instances=self.instance_store, queue=self.jobs, clock=self.clock)
        self.message_store = DynamoDBMessages(self.table, 365)
        self.subscription_store = DynamoDBSubscriptions(self.table)
        self.correlation = Correlation(
            instances=self.instance_store,
            tasks=self.task_store,
            definitions=self.definition_store,
            messages=self.message_store,
            subscriptions=self.subscription_store,
            endings=self.endings,
            engine=self.engine,
            **around,
        )
        self.starts = EventStarts(
            starts=DynamoDBStarts(self.table),
            messages=self.message_store,
            instances=self.instance_store,
            definitions=self.definition_store,
            engine=self.engine,
            door=Door(book=self.slots, plan=self.plan),
            **around,
        )
        self.timers = StartTimers(
            schedules=DynamoDBSchedules(self.table),
            starts=self.starts,
            definitions=self.definition_store,
            clock=self.clock,
        )
        self.messages = MessageService(
            messages=self.message_store,
            subscriptions=self.subscription_store,
            correlation=self.correlation,
            starts=self.starts,
            clock=self.clock,
            ids=self.ids,
        )
        agents = DynamoDBAgents(self.table, 365)
        choice = AgentChoice(agents=agents)
        self.sweep = AssignmentSweep(
            agents=AgentService(agents=agents, clock=self.clock, ids=self.ids, pause=self.pause),
            tasks=self.tasks,
            choice=choice,
            walk=TaskWalk(tasks=self.tasks, bookmarks=DynamoDBBookmarks(self.table)),
        )
        self.dispatcher = TaskDispatcher(
            instances=self.instance_store,
            tasks=self.task_store,
            threads=self.thread_store,
            definitions=self.definition_store,
            engine=self.engine,
            factory=TaskFactory(
                directory=self.directory,
                expressions=value_of,
                choice=choice,
            ),
            correlation=self.correlation,
            **around,
        )
        self.threads = Threads(dispatcher=self.dispatcher)
        self.ad_hoc = AdHocActivities(threads=self.threads)
        self.thread_joins = ThreadJoins(threads=self.threads)
        self.keeper = Keeper(record=DynamoDBWrittenVariables(self.table), clock=self.clock)
        self.watches = Watches(threads=self.threads, keeper=self.keeper)
        self.escalations = TaskEscalationService(
            tasks=self.tasks, threads=self.thread_store, definitions=self.definition_store
        )
        self.escalator = Escalator(threads=self.threads, activities=self.escalations)
        self.signals = SignalService(
            subscriptions=self.subscription_store, correlation=self.correlation, starts=self.starts, ids=self.ids
        )
        self.thrower = Thrower(dispatcher=self.dispatcher, messages=self.messages, signals=self.signals)
        self.conditions = Conditions(
            instances=self.instance_store,
            tasks=self.task_store,
            watched=DynamoDBWatchedVariables(self.table),
            correlation=self.correlation,
            clock=self.clock,
            ids=self.ids,
        )
        self.interrupter = Interrupter(dispatcher=self.dispatcher, keeper=self.keeper)
        self.rounds = RoundCounter(dispatcher=self.dispatcher, rounds=DynamoDBRounds(self.table))
        self.compensator = Compensator(dispatcher=self.dispatcher, record=DynamoDBCompensations(self.table))
        self.call_service = CallService(
            dispatcher=self.dispatcher,
            definitions=DynamoDBCalledDefinitions(self.table),
            links=links,
            relatives=self.relatives,
        )
        self.watch = ExecutionWatch(
            instances=self.instance_store,
            tasks=self.task_store,
            threads=self.thread_store,
            engine=self.engine,
            bookmarks=DynamoDBBookmarks(self.table),
            calls=self.call_follower,
            **around,
        )

    def catalogue_of(self, instance: str) -> Any:
        head = self.instance_store.load(instance)
        return self.definition_store.load_catalogue(head.definition_id, head.definition_version)

    def defined(self, content: str = MODEL, *, name: str = "Order", version: str = "1.0.0", **more: Any) -> str:
        new = NewDefinition(name=name, version=version, content=content, **more)
        return self.definitions.create(more.pop("caller", ADA), new).id

    def published(self, content: str = MODEL, **more: Any) -> str:
        definition = self.defined(content, **more)
        self.definitions.publish(ADA, definition)
        return definition

    @cached_property
    def endings(self) -> ScopeEndings:
        return ScopeEndings(
            instances=self.instance_store,
            threads=self.thread_store,
            engine=self.engine,
            clock=self.clock,
            ids=self.ids,
        )

    def _cancellations(self) -> Cancellations:
        return Cancellations(
            endings=self.endings,
            definitions=self.definition_store,
            compensations=DynamoDBCompensations(self.table),
            written=DynamoDBWrittenVariables(self.table),
        )

    def created(self, definition: str | None = None, **more: Any) -> InstanceId:
        new = NewInstance(definition_id=definition or self.published(), **more)
        return self.instances.create(ADA, new).instance.id

    def started(self, definition: str | None = None, options: StartOptions | None = None, **more: Any) -> InstanceId:
        instance = self.created(definition, **more)
        self.instances.start(ADA, instance, options or StartOptions())
        return instance

    def call(self, instance: str, *, trail: tuple[str, ...] = (), scope: str = "", run: int = 1) -> Call:
        execution = instance if run == 1 else f"{instance}.{run}"
        return Call(
            instance_id=InstanceId(instance), thread="root", execution=execution, scope=scope, clock=0, trail=trail
        )

    def arrive(
        self,
        instance: str,
        element: str,
        *,
        token: str = "token-1",
        occurrence: int = 0,
        variables: dict[str, Any] | None = None,
        subscriptions: tuple[Subscription, ...] = (),
        **call: Any,
    ) -> str:
        """A token arrives at an element; the id of the task that waits there."""
        arrival = Arrival(
            element_id=element,
            occurrence=occurrence,
            token=token,
            input_data=variables or {},
            subscriptions=subscriptions,
        )
        self.dispatcher.activate(self.call(instance, **call), arrival)
        tasks = self.instance_store.load_open_work(instance).tasks
        return next((t.id for t in tasks if t.element_id == element and t.entry.occurrence == occurrence), "")

    def complete(self, task: str, **result: Any) -> Any:
        return self.tasks.complete(ADA, task, Completion(result_data=result))

    def publish_message(self, name: str, key: str | None = None, *, caller: Caller = ADA, **more: Any) -> Any:
        return self.messages.publish(caller, NewMessage(name=name, correlation_key=key, **more))

    def status(self, instance: str) -> Any:
        return self.instances.status(ADA, instance).instance

    def events(self, instance: str) -> list[dict[str, Any]]:
        return list(self.table.all(f"INSTANCE#{instance}", low="EVENT#", high="EVENT#~"))
