"""Brings assignments up to date from time to time: silent agents, tasks of agents that are away, tasks of nobody."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from orchestrator.domain.assignment import Assignment
from orchestrator.domain.errors import Conflict, NotFound
from orchestrator.domain.reassignment import Reassignment, reassigned
from orchestrator.domain.resources.agent import Agent, AgentStatus
from orchestrator.domain.resources.choice import Requirements
from orchestrator.domain.task import Task, TaskStatus
from orchestrator.domain.task_lifecycle import assigned
from orchestrator.ports.tasks import TaskQuery
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.resources.agents import AgentService
from orchestrator.services.tasks.assignment import AgentChoice
from orchestrator.services.tasks.task_walk import SYSTEM, TaskWalk
from orchestrator.services.tasks.tasks import TaskService
from orchestrator.services.unit_of_work import decided


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentSweep:
    """One round over agents and pending tasks; what time does not allow is left to the next, which goes on there."""

    agents: AgentService
    tasks: TaskService
    choice: AgentChoice
    walk: TaskWalk

    def run(self, has_time: Callable[[], bool]) -> int:
        """How many tasks got a performer."""
        moved = 0
        away = tuple(self._away())
        workloads = self.agents.agents.workloads([agent.id for agent in away])
        for agent in away:
            owed = workloads[agent.id].open_tasks
            query = TaskQuery(assignee=agent.id)
            for task in self.walk.open(f"away-{agent.id}", query, has_time, most=owed) if owed else ():
                moved += self._taken_over(task, agent)
        for task in self.walk.open("unassigned", TaskQuery(status=TaskStatus.PENDING), has_time):
            moved += bool(task.capabilities) and task.assignment is None and self._given(task)
        return moved

    def _away(self) -> Iterator[Agent]:
        """Agents that reported offline, or have not been heard of: those are noted as offline."""
        now = self.agents.clock.now()
        for agent in self.agents.agents.all():
            if agent.is_silent(now) and agent.status is not AgentStatus.OFFLINE:
                with suppress(NotFound):
                    self.agents.missed(SYSTEM, agent.id)
            if agent.is_silent(now) or agent.status is AgentStatus.OFFLINE:
                yield agent

    def _taken_over(self, task: Task, agent: Agent) -> bool:
        now = self.agents.clock.now()
        found = self.choice.fallback(agent, now)
        if found is None and task.capabilities:
            found = self.choice.by_capability(requirements(task), now)
        return found is not None and self._commit(task, found)

    def _given(self, task: Task) -> bool:
        found = self.choice.by_capability(requirements(task), self.agents.clock.now())
        return found is not None and self._commit(task, found)

    def _commit(self, seen: Task, found: Assignment) -> bool:
        """False: the task has changed since it was read."""

        def commit() -> bool:
            unit, before = self.tasks.workable(SYSTEM, seen.id)
            if before.held or not before.is_open or before.assignment != seen.assignment:
                return False
            if before.assignment is None:
                after, happenings = assigned(before, found)
            else:
                given = Reassignment(
                    assignee=found.assigned_to, reason="The agent is away", method=found.assignment_method
                )
                after, happenings = reassigned(before, given, actor=SYSTEM.subject, at=found.assigned_at)
            self.tasks.commit(unit, TaskTransition(before=before, after=after, token=unit.token), happenings)
            return True

        with suppress(NotFound, Conflict):
            return decided(commit, self.tasks.pause)
        return False


def requirements(task: Task) -> Requirements:
    """What a task asks of who does it; the group that stands for its lane is no requirement."""
    groups = () if task.candidate_groups == (task.lane,) else task.candidate_groups
    return Requirements(capabilities=task.capabilities, groups=groups, users=task.candidate_users)
