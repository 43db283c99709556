"""Conditional events: a wait ends when its condition is true of what its token saw and of what has changed since.

The machine tells each change of a variable that a condition reads. A change is written before the waits are looked
for, a wait before the changes: so of the two that meet, one sees the other.
"""

from dataclasses import dataclass, replace

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import Instance
from orchestrator.domain.subscription import Subscription
from orchestrator.domain.task import UNANSWERED, Task
from orchestrator.ports.environment import Clock, Ids
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.messaging import WatchedVariables
from orchestrator.ports.tasks import TaskStore
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.definitions.modelled_texts import is_true
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.publications.correlation import Correlation, met, subscriber_of
from orchestrator.services.unit_of_work import decided, instance_transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Ends the waits whose conditions are true."""

    instances: InstanceStore
    tasks: TaskStore
    watched: WatchedVariables
    correlation: Correlation
    clock: Clock
    ids: Ids

    def changed(self, call: Call, element_id: str, occurrence: int, values: JsonObject) -> None:
        """An entry of an element has written variables; what a second run of the machine tells again is known."""
        if values:
            self.watched.note(call.instance_id, call.key(element_id, occurrence), values)
            self.look(call.instance_id)

    def look(self, instance_id: InstanceId) -> None:
        """End the waits of an instance whose conditions are true; repeatable.

        What changed something is looked at again: a condition that counts again from now on may be true by now.
        """
        while self._looked(instance_id):
            pass

    def _looked(self, instance_id: InstanceId) -> bool:
        work = self.instances.load_unanswered(instance_id)
        waiting = [(task, one) for task in work.tasks for one in task.subscriptions if one.is_condition]
        if not waiting:
            return False
        values = self.watched.values(instance_id)
        changed = [self._try(work.instance, task, subscription, values) for task, subscription in waiting]
        return any(changed)

    def _try(self, instance: Instance, task: Task, subscription: Subscription, values: JsonObject) -> bool:
        """Tell whether the wait changed: it is over, or its condition counts again."""
        changed = {name: values[name] for name in subscription.reads if name in values}
        seen: JsonObject = {**(subscription.seen or {}), **changed}
        holds = is_true(subscription.condition or "", subscription.language, seen, self.clock.now())
        if holds and not subscription.spent:
            return self.correlation.fire(subscriber_of(instance, task, subscription), met(subscription, seen))
        if not holds and subscription.spent:
            return decided(lambda: self._armed(task, subscription), self.correlation.pause)
        return False

    def _armed(self, wait: Task, subscription: Subscription) -> bool:
        """A condition is false after it was true: it counts again."""
        unit = self.tasks.load_unit(wait.instance_id, wait.id)
        before = unit.task
        if before is None or before.status not in UNANSWERED or subscription not in before.subscriptions:
            return False
        armed = replace(subscription, spent=False)
        others = tuple(armed if one == subscription else one for one in before.subscriptions)
        change = TaskTransition(before=before, after=replace(before, subscriptions=others))
        self.instances.commit(instance_transition(unit.instance, unit.instance, (), ids=self.ids, tasks=(change,)))
        return True
