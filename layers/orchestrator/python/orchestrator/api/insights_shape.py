"""Figures on the wire: dataclasses become objects of the same names, times are stamped."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from orchestrator.api.responses import stamp
from orchestrator.services.insights.activity import ActiveWorkflow, ActiveWorkflows


def shaped(value: Any) -> Any:
    """JSON of a value."""
    match value:
        case StrEnum():
            return value.value
        case datetime():
            return stamp(value)
        case Mapping():
            mapping = cast("Mapping[str, Any]", value)
            return {str(key): shaped(each) for key, each in mapping.items()}
        case list() | tuple():
            return [shaped(each) for each in cast("tuple[Any, ...]", value)]
        case _ if is_dataclass(value):
            return {field.name: shaped(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def active_workflows(active: ActiveWorkflows) -> dict[str, Any]:
    """`GET /monitoring/active-workflows`."""
    return {
        "timestamp": stamp(active.at),
        "active_workflows": [_active(workflow) for workflow in active.workflows],
        "summary": {
            "total": active.total,
            "shown": len(active.workflows),
            "by_status": shaped(active.by_status),
            "total_is_exact": active.total_is_exact,
        },
    }


def _active(workflow: ActiveWorkflow) -> dict[str, Any]:
    instance = workflow.instance
    progress = instance.progress
    return {
        "id": instance.id,
        "workflow_definition_id": instance.definition_id,
        "definition_version": str(instance.definition_version),
        "instance_name": instance.name,
        "status": instance.status.value,
        "priority": instance.priority.value,
        "created_at": stamp(instance.created_at),
        "started_at": stamp(instance.started_at),
        "running_time": workflow.running_time,
        "progress": {
            "total_tasks": progress.total,
            "completed_tasks": progress.completed,
            "failed_tasks": progress.failed,
            "running_tasks": progress.running,
            "pending_tasks": progress.pending,
            "progress_percentage": progress.percentage,
        },
        "failure_reason": instance.failure.reason if instance.failure else None,
    }
