"""Events, webhooks and deliveries on the wire (spec section 6)."""

import json
from typing import Any

from orchestrator.api.responses import stamp
from orchestrator.domain.cloud_event import SOURCE
from orchestrator.domain.events import Event
from orchestrator.domain.webhooks.delivery import Attempt, Delivery
from orchestrator.domain.webhooks.webhook import Stats, Webhook, configuration


def event_shape(event: Event) -> dict[str, Any]:
    """One event of the log."""
    about = event.subject
    return {
        "id": event.id,
        "workflow_instance_id": about.instance_id,
        "workflow_definition_id": about.definition_id,
        "event_type": event.type,
        "timestamp": stamp(event.timestamp),
        "sequence": event.sequence,
        "source": {
            "component": SOURCE,
            "task_id": event.task_id,
            "element_id": event.element_id,
            "element_type": event.element_type,
            "actor": event.actor,
        },
        "data": dict(event.data),
        "correlation_id": about.correlation_id,
        "metadata": {"user_id": about.user_id, "project_id": about.project_id},
    }


def webhook_shape(webhook: Webhook, stats: Stats) -> dict[str, Any]:
    """A webhook, without its secrets."""
    policy = webhook.retry_policy
    return {
        "webhook_id": webhook.id,
        "url": webhook.url,
        "description": webhook.description,
        "status": webhook.status,
        "disabled_reason": webhook.disabled_reason,
        "disabled_at": stamp(webhook.disabled_at),
        "created_at": stamp(webhook.created_at),
        "updated_at": stamp(webhook.updated_at),
        "created_by": webhook.created_by,
        "last_triggered": stamp(stats.last_triggered),
        "delivery_stats": {
            "total_deliveries": stats.total,
            "successful_deliveries": stats.successful,
            "failed_deliveries": stats.failed,
            "success_rate": stats.success_rate,
            "total_attempts": stats.attempts,
        },
        "configuration": {
            **configuration(webhook),
            "authentication": {"auth_type": webhook.auth_type},
            "retry_policy": {"max_retries": policy.max_retries, "backoff_strategy": policy.backoff_strategy},
        },
    }


def delivery_head(delivery: Delivery) -> dict[str, Any]:
    """A delivery as lists show it."""
    return {
        "webhook_id": delivery.webhook_id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "status": delivery.status,
        "error": delivery.error,
        "created_at": stamp(delivery.created_at),
        "concluded_at": stamp(delivery.concluded_at),
        "next_attempt_at": stamp(delivery.next_attempt_at),
        "attempt_count": delivery.made,
        "round": delivery.round,
        "attempts": [_attempt(attempt) for attempt in delivery.attempts],
    }


def delivery_shape(delivery: Delivery) -> dict[str, Any]:
    """A delivery with the body of its requests."""
    return {**delivery_head(delivery), "request_body": json.loads(delivery.payload)}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    answer = attempt.answer
    return {
        "number": attempt.number,
        "at": stamp(attempt.at),
        "url": attempt.url,
        "duration_ms": answer.duration_ms,
        "response": {"status_code": answer.status_code, "body": answer.body} if answer.status_code else None,
        "error": answer.error,
        "error_detail": answer.detail,
    }
