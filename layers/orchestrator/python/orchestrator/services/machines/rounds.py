"""Rounds of an activity that is repeated all at once, and whose completion condition may end the rest early.

The record decides: a round counts when it was noted before the repetition was concluded. A second run of the
machine meets the same numbers, so the same round is enough, and concludes with the same results.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from orchestrator.domain import task_lifecycle
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.task import Task
from orchestrator.ports.activities import Repetition, RoundStore
from orchestrator.services.machines.dispatch import Call, TaskDispatcher
from orchestrator.services.unit_of_work import decided

REASON: Final = "completion condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCounter:
    """Counts rounds, and withdraws those that are not needed any more."""

    dispatcher: TaskDispatcher
    rounds: RoundStore

    def ended(self, call: Call, result: JsonObject, *, merge: bool = False) -> dict[str, Any]:
        """A round has ended: `{"completed": its number, "closed": false}`, or closed when it came too late.

        With `merge` also `changes`: what all rounds wrote that had ended by then, later ones win.
        """
        scope, _, index = call.scope.removesuffix("]").rpartition("[")
        repetition = _repetition(call, scope)
        number = decided(lambda: self.rounds.note(repetition, int(index), result), self.dispatcher.pause)
        answer: dict[str, Any] = {"completed": number, "closed": number is None}
        if merge and number is not None:
            ended = self.rounds.until(repetition, number)
            answer["changes"] = {name: value for one in ended for name, value in one["changes"].items()}
        return answer

    def concluded(self, call: Call, element_id: str) -> dict[str, Any]:
        """Enough rounds have ended: `{"rounds": their results in order}`; what is open in the others is withdrawn."""
        repetition = _repetition(call, call.scope)
        self.rounds.close(repetition)
        decided(lambda: self._withdrawn(call, element_id), self.dispatcher.pause)
        return {"rounds": self.rounds.results(repetition)}

    def _withdrawn(self, call: Call, element_id: str) -> None:
        runtime, at = self.dispatcher, self.dispatcher.clock.now()
        work = runtime.instances.load_unanswered(call.instance_id)
        inside = [task for task in work.tasks if _is_in_round(task, call)]

        if inside:
            closing = partial(task_lifecycle.interrupted, handler_id=element_id, reason=REASON, at=at)
            runtime.withdrawal.close(work.instance, inside, closing, at=at)


def _repetition(call: Call, scope: str) -> Repetition:
    return Repetition(instance_id=call.instance_id, thread=call.thread, scope=scope)


def _is_in_round(task: Task, call: Call) -> bool:
    return task.entry.thread == call.thread and task.entry.scope.startswith(f"{call.scope}[")
