"""Ad-hoc sub-processes whose activities are begun over the API (BPMN 10.3.5; docs/design-notes.md, section 14)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHoc:
    """What a group of threads knows of the ad-hoc sub-process that it belongs to.

    `choices` are the entries of the machine by the activity that begins there. It is `closed` when nothing more may
    begin, and `cut` when it has ended without waiting for what ran. Without `condition` somebody says when it is done.
    """

    element_id: str
    choices: Mapping[str, str]
    sequential: bool = False
    cancel_remaining: bool = True
    condition: str | None = None
    language: str | None = None
    begun: Mapping[str, int] = field(default_factory=dict[str, int])
    completed: Mapping[str, int] = field(default_factory=dict[str, int])
    closed: bool = False
    cut: bool = False

    def activity_at(self, entry: str) -> str | None:
        """The activity that begins at an entry of the machine."""
        return next((activity for activity, at in self.choices.items() if at == entry), None)

    def with_begun(self, activity: str) -> "AdHoc":
        """One more of its activities has begun."""
        return replace(self, begun=_counted(self.begun, activity))

    def with_completed(self, activity: str) -> "AdHoc":
        """One more of its activities has come to its end."""
        return replace(self, completed=_counted(self.completed, activity))

    def ended(self, *, cut: bool) -> "AdHoc":
        """It begins nothing more; `cut`: what runs is not waited for."""
        return replace(self, closed=True, cut=cut)


def _counted(counts: Mapping[str, int], activity: str) -> dict[str, int]:
    return {**counts, activity: counts.get(activity, 0) + 1}
