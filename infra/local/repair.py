"""After a start: the engine lost its running executions, and the product rebuilds them from its record.

On AWS the same rule fires by its schedule; here it is fired once, right away.
"""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import boto3

from infra.local.settings import LocalSettings

Json = dict[str, Any]
_REPAIRER = "execution-watch"


def repair(settings: LocalSettings) -> str | None:
    """Invoke what the repair schedule invokes, as EventBridge does it; the function's name, None without one."""
    client: Any = boto3.client("lambda", endpoint_url=settings.aws_endpoint)
    events: Any = boto3.client("events", endpoint_url=settings.aws_endpoint)
    for rule in events.list_rules()["Rules"]:
        if not rule.get("ScheduleExpression") or rule.get("State") != "ENABLED":
            continue
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            name = target["Arn"].rpartition(":function:")[2]
            if _REPAIRER in name:
                event = scheduled_event(rule["Arn"])
                client.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(event))
                return name
    return None


def scheduled_event(rule_arn: str) -> Json:
    """The event that a scheduled rule sends (EventBridge user guide, "Scheduled Event")."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule_arn.split(":")[4],
        "time": f"{datetime.now(tz=UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": rule_arn.split(":")[3],
        "resources": [rule_arn],
        "detail": {},
    }
