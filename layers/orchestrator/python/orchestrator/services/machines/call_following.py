"""Called instances follow their call activities: one that was left, however that came about, is cancelled."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, NotFound
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import Instance, Parent
from orchestrator.domain.task import UNANSWERED, Task
from orchestrator.ports.activities import CallLinks, Relatives
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.tasks import TaskStore
from orchestrator.services.instances.instance_control import InstanceControlService

_REASON: Final = "the call activity was left"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFollower:
    """Ends instances whose call activity was left, and repairs what a crash left out between caller and called."""

    instances: InstanceStore
    tasks: TaskStore
    links: CallLinks
    relatives: Relatives
    control: InstanceControlService

    def follow(self, instance_id: InstanceId) -> None:
        """Cancel the instances of calls that were interrupted, or withdrawn with their scope."""
        for link in self.links.of(instance_id):
            entry = self.tasks.load_unit(instance_id, link.task_id).task
            if entry is not None and entry.status not in UNANSWERED:
                self._cancel(link.instance_id)
                self.links.remove(instance_id, link)

    def compare(self, instance: Instance) -> None:
        """Compare a live instance with its caller, and with those that it called."""
        if instance.parent is not None:
            entry = self._entry(instance.parent)
            if entry is None or entry.status not in UNANSWERED:
                self._cancel(instance.id)
        for called in self.relatives.called_by(instance.id):
            with suppress(NotFound):
                self.relatives.ended(self.instances.load(called))
        self.follow(instance.id)

    def _entry(self, parent: Parent) -> Task | None:
        with suppress(NotFound):
            return self.tasks.load_unit(parent.instance_id, parent.task_id).task
        return None

    def _cancel(self, called: InstanceId) -> None:
        with suppress(NotFound, Conflict):
            self.control.cancel(Caller(subject="system"), called, _REASON, compensate=False)
