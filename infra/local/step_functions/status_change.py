"""The event that Step Functions sends to EventBridge for every status of an execution.

Source: Step Functions developer guide, "Automating with EventBridge: Step Functions Execution Status Change".
"""

from typing import Any

from infra.local.step_functions.executions import Execution

#: events carry at most this much of an input or output (characters); beyond, it is left out
_LARGEST_DATA = 248 * 1024


def status_change(execution: Execution) -> dict[str, Any]:
    """The event's `detail`; times are epoch milliseconds."""
    return {
        "executionArn": execution.arn,
        "stateMachineArn": execution.machine_arn,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "name": execution.name,
        "status": execution.status.value,
        "startDate": int(execution.started * 1000),
        "stopDate": None if execution.stopped is None else int(execution.stopped * 1000),
        **_data("input", execution.input),
        **_data("output", execution.output),
        "error": execution.error,
        "cause": execution.cause,
        "redriveCount": 0,
        "redriveDate": None,
    }


def _data(name: str, value: str | None) -> dict[str, Any]:
    if value is None:
        return {name: None, f"{name}Details": None}
    included = len(value) <= _LARGEST_DATA
    return {name: value if included else None, f"{name}Details": {"included": included}}
