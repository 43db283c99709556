"""The workload and utilization of agents against an independent recount of the tasks, for any history of these."""

from collections import Counter
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.adapters.dynamodb.agents import DynamoDBAgents
from orchestrator.adapters.dynamodb.webhooks import DynamoDBWebhooks
from orchestrator.domain.assignment import AgentType, Assignee
from orchestrator.domain.errors import Conflict
from orchestrator.domain.reassignment import Reassignment
from orchestrator.domain.resources.agent import AgentStatus
from orchestrator.domain.task_failure import Report
from orchestrator.services.resources.agents import AgentQuery, AgentService, NewAgent
from orchestrator.services.tasks.reassignment import ReassignmentService
from orchestrator.services.tasks.task_failures import TaskFailure
from tests.builders import ADA, Runtime
from tests.contract.dynamodb import fresh_table

AGENTS = {"ann": 1, "bob": 3}
STEPS = ("ann", "bob", "start", "complete", "retryable", "fatal", "retry", "withdraw", "hold", "resume", "terminate")
histories = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(STEPS)), max_size=18)


class Desk:
    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        store = DynamoDBAgents(runtime.table, 365)
        self.agents = AgentService(agents=store, clock=runtime.clock, ids=runtime.ids, pause=runtime.pause)
        for name, capacity in AGENTS.items():
            self.agents.register(
                ADA, NewAgent(id=name, agent_type=AgentType.HUMAN, name=name, max_concurrent_tasks=capacity)
            )
        webhooks = DynamoDBWebhooks(runtime.table, 365)
        self.moves = ReassignmentService(tasks=runtime.tasks, directory=runtime.directory, webhooks=webhooks)
        definition = runtime.published("userTask:a\n")
        self.instances = [runtime.started(definition) for _ in range(3)]
        self.tasks = [runtime.arrive(instance, "a", token=instance) for instance in self.instances]

    def take(self, place: int, step: str) -> None:
        runtime, task, instance = self.runtime, self.tasks[place], self.instances[place]
        with suppress(Conflict):
            if step in AGENTS:
                who = Assignee(agent_type=AgentType.HUMAN, agent_id=step)
                self.moves.reassign(ADA, task, Reassignment(assignee=who))
            elif step in {"hold", "resume", "terminate"}:
                getattr(runtime.control, step)(ADA, instance, None)
            elif step in {"retryable", "fatal"}:
                report = Report(code="E", message="it failed")
                runtime.failures.fail(ADA, task, TaskFailure(report=report, retryable=step == "retryable"))
            else:
                {
                    "start": lambda: runtime.tasks.start(ADA, task),
                    "complete": lambda: runtime.complete(task),
                    "retry": lambda: runtime.failures.retry(ADA, task, variables={}, reason=None),
                    "withdraw": lambda: runtime.failures.cancel(ADA, task, "not now"),
                }[step]()

    def recounted(self) -> dict[str, tuple[int, int]]:
        """Running and waiting tasks by agent, by reading the whole table: what no product code does."""
        items = self.runtime.table.client.scan(TableName="record")["Items"]
        tasks = [item for item in items if item["sk"]["S"].startswith("TASK#") and "assignment" in item]
        statuses = Counter(
            (item["assignment"]["M"]["assigned_to"]["M"]["agent_id"]["S"], item["status"]["S"])
            for item in tasks
            if "M" in item["assignment"]
        )
        return {
            name: (statuses[name, "running"], statuses[name, "assigned"] + statuses[name, "pending"]) for name in AGENTS
        }


@settings(max_examples=8, deadline=None)
@given(history=histories)
def test_the_workload_is_what_a_recount_finds(history: list[tuple[int, str]]) -> None:
    with fresh_table() as (table, calls):
        desk = Desk(Runtime(table, calls))
        for place, step in history:
            desk.take(place, step)
        recount, listed = desk.recounted(), desk.agents.list(AgentQuery())
        statuses = Counter(view.status for view in listed.agents)
        for view in listed.agents:
            load, (running, waiting) = view.current_workload, recount[view.agent_id]
            assert (load.active_tasks, load.queue_length) == (running, waiting)
            share = 100 * (running + waiting) / AGENTS[view.agent_id]
            assert load.utilization_percentage == min(100, round(share, 1))
            assert (view.status is AgentStatus.BUSY) == (running + waiting >= AGENTS[view.agent_id])
        assert (listed.summary.available_agents, listed.summary.busy_agents) == (
            statuses[AgentStatus.AVAILABLE],
            statuses[AgentStatus.BUSY],
        )


def test_the_recount_sees_tasks(runtime: Runtime) -> None:
    desk = Desk(runtime)
    for place, step in ((0, "ann"), (1, "bob"), (2, "bob"), (2, "start")):
        desk.take(place, step)
    assert desk.recounted() == {"ann": (0, 1), "bob": (1, 1)}
