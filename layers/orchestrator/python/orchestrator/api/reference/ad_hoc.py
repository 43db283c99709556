"""Reference of ad-hoc sub-processes (additions to the spec)."""

from typing import Final, Literal

from orchestrator.api.reference.operation import Operation, Operations
from orchestrator.api.reference.shapes import Count, Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.ad_hoc import ActivateActivities, CompleteAdHoc


class AdHocActivity(Shape):
    """An activity that can be begun, and how often it was; what was cancelled is neither running nor completed."""

    element_id: str
    element_name: str | None
    element_type: str
    begun: Count
    running: Count
    completed: Count


class AdHocSubProcess(Shape):
    """An ad-hoc sub-process as it stands.

    `scope` tells apart those of one id. It ends by itself when the condition is true after an activity has ended
    (null: by the command only); `cancel_remaining` tells whether that ends the activities that still run.
    """

    element_id: str
    element_name: str | None
    scope: str
    since: Timestamp
    accepts_activities: bool
    ordering: Literal["parallel", "sequential"]
    completion_condition: str | None
    cancel_remaining: bool
    activities: list[AdHocActivity]


class AdHocSubProcesses(Shape):
    """The open ad-hoc sub-processes of an instance, oldest first."""

    workflow_instance_id: str
    ad_hoc_sub_processes: list[AdHocSubProcess]


_PATH: Final = "/workflow-instances/{id}/ad-hoc-activities"

OPERATIONS: Final[Operations] = {
    ("GET", _PATH): Operation(
        description="The open ad-hoc sub-processes whose activities somebody begins, and what can be begun.",
        answer=AdHocSubProcesses,
    ),
    ("POST", f"{_PATH}/{{element_id}}/activate"): Operation(
        description="Begins activities of an ad-hoc sub-process, each as often as it is named, all or none. They see "
        "the variables, what activities wrote that have ended, and the `variables` given here, which stay theirs. "
        "With `cancel_remaining` what runs is cancelled first. `scope` is needed where several of one id are open.",
        body=ActivateActivities,
        answer=AdHocSubProcess,
        errors=(409, 413),
    ),
    ("POST", f"{_PATH}/{{element_id}}/complete"): Operation(
        description="Ends an ad-hoc sub-process, whatever its condition says. While activities run it is refused, "
        "unless `cancel_remaining` is true: then they are cancelled.",
        body=CompleteAdHoc,
        answer=AdHocSubProcess,
        errors=(409,),
    ),
}
