"""Execution control (spec section 4)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from orchestrator.api.app import App
from orchestrator.api.bodies import validated
from orchestrator.api.confinement import require_everything
from orchestrator.api.endpoints import Group
from orchestrator.api.execution_shape import batch_standing, cancelled, prioritised, started_batch
from orchestrator.api.insights_shape import shaped
from orchestrator.api.new_instances import new_instance
from orchestrator.api.parameters import DEFAULT_LIMIT, LARGEST_LIMIT, Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, ok
from orchestrator.api.schemas.execution import BatchCancel, BatchStart, CancelFilter, SetPriority
from orchestrator.api.schemas.instances import CreateInstance
from orchestrator.bootstrap.admission import batch_service, bulk_service, queue_status_service
from orchestrator.domain.bulk import Action, Steering
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.ports.instances import InstanceQuery
from orchestrator.services.queue.batches import Asked, NewBatch
from orchestrator.services.queue.bulk import Selection

handler = App(Group.EXECUTION)


@handler.route("POST", "/execution/batch-start")
def batch_start(request: Request) -> Response:
    """Start many workflows; each that cannot be started says why."""
    body = request.body(BatchStart)
    options = body.execution_options
    new = NewBatch(
        id=options.batch_id,
        workflows=tuple(_asked(place, workflow) for place, workflow in enumerate(body.workflows)),
        fingerprint=_fingerprint(request.caller, body),
        priority=Priority(options.priority) if options.priority else None,
        max_concurrent=options.max_concurrent if options.parallel_execution else 1,
    )
    return ok(started_batch(batch_service().start(request.caller, new), body.workflows))


@handler.route("GET", "/execution/batches/{id}")
def get_batch(request: Request) -> Response:
    """How a batch stands."""
    Parameters(request.query()).done()
    return ok(batch_standing(batch_service().get(request.caller, request.id)))


@handler.route("POST", "/execution/batch-cancel")
def batch_cancel(request: Request) -> Response:
    """Cancel instances by their ids, by their batch, or by a filter."""
    body = request.body(BatchCancel)
    if body.workflow_instance_ids is not None:
        selection = Selection(tuple(InstanceId(identity) for identity in body.workflow_instance_ids))
    else:
        selection = bulk_service().select(request.caller, _chosen(request.caller, body))
    steering = Steering(action=Action.CANCEL, reason=body.reason)
    return ok(cancelled(bulk_service().steer(request.caller, selection, steering)))


@handler.route("GET", "/execution/queue-status")
def get_queue_status(request: Request) -> Response:
    """How the queue stands; its places as asked for."""
    parameters = Parameters(request.query())
    include_details = parameters.flag("include_details", default=False)
    limit = parameters.number("limit", default=DEFAULT_LIMIT, least=1, most=LARGEST_LIMIT)
    parameters.done()
    require_everything(request.caller)
    return ok(shaped(queue_status_service().status(places=limit if include_details else 0)))


@handler.route("POST", "/execution/priority")
def set_priority(request: Request) -> Response:
    """Another priority for instances, or for all of a batch that have not ended."""
    body = request.body(SetPriority)
    priority = Priority(body.priority)
    if body.batch_id is not None:
        batch_service().prioritise(request.caller, body.batch_id, priority)
        selection = bulk_service().select(request.caller, InstanceQuery(batch_id=body.batch_id))
    else:
        selection = Selection(tuple(InstanceId(identity) for identity in body.workflow_instance_ids or ()))
    steering = Steering(action=Action.PRIORITISE, priority=priority, reason=body.reason)
    outcome = bulk_service().steer(request.caller, selection, steering)
    return ok({"priority": priority, "batch_id": body.batch_id, **prioritised(outcome)})


def _asked(place: int, workflow: Any) -> Asked:
    """What a workflow asks for, or what is wrong with it."""
    path = f"workflows.{place}"
    if not isinstance(workflow, dict):
        return InvalidRequest(path, "must be a JSON object")
    try:
        return new_instance(validated(workflow, CreateInstance))
    except InvalidRequest as error:
        return InvalidRequest(f"{path}.{error.field}", error.reason)


def _fingerprint(caller: Caller, body: BatchStart) -> str:
    """The same for the same request of the same caller."""
    text = json.dumps([caller.subject, body.model_dump()], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _chosen(caller: Caller, body: BatchCancel) -> InstanceQuery:
    """What a batch or a filter chooses; a batch is cancelled as a whole: what is not there yet never will be."""
    if body.filter is not None:
        return _query(body.filter)
    batch_service().cancel(caller, body.batch_id or "")
    return InstanceQuery(batch_id=body.batch_id)


def _query(wanted: CancelFilter) -> InstanceQuery:
    return InstanceQuery(
        status=InstanceStatus(wanted.status) if wanted.status else None,
        definition_id=wanted.workflow_definition_id,
        priority=Priority(wanted.priority) if wanted.priority else None,
        project_id=wanted.project_id,
        created_by=wanted.created_by,
        business_key=wanted.business_key,
        batch_id=wanted.batch_id,
        created_after=_utc(wanted.created_after),
        created_before=_utc(wanted.created_before),
    )


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
