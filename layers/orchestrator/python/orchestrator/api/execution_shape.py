"""Answers of execution control, as the spec shapes them."""

from collections.abc import Sequence
from typing import Any, cast

from orchestrator.api.responses import stamp
from orchestrator.domain.instance import Instance, InstanceStatus
from orchestrator.domain.rejection import Rejection
from orchestrator.services.instances.instance_control import Steered
from orchestrator.services.queue.batches import BatchStanding, Refusal, StartedBatch
from orchestrator.services.queue.bulk import Outcome

Json = dict[str, Any]


def started_batch(started: StartedBatch, asked: Sequence[Any]) -> Json:
    """`POST /execution/batch-start`."""
    instances, refusals = started.instances.values(), started.refusals
    coming = {place: _coming(started, place) for place in started.coming}
    rows = {place: _started(instance) for place, instance in started.instances.items()} | coming
    return {
        "batch_id": started.batch.id,
        "started_workflows": [rows[place] for place in sorted(rows)],
        "failed_starts": [_refused(refusal, asked) for refusal in refusals],
        "execution_summary": {
            "total_requested": started.batch.total,
            "successfully_started": len(rows),
            "failed_to_start": len(refusals),
            "queued": len(coming) + sum(instance.status is InstanceStatus.QUEUED for instance in instances),
            "estimated_completion": stamp(started.estimated_completion),
        },
    }


def _started(instance: Instance) -> Json:
    return {
        "instance_id": instance.id,
        "instance_name": instance.name,
        "status": instance.status,
        "started_at": stamp(instance.started_at),
    }


def _coming(started: StartedBatch, place: int) -> Json:
    """An instance that appears within moments."""
    name = started.coming[place]
    row = {"instance_id": started.batch.member(place), "instance_name": name}
    return {**row, "status": InstanceStatus.QUEUED, "started_at": None}


def _refused(refusal: Refusal, asked: Sequence[Any]) -> Json:
    """A workflow that was not started, with the names that it was asked for by, where those are texts."""
    workflow: Any = asked[refusal.place]
    given = cast("Json", workflow) if isinstance(workflow, dict) else {}
    names = {name: given.get(name) for name in ("workflow_definition_id", "instance_name")}
    shown = {name: value if isinstance(value, str) else None for name, value in names.items()}
    return {"index": refusal.place, **shown, "error": error(refusal.rejection)}


def error(rejection: Rejection) -> Json:
    """Why one of many was refused."""
    return {"code": rejection.code, "message": rejection.message, "field": rejection.field}


def batch_standing(standing: BatchStanding) -> Json:
    """`GET /execution/batches/{id}`."""
    batch = standing.batch
    return {
        "batch_id": batch.id,
        "status": "ended" if standing.has_ended else "active",
        "cancelled_at": stamp(batch.cancelled_at),
        "created_at": stamp(batch.created_at),
        "created_by": batch.created_by,
        "priority": batch.priority,
        "max_concurrent": batch.max_concurrent,
        "failed_starts": [{"index": refusal.place, "error": error(refusal.rejection)} for refusal in batch.refusals],
        "execution_summary": {
            "total_requested": batch.total,
            "successfully_started": sum(standing.counts.values()),
            "failed_to_start": len(batch.refusals),
            "by_status": {status.value: number for status, number in standing.counts.items()},
            "estimated_completion": stamp(standing.estimated_completion),
        },
    }


def cancelled(outcome: Outcome) -> Json:
    """`POST /execution/batch-cancel`."""
    return {
        "cancelled_workflows": [
            {**_steered(steered), "cancelled_at": stamp(steered.after.completed_at)} for steered in outcome.done
        ],
        "failed_cancellations": _failed(outcome),
        "pending_cancellations": list(outcome.left),
        "execution_summary": {
            "total_requested": outcome.total,
            "successfully_cancelled": len(outcome.done),
            "failed_to_cancel": len(outcome.refused),
            "pending": len(outcome.left),
            "has_more": outcome.has_more,
        },
    }


def prioritised(outcome: Outcome) -> Json:
    """`POST /execution/priority`."""
    return {
        "updated_workflows": [
            {**_steered(steered), "previous_priority": steered.before.priority, "priority": steered.after.priority}
            for steered in outcome.done
        ],
        "failed_updates": _failed(outcome),
        "pending_updates": list(outcome.left),
        "execution_summary": {
            "total_requested": outcome.total,
            "successfully_updated": len(outcome.done),
            "failed_to_update": len(outcome.refused),
            "pending": len(outcome.left),
            "has_more": outcome.has_more,
        },
    }


def _steered(steered: Steered) -> Json:
    return {
        "instance_id": steered.after.id,
        "instance_name": steered.after.name,
        "status": steered.after.status,
        "previous_status": steered.before.status,
    }


def _failed(outcome: Outcome) -> list[Json]:
    return [{"instance_id": identity, "error": error(why)} for identity, why in outcome.refused.items()]
