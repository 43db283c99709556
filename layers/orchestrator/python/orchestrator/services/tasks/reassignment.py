"""Use case: a task is given to another performer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orchestrator.domain.assignment import AgentType
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.reassignment import Reassignment, reassigned
from orchestrator.domain.resources.service import assignee_of
from orchestrator.domain.task import Task
from orchestrator.domain.webhooks.webhook import Webhook
from orchestrator.ports.directory import Directory
from orchestrator.ports.events import WebhookStore
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.events.notices import Notice, notices
from orchestrator.services.tasks.tasks import TaskService
from orchestrator.services.unit_of_work import decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned:
    """A task that has changed hands; `notices` are on their way."""

    before: Task
    after: Task
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignmentService:
    """Moves tasks from one performer to another."""

    tasks: TaskService
    directory: Directory
    webhooks: WebhookStore

    def reassign(self, caller: Caller, task_id: str, given: Reassignment) -> Reassigned:
        """The task before and after, and who is told.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it is failed or closed (details: `task_id`).
            InvalidRequest: a service that is not registered.
        """
        webhooks = self.webhooks.all()
        return decided(lambda: self._reassigned(caller, task_id, given, webhooks), self.tasks.pause)

    def _reassigned(self, caller: Caller, task_id: str, given: Reassignment, webhooks: Sequence[Webhook]) -> Reassigned:
        unit, before = self.tasks.workable(caller, task_id)
        known = self._known(given)
        after, happenings = reassigned(before, known, actor=caller.subject, at=self.tasks.clock.now())
        self.tasks.commit(unit, TaskTransition(before=before, after=after, token=unit.token), happenings)
        return Reassigned(before=before, after=after, notices=notices(happenings, unit.instance.subject, webhooks))

    def _known(self, given: Reassignment) -> Reassignment:
        """The reassignment with the endpoint of its service."""
        name = given.assignee.service_name
        if given.assignee.agent_type is not AgentType.SERVICE or name is None:
            return given
        service = self.directory.service(name)
        if service is None:
            raise InvalidRequest("new_assignment.service_name", "no service of this name is registered")
        return replace(given, assignee=assignee_of(service))
