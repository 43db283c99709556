"""Ad-hoc sub-processes (additions to the spec), served by the function of the instances."""

from typing import Any

from orchestrator.api.parameters import Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, ok, stamp
from orchestrator.api.routes.instances import handler
from orchestrator.api.schemas.ad_hoc import ActivateActivities, CompleteAdHoc
from orchestrator.bootstrap.machines import ad_hoc_activities
from orchestrator.services.machines.ad_hoc import Activity, Chosen, Named, OpenAdHoc

__all__ = ["handler"]


@handler.route("GET", "/workflow-instances/{id}/ad-hoc-activities")
def list_ad_hoc(request: Request) -> Response:
    """The open ad-hoc sub-processes of an instance, and what can be begun in them."""
    Parameters(request.query()).done()
    found = ad_hoc_activities().open_in(request.caller, request.id)
    return ok({"workflow_instance_id": request.id, "ad_hoc_sub_processes": [_shape(one) for one in found]})


@handler.route("POST", "/workflow-instances/{id}/ad-hoc-activities/{element_id}/activate")
def activate(request: Request) -> Response:
    """Begin activities."""
    body = request.body(ActivateActivities)
    chosen = tuple(Chosen(element_id=one.element_id, variables=one.variables) for one in body.elements)
    named = _named(request, body.scope)
    begun = ad_hoc_activities().begin(request.caller, named, chosen, cancel_remaining=body.cancel_remaining)
    return ok(_shape(begun))


@handler.route("POST", "/workflow-instances/{id}/ad-hoc-activities/{element_id}/complete")
def complete(request: Request) -> Response:
    """End it."""
    body = request.body(CompleteAdHoc)
    named = _named(request, body.scope)
    return ok(_shape(ad_hoc_activities().complete(request.caller, named, cancel_remaining=body.cancel_remaining)))


def _named(request: Request, scope: str | None) -> Named:
    element_id: str = request.event["pathParameters"]["element_id"]
    return Named(instance_id=request.id, element_id=element_id, scope=scope)


def _shape(found: OpenAdHoc) -> dict[str, Any]:
    ad_hoc = found.ad_hoc
    return {
        "element_id": found.element.id,
        "element_name": found.element.name,
        "scope": found.wait.entry.scope,
        "since": stamp(found.wait.created_at),
        "accepts_activities": not ad_hoc.closed,
        "ordering": "sequential" if ad_hoc.sequential else "parallel",
        "completion_condition": ad_hoc.condition,
        "cancel_remaining": ad_hoc.cancel_remaining,
        "activities": [_activity(one) for one in found.activities],
    }


def _activity(activity: Activity) -> dict[str, Any]:
    return {
        "element_id": activity.element.id,
        "element_name": activity.element.name,
        "element_type": activity.element.type,
        "begun": activity.begun,
        "running": activity.running,
        "completed": activity.completed,
    }
