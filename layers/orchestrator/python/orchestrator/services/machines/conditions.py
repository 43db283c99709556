"""Conditional events: a wait ends when its condition is true of what its token saw and of what has changed since.

The machine tells each change of a variable that a condition reads. A change is written before the waits are looked
for, a wait before the changes: so of the two that meet, one sees the other.
"""

from dataclasses import dataclass

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import Instance
from orchestrator.domain.subscription import Subscription, SubscriptionKind
from orchestrator.domain.task import Task
from orchestrator.ports.environment import Clock
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.messaging import WatchedVariables
from orchestrator.services.definitions.modelled_texts import is_true
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.publications.correlation import Correlation, met, subscriber_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Ends the waits whose conditions are true."""

    instances: InstanceStore
    watched: WatchedVariables
    correlation: Correlation
    clock: Clock

    def changed(self, call: Call, element_id: str, occurrence: int, values: JsonObject) -> None:
        """An entry of an element has written variables; what a second run of the machine tells again is known."""
        if values:
            self.watched.note(call.instance_id, call.key(element_id, occurrence), values)
            self.look(call.instance_id)

    def look(self, instance_id: InstanceId) -> None:
        """End the waits of an instance whose conditions are true; repeatable."""
        work = self.instances.load_unanswered(instance_id)
        waiting = [(task, one) for task in work.tasks for one in task.subscriptions if _is_condition(one)]
        if not waiting:
            return
        values = self.watched.values(instance_id)
        for task, subscription in waiting:
            self._try(work.instance, task, subscription, values)

    def _try(self, instance: Instance, task: Task, subscription: Subscription, values: JsonObject) -> None:
        changed = {name: values[name] for name in subscription.reads if name in values}
        seen: JsonObject = {**(subscription.seen or {}), **changed}
        if is_true(subscription.condition or "", subscription.language, seen, self.clock.now()):
            self.correlation.fire(subscriber_of(instance, task, subscription), met(subscription, seen))


def _is_condition(subscription: Subscription) -> bool:
    return subscription.kind is SubscriptionKind.CONDITIONAL
