"""When ad-hoc sub-processes are done whose activities are begun over the API (docs/design-notes.md, section 14)."""

from datetime import datetime
from typing import Final

from orchestrator.domain.ad_hoc import AdHoc
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.instance import Instance
from orchestrator.services.definitions.modelled_texts import is_true
from orchestrator.services.machines.dispatch import TaskDispatcher

CONDITION: Final = "completion condition"
COMMAND: Final = "command"


def with_left(ad_hoc: AdHoc, entry: str, seen: JsonObject, *, live: int, at: datetime) -> AdHoc:
    """The sub-process after the activity that began at `entry` has ended, and so many others are `live`.

    `seen` are its variables with what all activities wrote that have ended.
    """
    activity = ad_hoc.activity_at(entry)
    after = ad_hoc if activity is None else ad_hoc.with_completed(activity)
    if after.closed or after.condition is None or not is_true(after.condition, after.language, seen, at):
        return after
    return after.ended(cut=after.cancel_remaining and live > 0)


def completion(
    runtime: TaskDispatcher, instance: Instance, ad_hoc: AdHoc, *, reason: str, actor: str | None = None
) -> Happening:
    """What is told of its end; `actor` is who said so."""
    element = runtime.element(instance, ad_hoc.element_id)
    return Happening(
        type=EventType.AD_HOC_COMPLETED,
        at=runtime.clock.now(),
        data={"element_name": element.name, "reason": reason},
        element_id=element.id,
        element_type=element.type,
        actor=actor,
    )
